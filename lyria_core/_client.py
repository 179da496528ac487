"""The client of the gateway."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self
from urllib.parse import urlsplit

from lyria_core._addresses import is_loopback, is_loopback_host, is_public
from lyria_core._catalogue import LIVE_BASE_URL, MODELS, model_of_request_id
from lyria_core._download import Downloader, Limits
from lyria_core._errors import (
    AuthenticationError,
    DownloadFailed,
    InvalidRequest,
    JobFailed,
    LyriaError,
    RateLimited,
    StatusUnavailable,
    WaitTimeout,
)
from lyria_core._job import Job, Status, checked_request_id, status_path
from lyria_core._outcome import pause_before_resend, status_outcome, submit_outcome
from lyria_core._polling import next_look
from lyria_core._redact import Redactor
from lyria_core._request import MusicRequest
from lyria_core._webhook import Webhook
from lyria_core._wire import Resolve, Wire, resolve_by_system

_KEY_HEADER = "Ocp-Apim-Subscription-Key"
_USER_AGENT = "lyria-core"
_LARGEST_ANSWER = 1024 * 1024
_MOST_REMEMBERED = 4096
_MOST_RECENT = 20


class LyriaClient:
    """Talks to one gateway with one key. Safe to use from many threads.

    Args:
        api_key: The key; it goes to the gateway's own address only and is shown nowhere.
        base_url: The gateway; https, or http on loopback. May have a path.
        connect_timeout: Seconds for a connection to stand.
        submit_timeout: Seconds for one submit altogether.
        status_timeout: Seconds for one look altogether.
        proxy: Address of an HTTP proxy for https, or ``None``. Proxy variables of the environment
            and ``.netrc`` are not read.
        ca_bundle: File of certificate authorities to trust instead of the usual ones.
        clock: Monotonic time in seconds.
        sleep: Waits some seconds.
        now: The time of day (aware).
        rng: Source of jitter.
        resolve: From host and port to IP addresses.

    Raises:
        AuthenticationError: If the key is empty or cannot be sent. Nothing was sent.
        InvalidRequest: If the address is not one that a key may be sent to. Nothing was sent.
    """

    def __init__(
        self,
        api_key: str,
        base_url: str = LIVE_BASE_URL,
        *,
        connect_timeout: float = 10.0,
        submit_timeout: float = 60.0,
        status_timeout: float = 20.0,
        proxy: str | None = None,
        ca_bundle: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        rng: random.Random | None = None,
        resolve: Resolve = resolve_by_system,
    ) -> None:
        self._key = _checked_key(api_key)
        self.base_url = _checked_base_url(base_url)
        host = urlsplit(self.base_url).hostname or ""
        self._local = is_loopback_host(host)
        self._submit_timeout = submit_timeout
        self._status_timeout = status_timeout
        self._clock = clock
        self._sleep = sleep
        self._now = now
        self._rng = rng or random.Random()
        gateway_proxy = None if self._local else _checked_proxy(proxy)

        def media_allowed(address: str) -> bool:
            return is_public(address) or (self._local and is_loopback(address))

        self._wire = Wire(
            allowed=is_loopback if self._local else lambda _: True,
            resolve=resolve,
            ca_bundle=ca_bundle,
            proxy=gateway_proxy,
            connect_timeout=connect_timeout,
            read_timeout=max(submit_timeout, status_timeout),
            pool=32,
        )
        self._media_wire = Wire(
            allowed=media_allowed,
            resolve=resolve,
            ca_bundle=ca_bundle,
            proxy=gateway_proxy,
            connect_timeout=connect_timeout,
            read_timeout=30.0,
        )
        self._downloader = Downloader(
            self._media_wire,
            local=self._local,
            clock=clock,
            sleep=sleep,
            user_agent=_USER_AGENT,
        )
        self._looks = _Looks(clock)

    def __repr__(self) -> str:
        return f"<LyriaClient {self.base_url}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A client holds the API key and does not pickle.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close idle connections. Jobs at the gateway go on."""
        self._wire.close()
        self._media_wire.close()

    def submit(self, request: MusicRequest, webhook: Webhook | None = None) -> Job:
        """Order a track. This costs the model's price once the gateway has taken it.

        It is sent again, at most twice, only where it certainly was not taken: no connection was
        made, or a 429 told to wait at most 60 s.

        Args:
            request: What to make.
            webhook: Where the gateway shall call back.

        Returns:
            The job; store its ``request_id`` at once, it is the claim to the track.

        Raises:
            InvalidRequest: Refused; not charged.
            AuthenticationError: The key was not accepted; not charged.
            InsufficientBalance: The wallet holds too little; not charged.
            RateLimited: Too many requests; not charged.
            NotSent: The gateway was not reached; not charged.
            SubmitUnknown: It may have been taken and charged. Never send it again blindly.
        """
        request.validate()
        model = MODELS[request.model]
        headers = {"Content-Type": "application/json", "Cache-Control": "no-cache"}
        if webhook is not None:
            if webhook.is_local and not self._local:
                raise InvalidRequest(
                    "The webhook address is not an https address, so nothing was sent.",
                    advice="Give an address that begins with https://.",
                )
            headers |= webhook.headers()
        body = json.dumps(request.payload(), ensure_ascii=False).encode()
        secrets = [request.prompt, request.negative_prompt or "", *request.images]
        redactor = Redactor(self._key, secrets)
        sends = 0
        while True:
            result = self._wire.exchange(
                "POST",
                self.base_url + model.path,
                self._headers(headers),
                body,
                timeout=self._submit_timeout,
                limit=_LARGEST_ANSWER,
                fresh=True,
            )
            sends += 1
            outcome = submit_outcome(result, model, redactor, self._now())
            if isinstance(outcome, Job):
                self._looks.looked(outcome.request_id)
                return outcome
            pause = pause_before_resend(outcome, result, sends, self._rng)
            if pause is None:
                raise outcome
            self._sleep(pause)

    def status(self, request_id: str) -> Job:
        """Look at a job once. Looking is free and changes nothing.

        Args:
            request_id: The gateway's id of the job.

        Raises:
            StatusUnavailable: No usable answer, or the gateway does not know the id; look again.
            RateLimited: Look less often.
            AuthenticationError: The key may not see the job.
            InvalidRequest: This can be no request id; nothing was sent.
        """
        return self._look(_checked_id(request_id), self._status_timeout)

    def watch(
        self, request_id: str, timeout: float = 600.0, *, recent_s: Sequence[float] = ()
    ) -> Iterator[Job]:
        """Look at a job until it ends, and yield it whenever it changed.

        Lost connections, errors of the gateway and unknown answers are borne until the deadline.
        Looks are at least 2 s apart; giving up watching costs nothing and stops nothing.

        Args:
            request_id: The gateway's id of the job.
            timeout: Seconds to watch.
            recent_s: How long this model took lately, in seconds; by default what this client saw.

        Yields:
            The job at every change of its status, files or error; the last one is terminal.

        Raises:
            WaitTimeout: It was not finished in time. It did not fail: watch it again later.
            AuthenticationError: The key may not see the job.
            InvalidRequest: This can be no request id; nothing was sent.
        """
        request_id = _checked_id(request_id)
        recent = recent_s or self._looks.recent(model_of_request_id(request_id))
        return self._watch(request_id, timeout, recent)

    def wait(
        self, request_id: str, timeout: float = 600.0, *, recent_s: Sequence[float] = ()
    ) -> Job:
        """Wait until a job is COMPLETED.

        Args:
            request_id: The gateway's id of the job.
            timeout: Seconds to wait.
            recent_s: As in ``watch``.

        Returns:
            The COMPLETED job; it is charged.

        Raises:
            JobFailed: The gateway could not make it; ``charge`` is NO for ERROR, MAYBE for FAILED.
            WaitTimeout: It was not finished in time. It did not fail: wait again later.
            AuthenticationError: The key may not see the job.
            InvalidRequest: This can be no request id; nothing was sent.
        """
        job: Job | None = None
        for job in self.watch(request_id, timeout, recent_s=recent_s):  # noqa: B007
            pass
        if job is None or job.status is not Status.COMPLETED:
            raise self._failed(job, request_id)
        return job

    def download(
        self,
        job: Job,
        directory: Path | str,
        index: int = 0,
        *,
        max_bytes: int = 200 * 1024 * 1024,
        timeout: float = 300.0,
    ) -> Path:
        """Fetch a file of a finished job. This costs nothing, however often it is asked for.

        Args:
            job: A COMPLETED job.
            directory: Where to put the file; made if it is not there.
            index: Which of the job's files.
            max_bytes: Largest file to accept.
            timeout: Seconds for everything together.

        Returns:
            The path: the request id (from the second file on with its number) and the extension
            that the bytes tell. A file that is there already is returned as it is.

        Raises:
            DownloadFailed: It did not arrive; the track stays paid. Ask again later: what came so
                far is kept in a ``.part`` file and the rest is asked for.
        """
        request_id = _checked_id(job.request_id)
        if not 0 <= index < len(job.media_urls):
            raise DownloadFailed(
                f"The job has {len(job.media_urls)} file(s), so there is no number {index + 1}.",
                charge=job.charge,
                request_id=request_id,
                advice="Look at the job's status again; that costs nothing.",
            )
        stem = _file_stem(request_id) + (f"-{index + 1}" if index else "")
        limits = Limits(max_bytes=max_bytes, timeout=timeout)
        try:
            return self._downloader.fetch(job.media_urls[index], Path(directory), stem, limits)
        except DownloadFailed as error:
            error.charge = job.charge
            error.request_id = request_id
            raise

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"User-Agent": _USER_AGENT, "Accept": "application/json", _KEY_HEADER: self._key} | (
            more
        )

    def _look(self, request_id: str, timeout: float) -> Job:
        self._looks.looked(request_id)
        result = self._wire.exchange(
            "GET",
            self.base_url + status_path(request_id),
            self._headers({"Cache-Control": "no-cache"}),
            timeout=timeout,
            limit=_LARGEST_ANSWER,
        )
        outcome = status_outcome(result, request_id, Redactor(self._key), self._now())
        if isinstance(outcome, Job):
            return outcome
        raise outcome

    def _watch(self, request_id: str, timeout: float, recent: Sequence[float]) -> Iterator[Job]:
        started = self._clock()
        deadline = started + timeout
        looks = 0
        asked = 0.0
        last: Job | None = None
        while True:
            now = self._clock()
            pause = max(next_look(now - started, looks, recent, self._rng), asked)
            left = deadline - now
            if pause >= left:
                break
            self._sleep(pause)
            looks += 1
            asked = 0.0
            try:
                job = self._look(request_id, min(self._status_timeout, deadline - self._clock()))
            except (StatusUnavailable, RateLimited) as error:
                asked = error.retry_after or 0.0
                continue
            changed = last is None or _visible(job) != _visible(last)
            last = job
            if job.status.terminal:
                self._looks.ended(job)
            if changed:
                yield job
            if job.status.terminal:
                return
        raise WaitTimeout(
            f"The track was not finished within {timeout:g} s: it is still being made.",
            request_id=request_id,
            job=last,
        )

    def _failed(self, job: Job | None, request_id: str) -> LyriaError:
        if job is None:
            return WaitTimeout("The track was not seen.", request_id=request_id)
        words = Redactor(self._key).text(job.error or "it gave no reason")
        cost = "nothing was charged" if job.status is Status.ERROR else "it may have been charged"
        return JobFailed(
            f"The gateway could not make the track ({words}); {cost}.",
            charge=job.charge,
            request_id=job.request_id,
            job=job,
        )


