"""What the screens, the routes and the worker of one process share: the composition root."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlsplit

from lyria_core import LIVE_BASE_URL, Webhook, read_models
from lyria_studio.audio.sidecar import name_for
from lyria_studio.events import Events
from lyria_studio.images import ImageChecks, topic_of
from lyria_studio.keys import Access, KeyRing, access_for, home_secret
from lyria_studio.library import Library
from lyria_studio.links import Signer
from lyria_studio.listening import topic
from lyria_studio.model.generation import Generation, Track
from lyria_studio.model.listening_test import ListeningTest
from lyria_studio.money import Budget
from lyria_studio.prices import Prices
from lyria_studio.prompts import title_of
from lyria_studio.settings import Settings, load_settings
from lyria_studio.wording import zone_named
from lyria_studio.worker import Worker
from lyria_studio.worker.blind_copies import Preparations

MODELS_FILE = "models.toml"
DEFAULT_SANDBOX_URL = "http://127.0.0.1:8501/sandbox"
STOP_S = 5.0
FORGET_S = 30.0  # between looks at whether a key is still needed
MAX_TITLE = 80  # characters
IMAGES_STOP_S = 0.5  # nothing is lost with a check that is cut off


class Services:
    """The parts of which one process has one each.

    Attributes:
        settings: as loaded at start.
        library: the generations and their tracks.
        prices: the prices that orders and budgets count with.
        keyring: the keys that are in memory.
        events: news of generations.
        signer: makes and checks the links to tracks and for callbacks.
        worker: takes generations from the intent to the track.
        images: looks at the images whose addresses are typed; what it finds out is published among
            the events under `ImageCheck.topic`.
        preparations: makes the blind copies of listening tests; what becomes of them is published
            among the events under `listening.topic`.
    """

    def __init__(self, settings: Settings, events: Events | None = None) -> None:
        """Open the library; nothing runs before `start`.

        Args:
            settings: as loaded.
            events: the bus to use; one of its own if not given.

        Raises:
            CatalogueError: the file of models in the home has a mistake.
            LibraryError: the library cannot be opened.
        """
        self.settings = settings
        models_file = settings.home / MODELS_FILE
        read_models(str(models_file))  # a mistake is reported before the library is opened
        self.library = Library(settings.home, database_url=settings.database_url)
        live_url = (settings.base_url or LIVE_BASE_URL).rstrip("/")
        self.prices = Prices(self.library, models_file, live_url)
        self.keyring = KeyRing()
        self.events = events or Events()
        self.signer = Signer(home_secret(settings.home, "links"))
        self.worker = Worker(
            self.library, self.keyring, settings, self.events, webhook_for=self.webhook_for
        )
        self.images = ImageChecks(lambda url: self.events.publish(topic_of(url), "checked"))
        self.preparations = Preparations(
            self.library, lambda test_id, news: self.events.publish(topic(test_id), news)
        )
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._sandbox_url = DEFAULT_SANDBOX_URL
        self._own_url: str | None = None

    @property
    def sandbox_url(self) -> str:
        """Base URL of the sandbox of this app."""
        return self._sandbox_url

    @property
    def zone(self) -> tzinfo:
        """The time zone whose midnight ends the day of a budget, one for the whole library."""
        return zone_named(self.library.ledger.preferences().timezone)

    def start(self, sandbox_url: str | None = None) -> None:
        """Hold the keys of the settings and start the worker.

        May be called again, for instance once it is known where the sandbox listens.

        Args:
            sandbox_url: base URL of this process's own sandbox.
        """
        if sandbox_url is not None:
            self._sandbox_url = sandbox_url.rstrip("/")
            self._own_url = _loopback_origin(sandbox_url)
        # The key of the settings and the demo key of the sandbox are always there.
        self.access()
        self._hold(self._demo_access())
        self.worker.start()
        self.preparations.resume()

    def stop(self, timeout: float = STOP_S) -> None:
        """Stop what works in the background, and close the library.

        Args:
            timeout: seconds to wait for what the worker does at the moment.
        """
        self._stopped.set()
        self.worker.stop(timeout)
        self.preparations.stop(timeout)
        self.images.stop(min(timeout, IMAGES_STOP_S))
        self.library.close()

    def access(self, typed_key: str | None = None) -> Access:
        """Return the gateway and key for a visitor, and keep the key in memory from now on.

        Generations that waited for this very key go on.

        Args:
            typed_key: what the visitor typed; None or blank: the key of the settings.

        Raises:
            InvalidKey: This cannot be a key; the message does not show it.
        """
        access = access_for(self.settings, self._sandbox_url, typed_key)
        self._hold(access)
        return access

    def try_key(self, typed_key: str) -> Access:
        """Return the gateway and key for what a visitor typed, without keeping the key.

        Args:
            typed_key: as typed.

        Raises:
            InvalidKey: This cannot be a key; the message does not show it.
        """
        return access_for(self.settings, self._sandbox_url, typed_key)

    def use_key(self, typed_key: str) -> Callable[[], None]:
        """Keep a typed key for a browser session.

        Args:
            typed_key: as typed.

        Returns:
            To be called when the session ends: it forgets the key, as soon as no other session
            uses it and no unfinished generation needs it.

        Raises:
            InvalidKey: This cannot be a key; the message does not show it.
        """
        access = self.access(typed_key)
        self.keyring.begin_session(access)

        def end() -> None:
            self.keyring.end_session(access)
            self._forget(access)

        return end

    def holds_key_of(self, generation: Generation) -> bool:
        """Return whether the key of this order is in memory."""
        place = (generation.key_fingerprint, generation.gateway, generation.base_url)
        return self.keyring.get(*place) is not None

    def budget(self, access: Access) -> Budget | None:
        """Return the limits for an order: the stricter of the settings and of Settings' screen.

        None for the sandbox, whose money is not real.
        """
        return None if access.gateway == "sandbox" else self.live_budget

    @property
    def live_budget(self) -> Budget:
        """The limits for real money, whichever gateway is in use."""
        chosen, fixed = self.library.ledger.preferences(), self.settings
        return Budget(
            daily=_stricter(fixed.daily_budget_usd, chosen.daily_budget_usd),
            total=_stricter(fixed.total_budget_usd, chosen.total_budget_usd),
            session=chosen.session_budget_usd,
            timezone=zone_named(chosen.timezone),
            daily_ceiling=fixed.daily_budget_usd,
            total_ceiling=fixed.total_budget_usd,
        )

    def sign(
        self,
        track_id: str,
        *,
        download: bool = False,
        kind: Literal["mp3", "wav", "json"] | None = None,
    ) -> str:
        """Return the address of a track on this server, good for at least 12 hours.

        Args:
            track_id: the track.
            download: whether the browser shall save it under its name rather than play it.
            kind: what to download instead of the untouched original: a copy with tags, or how it
                was made.
        """
        address = f"/audio/{self.signer.track_token(track_id)}"
        if kind is not None:
            return f"{address}?as={kind}"
        return f"{address}?download=1" if download else address

    def file_name(self, generation: Generation, track: Track) -> str:
        """Return the name under which a track's file is saved."""
        return name_for(generation, track.media_type, track.index)

    def rename(self, generations: Sequence[Generation], title: str) -> None:
        """Give the takes of an order another title, on screens and in names of downloads.

        Args:
            generations: the takes.
            title: the new title, cut to 80 characters; empty: the one that follows from the prompt.
        """
        new = " ".join(title.split())[:MAX_TITLE] or None
        named = [replace(one, title=new or title_of(one.prompt)) for one in generations]
        names = {track.id: self.file_name(one, track) for one in named for track in one.tracks}
        self.library.tracks.rename([one.id for one in generations], new, names)

    def prepare_test(self, test_id: str) -> None:
        """Make the blind copies of a listening test in the background; see `Preparations`."""
        self.preparations.prepare(test_id)

    @property
    def public_url(self) -> str | None:
        """The public https address: the one of the Settings screen, else of the settings."""
        return self.library.ledger.preferences().public_url or self.settings.public_url

    def listen_url(self, test: ListeningTest, origin: str | None = None) -> str:
        """Return the link to a listening test, for listeners.

        Args:
            test: the test; its link dies when it is revoked (`library.listening.revoke_test`).
            origin: scheme and host under which the owner sees this app, e.g.
                "http://127.0.0.1:8501"; used where no public address is set.

        Returns:
            An address under the public address if there is one, else under `origin`; without
            either, a path on this server.
        """
        path = f"/listen/{self.signer.listen_token(test.id, test.nonce)}"
        return f"{(self.public_url or origin or '').rstrip('/')}{path}"

    def webhook_for(self, generation: Generation) -> Webhook | None:
        """Return the address for callbacks about a generation; None: no callbacks.

        Only the sandbox of this app may be given an address on this machine.
        """
        base_url = self._own_url if generation.gateway == "sandbox" else self.public_url
        if base_url is None:
            return None
        token = self.signer.callback_token(generation.id)
        return Webhook(f"{base_url}/webhook/{generation.id}/{token}")

    def _forget(self, access: Access) -> None:
        lasting = {access_for(self.settings, self._sandbox_url), self._demo_access()}
        if access in lasting or self._stopped.is_set():
            return
        if self.library.tracks.needs_key(access.fingerprint, access.gateway):
            again = threading.Timer(FORGET_S, self._forget, [access])
            again.daemon = True
            again.start()
        elif self.keyring.forget(access):
            self.worker.forget_key(access)

    def _demo_access(self) -> Access:
        return access_for(self._without_key(), self._sandbox_url)

    def _hold(self, access: Access) -> None:
        with self._lock:
            held = self.keyring.get(access.fingerprint, access.gateway, access.base_url)
            if held == access:
                return
            self.keyring.add(access)
        if self.library.jobs.key_arrived(access.fingerprint, access.gateway):
            self.worker.wake()

    def _without_key(self) -> Settings:
        return Settings(home=self.settings.home, base_url=self.settings.base_url)


