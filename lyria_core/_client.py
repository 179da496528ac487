"""The client of the gateway."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, Self
from urllib.parse import urlsplit

from lyria_core._addresses import is_loopback, is_loopback_host, is_public, is_public_or_loopback
from lyria_core._catalogue import LIVE_BASE_URL, MODELS
from lyria_core._checks import checked_base_url, checked_id, checked_key, checked_proxy
from lyria_core._connection import Resolve, resolve_by_system
from lyria_core._download import Downloader, Limits
from lyria_core._errors import DownloadFailed, InvalidRequest, WaitTimeout
from lyria_core._ids import status_path
from lyria_core._inline import LARGEST_INLINE
from lyria_core._job import Job
from lyria_core._outcome import (
    job_failed,
    pause_before_resend,
    status_outcome,
    submit_outcome,
)
from lyria_core._partfile import file_stem
from lyria_core._reading import Status
from lyria_core._redact import Redactor
from lyria_core._request import MusicRequest
from lyria_core._watch import Memory, Watcher
from lyria_core._webhook import Webhook
from lyria_core._wire import Wire

_KEY_HEADER = "Ocp-Apim-Subscription-Key"
_USER_AGENT = "lyria-core"
_LARGEST_ANSWER = 1024 * 1024
# A status may carry the file itself, in base 64.
_LARGEST_STATUS = LARGEST_INLINE * 4 // 3 + _LARGEST_ANSWER
_IDLE_CONNECTIONS = 32
_LONGEST_MEDIA_SILENCE_S = 30.0


class LyriaClient:
    """Talks to one gateway with one key. Safe to use from many threads.

    Args:
        api_key: The key; it goes to the gateway's own address only and is shown nowhere.
        base_url: The gateway; https, or http on loopback. May have a path.
        connect_timeout: Seconds for a connection to stand.
        submit_timeout: Seconds for one submit altogether.
        status_timeout: Seconds for one status request altogether.
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
        self._key = checked_key(api_key)
        self.base_url = checked_base_url(base_url)
        self._local = is_loopback_host(urlsplit(self.base_url).hostname or "")
        self._submit_timeout = submit_timeout
        self._status_timeout = status_timeout
        self._sleep = sleep
        self._now = now
        self._rng = rng or random.Random()
        # A gateway on this machine needs no proxy, and its media neither.
        proxy = None if proxy is None or self._local else checked_proxy(proxy)
        self._wire = Wire(
            # A gateway elsewhere is the person's own choice.
            allowed=is_loopback if self._local else lambda _: True,
            resolve=resolve,
            ca_bundle=ca_bundle,
            proxy=proxy,
            connect_timeout=connect_timeout,
            read_timeout=max(submit_timeout, status_timeout),
            pool=_IDLE_CONNECTIONS,
        )
        self._media_wire = Wire(
            allowed=is_public_or_loopback if self._local else is_public,
            resolve=resolve,
            ca_bundle=ca_bundle,
            proxy=proxy,
            connect_timeout=connect_timeout,
            read_timeout=_LONGEST_MEDIA_SILENCE_S,
        )
        self._downloader = Downloader(
            self._media_wire, local=self._local, clock=clock, sleep=sleep, user_agent=_USER_AGENT
        )
        self._memory = Memory(clock)
        self._watcher = Watcher(self._poll, self._memory, clock, sleep, now, self._rng)

    def __repr__(self) -> str:
        return f"<LyriaClient {self.base_url}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A client holds the API key and does not pickle.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close idle connections. Jobs at the gateway continue."""
        self._wire.close()
        self._media_wire.close()

    def submit(
        self,
        request: MusicRequest,
        webhook: Webhook | None = None,
        *,
        extra_headers: Mapping[str, str] | None = None,
    ) -> Job:
        """Order a track and return its job. It costs the model's price once it is accepted.

        It is sent again, at most twice, only if the gateway certainly did not accept it: no
        connection was made, or a 429 asks to wait at most 60 s.

        Args:
            request: What to make.
            webhook: Where the gateway sends its callbacks.
            extra_headers: Headers that a gateway of your own reads; they replace none of ours.

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
        headers = {
            **(extra_headers or {}),
            "Content-Type": "application/json",
            "Cache-Control": "no-cache",
        }
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
            outcome = submit_outcome(result, model, redactor, self._now(), self.base_url)
            if isinstance(outcome, Job):
                self._memory.submitted(outcome.request_id, redactor)
                return outcome
            pause = pause_before_resend(outcome, result, sends, self._rng)
            if pause is None:
                raise outcome
            self._sleep(pause)

    def status(self, request_id: str, *, hide: Iterable[str] = ()) -> Job:
        """Return the current state of a job. This is free and changes nothing.

        Args:
            request_id: The gateway's id of the job.
            hide: Texts that must not appear in the job's ``error`` or in a message, such as the
                prompt and the like. A client knows it of the jobs that it submitted itself.

        Raises:
            StatusUnavailable: No usable answer, or the gateway does not know the id; poll again.
            RateLimited: Poll less often.
            AuthenticationError: The key may not see the job.
            InvalidRequest: This can be no request id; nothing was sent.
        """
        return self._poll(self._known(request_id, hide), self._status_timeout)

    def watch(
        self,
        request_id: str,
        timeout: float = 600.0,
        *,
        recent_s: Sequence[float] | None = None,
        hide: Iterable[str] = (),
    ) -> Iterator[Job]:
        """Poll a job until it ends, and yield it whenever it changed.

        Lost connections, gateway errors and unknown answers are tolerated until the deadline.
        Polls are at least 2 s apart. Watching less long costs nothing and stops nothing.

        Args:
            request_id: The gateway's id of the job.
            timeout: Seconds to watch.
            recent_s: How long this model took lately, in seconds; by default what this client saw.
            hide: As in ``status``.

        Yields:
            The job at every change of its status, files or error; the last one is terminal.

        Raises:
            WaitTimeout: It was not finished in time. It did not fail: watch it again later.
            AuthenticationError: The key may not see the job.
            InvalidRequest: This can be no request id; nothing was sent.
        """
        return self._watcher.watch(self._known(request_id, hide), timeout, recent_s)

    def wait(
        self,
        request_id: str,
        timeout: float = 600.0,
        *,
        recent_s: Sequence[float] | None = None,
        hide: Iterable[str] = (),
    ) -> Job:
        """Wait until a job is COMPLETED and return it.

        Args:
            request_id: The gateway's id of the job.
            timeout: Seconds to wait.
            recent_s: As in ``watch``.
            hide: As in ``status``.

        Returns:
            The COMPLETED job; it is charged.

        Raises:
            JobFailed: The gateway could not make it; ``charge`` is NO for ERROR, MAYBE for FAILED.
            WaitTimeout: It was not finished in time. It did not fail: wait again later.
            AuthenticationError: The key may not see the job.
            InvalidRequest: This can be no request id; nothing was sent.
        """
        for job in self.watch(request_id, timeout, recent_s=recent_s, hide=hide):
            if job.status is Status.COMPLETED:
                return job
            if job.status.terminal:
                raise job_failed(job, self._memory.redactor(request_id) or Redactor(self._key))
        raise WaitTimeout("The track was not seen to end.", request_id=request_id)

    def download(
        self,
        job: Job,
        directory: Path | str,
        index: int = 0,
        *,
        max_bytes: int = 200 * 1024 * 1024,
        timeout: float = 300.0,
    ) -> Path:
        """Download a file of a finished job and return its path. This is always free.

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
        request_id = checked_id(job.request_id)
        if not 0 <= index < len(job.media_urls):
            raise DownloadFailed(
                f"The job has {len(job.media_urls)} file(s), so there is no number {index + 1}.",
                charge=job.charge,
                request_id=request_id,
                advice="Check the job again. That is free.",
            )
        stem = file_stem(request_id) + (f"-{index + 1}" if index else "")
        limits = Limits(max_bytes=max_bytes, timeout=timeout)
        try:
            url = job.media_urls[index]
            if url.startswith("data:"):
                return self._downloader.store(job.inline.get(url), Path(directory), stem, limits)
            return self._downloader.fetch(url, Path(directory), stem, limits)
        except DownloadFailed as error:
            error.charge = job.charge
            error.request_id = request_id
            raise

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        own = {"User-Agent": _USER_AGENT, "Accept": "application/json", _KEY_HEADER: self._key}
        return more | own

    def _known(self, request_id: str, hide: Iterable[str]) -> str:
        """Check a request id, and remember what its messages must not repeat."""
        found = checked_id(request_id)
        if hide and self._memory.redactor(found) is None:
            texts = [hide] if isinstance(hide, str) else hide
            self._memory.conceal(found, Redactor(self._key, texts))
        return found

    def _poll(self, request_id: str, timeout: float) -> Job:
        self._memory.polled(request_id)
        result = self._wire.exchange(
            "GET",
            self.base_url + status_path(request_id),
            self._headers({"Cache-Control": "no-cache"}),
            timeout=min(timeout, self._status_timeout),
            limit=_LARGEST_STATUS,
        )
        redactor = self._memory.redactor(request_id) or Redactor(self._key)
        outcome = status_outcome(result, request_id, redactor, self._now(), self.base_url)
        if isinstance(outcome, Job):
            return outcome
        raise outcome