class _Looks:
    """What the client remembers between looks: when it last looked, and how long jobs took."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._last: OrderedDict[str, float] = OrderedDict()
        self._recent: dict[str, deque[float]] = {}

    def looked(self, request_id: str) -> None:
        with self._guard:
            self._last[request_id] = self._clock()
            self._last.move_to_end(request_id)
            while len(self._last) > _MOST_REMEMBERED:
                self._last.popitem(last=False)

    def ended(self, job: Job) -> None:
        with self._guard:
            if job.status is Status.COMPLETED and job.model_id and job.making_s:
                recent = self._recent.setdefault(job.model_id, deque(maxlen=_MOST_RECENT))
                recent.append(job.making_s)

    def recent(self, model_id: str | None) -> tuple[float, ...]:
        with self._guard:
            return tuple(self._recent.get(model_id or "", ()))


def _visible(job: Job) -> tuple[object, ...]:
    return (job.raw_status, job.media_urls, job.error)


def _checked_key(api_key: str) -> str:
    key = api_key.strip() if isinstance(api_key, str) else ""
    if not key:
        raise AuthenticationError(
            "There is no API key, so nothing was sent.", advice="Give the API key."
        )
    if not all("!" <= c <= "~" for c in key):
        raise AuthenticationError(
            "The API key contains characters that a key cannot have, so nothing was sent.",
            advice="Copy the API key again, without spaces or line breaks.",
        )
    return key


def _checked_base_url(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    plain = host and not (parts.query or parts.fragment or parts.username or parts.password)
    safe = plain and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback_host(host or ""))
    )
    if not safe or not all("!" <= c <= "~" for c in base_url):
        raise InvalidRequest(
            "The gateway's address is not one that a key may be sent to, so nothing was sent.",
            advice="Give an address that begins with https:// (http:// only on this machine).",
        )
    return base_url.rstrip("/")


def _checked_proxy(proxy: str | None) -> str | None:
    if proxy is None:
        return None
    parts = urlsplit(proxy)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidRequest(
            "The proxy's address is not a web address, so nothing was sent.",
            advice="Give an address such as http://proxy.example:3128.",
        )
    return proxy


def _checked_id(request_id: str) -> str:
    checked = checked_request_id(request_id)
    if checked is None:
        raise InvalidRequest(
            "This can be no request id of the gateway, so nothing was sent.",
            advice="Copy the request id again.",
        )
    return checked


def _file_stem(request_id: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in request_id)