def _loopback_origin(url: str) -> str | None:
    """Return scheme, host and port of an address on this machine; None for any other."""
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    return f"{parts.scheme}://{parts.netloc}" if local else None


def _stricter(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)


_lock = threading.Lock()
_services: Services | None = None


def get_services(secrets: Callable[[], Mapping[str, Any]] = dict) -> Services:
    """Return the services of this process, made at the first call.

    Where LYRIA_BASE_URL names the gateway they also start at once. Otherwise `Services.start` has
    to be called when the server of the sandbox listens.

    Args:
        secrets: reads the app's secrets; called only at the first call.

    Raises:
        SettingsError: a setting is wrong.
        CatalogueError: the file of models in the home has a mistake.
        LibraryError: the library cannot be opened.
    """
    global _services
    with _lock:
        if _services is None:
            services = Services(load_settings(os.environ, secrets()))
            if services.settings.base_url is not None:
                services.start()
            _services = services
        return _services


def reset_services(timeout: float = STOP_S) -> None:
    """Stop and forget the services of this process, so that the next call makes new ones.

    For tests, which begin with other settings in the same process.

    Args:
        timeout: seconds to wait for what the worker does at the moment.
    """
    global _services
    with _lock:
        services, _services = _services, None
    if services is not None:
        services.stop(timeout)
