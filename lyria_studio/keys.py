"""Keys: which gateway they belong to, and how to recognise one without storing it."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

from lyria_core import LIVE_BASE_URL, MODELS, AuthenticationError, LyriaClient, LyriaError
from lyria_studio.settings import Settings, SettingsError, clean_key

__all__ = [
    "SANDBOX_KEY",
    "Access",
    "KeyCheck",
    "KeyRing",
    "access_for",
    "check_key",
    "fingerprint_of",
    "home_secret",
]

SANDBOX_KEY = "sandbox-demo"
SANDBOX_PREFIX = "sandbox-"
SECRET_BYTES = 32
CHECK_S = 10.0


@dataclass(frozen=True, slots=True)
class Access:
    """A key and the gateway that it is for. Its repr shows no key.

    Attributes:
        gateway: "live" for real money, or "sandbox": only ever the one of this app.
        base_url: origin and prefix, without a slash at its end.
        key: the subscription key.
        fingerprint: the salted fingerprint, which may be stored.
        source: where the key comes from: "typed", "environment", "secrets", or "none" for the
            demo key of the sandbox.
    """

    gateway: str
    base_url: str
    key: str = field(repr=False)
    fingerprint: str
    source: str = field(default="none", compare=False)

    def __reduce__(self) -> str | tuple[object, ...]:
        """Refuse to be pickled: a key lives in memory only."""
        raise TypeError("an Access cannot be pickled: its key lives in memory only")


class KeyRing:
    """The keys that are in memory, found by fingerprint. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[tuple[str, str, str], Access] = {}
        self._sessions: Counter[tuple[str, str, str]] = Counter()

    def add(self, access: Access) -> None:
        """Hold this access until it is forgotten, or the process ends."""
        with self._lock:
            self._held[self._place_of(access)] = access

    def begin_session(self, access: Access) -> None:
        """Count a browser session that uses this access."""
        with self._lock:
            self._sessions[self._place_of(access)] += 1

    def end_session(self, access: Access) -> None:
        """Count one session less."""
        with self._lock:
            self._sessions[self._place_of(access)] -= 1

    def forget(self, access: Access) -> bool:
        """Forget an access; return False if a browser session uses it."""
        place = self._place_of(access)
        with self._lock:
            if self._sessions[place] > 0:
                return False
            self._held.pop(place, None)
            return True

    def get(self, fingerprint: str, gateway: str, base_url: str) -> Access | None:
        """Return the access with this key for this gateway; None if nobody gave it yet.

        The sandbox is found wherever it runs today: its port may be another after a restart.

        Args:
            fingerprint: salted hash of the key.
            gateway: "live" or "sandbox".
            base_url: where the gateway was when the order was made.
        """
        with self._lock:
            return self._held.get(self._place(fingerprint, gateway, base_url))

    def others(self, access: Access) -> bool:
        """Return whether another key for real money is in use in a browser session."""
        own = self._place_of(access)
        with self._lock:
            return any(
                count > 0 and place != own and place[1] == "live"
                for place, count in self._sessions.items()
            )

    def __len__(self) -> int:
        with self._lock:
            return len(self._held)

    @classmethod
    def _place_of(cls, access: Access) -> tuple[str, str, str]:
        return cls._place(access.fingerprint, access.gateway, access.base_url)

    @staticmethod
    def _place(fingerprint: str, gateway: str, base_url: str) -> tuple[str, str, str]:
        return fingerprint, gateway, "" if gateway == "sandbox" else base_url


def access_for(settings: Settings, sandbox_url: str, typed_key: str | None = None) -> Access:
    """Return the gateway and key to use: a typed key wins over the one of the settings.

    Without a key it is the sandbox with its demo key. A key that begins with `sandbox-` gives a
    wallet of its own in the sandbox, unless LYRIA_BASE_URL names a gateway: that one may belong
    to somebody else, so what it charges is taken for real money. Any other key is for the live
    gateway, or for the one of LYRIA_BASE_URL.

    Args:
        settings: as loaded.
        sandbox_url: base URL of the sandbox of this process.
        typed_key: what a visitor typed, for this browser session only.

    Raises:
        InvalidKey: The typed key cannot be one; the message does not show it.
    """
    key, source = settings.api_key or SANDBOX_KEY, settings.api_key_source
    if typed_key and typed_key.strip():
        key, source = clean_key(typed_key), "typed"
    elif settings.api_key is None:
        source = "none"
    own = source == "none" or (settings.base_url is None and key.startswith(SANDBOX_PREFIX))
    base_url = sandbox_url if own else settings.base_url or LIVE_BASE_URL
    return Access(
        gateway="sandbox" if own else "live",
        base_url=base_url.rstrip("/"),
        key=key,
        fingerprint=fingerprint_of(key, settings.home),
        source=source,
    )


class KeyCheck(StrEnum):
    """A gateway's verdict on a key; the values are sentences for people."""

    REFUSED = "Key refused."
    NOT_REFUSED = "The gateway did not refuse the key. Balance is not checked."
    NO_ANSWER = "Could not reach the gateway."


def check_key(access: Access, timeout: float = CHECK_S) -> KeyCheck:
    """Check a key by asking its gateway for a job that does not exist.

    The status of a job is free, and nothing is ever submitted.

    Args:
        access: the key and its gateway.
        timeout: seconds to wait for an answer.
    """
    try:
        with LyriaClient(
            access.key,
            base_url=access.base_url,
            connect_timeout=timeout,
            status_timeout=timeout,
        ) as client:
            client.status(f"{next(iter(MODELS))}_{uuid4()}")
    except AuthenticationError:
        return KeyCheck.REFUSED
    except LyriaError as error:
        return KeyCheck.NO_ANSWER if error.http_status is None else KeyCheck.NOT_REFUSED
    return KeyCheck.NOT_REFUSED


def fingerprint_of(key: str, home: Path) -> str:
    """Return 32 hexadecimal digits that identify a key and reveal nothing without the salt."""
    salt = home_secret(home, "key-salt")
    return hashlib.blake2b(key.encode(), key=salt, digest_size=16).hexdigest()


def home_secret(home: Path, name: str) -> bytes:
    """Return 32 random bytes of this installation, made at the first call and kept.

    For the salt of fingerprints, the tokens of webhooks and the signatures of links. Only the
    owner may read the file. Two processes that start at once get the same bytes.

    Args:
        home: the folder of the installation.
        name: what the secret is for; a plain word.

    Raises:
        SettingsError: the folder cannot be written to, or the file is damaged.
    """
    path = home / "secrets" / name
    try:
        with suppress(FileNotFoundError):
            return _whole(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_once(path, secrets.token_bytes(SECRET_BYTES))
        return _whole(path)
    except OSError as error:
        raise SettingsError(
            "LYRIA_HOME", f"must be a folder that can be written to ({error.strerror})"
        ) from None


def _make_once(path: Path, content: bytes) -> None:
    """Write a new file whole or not at all, and leave a file that is there already."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first; its secret counts
        except OSError:
            # A file system without links: here the last of several at once would count.
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _whole(path: Path) -> bytes:
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise SettingsError(
            "LYRIA_HOME", f"holds a damaged file {path}: move it away to make a new one"
        )
    return secret
