"""Keys: which gateway they open, and how to know one again without storing it."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from lyria_core import LIVE_BASE_URL
from lyria_studio.settings import Settings, SettingsError, clean_key

__all__ = ["SANDBOX_KEY", "Access", "KeyRing", "access_for", "fingerprint_of", "home_secret"]

SANDBOX_KEY = "sandbox-demo"
SANDBOX_PREFIX = "sandbox-"
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Access:
    """A key and the gateway that it opens. Its repr shows no key.

    Attributes:
        gateway: "live" or "sandbox".
        base_url: origin and prefix, without a slash at its end.
        key: the subscription key.
        fingerprint: the salted fingerprint, which may be stored.
    """

    gateway: str
    base_url: str
    key: str = field(repr=False)
    fingerprint: str

    def __reduce__(self) -> str | tuple[object, ...]:
        """A key lives in memory only; a pickle would outlive it."""
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
        """Let go of an access; False if a browser session uses it."""
        place = self._place_of(access)
        with self._lock:
            if self._sessions[place] > 0:
                return False
            self._held.pop(place, None)
            return True

    def get(self, fingerprint: str, gateway: str, base_url: str) -> Access | None:
        """The access with this very key for this very gateway; None if nobody gave it yet.

        The sandbox is found wherever it runs today: its port may be another after a restart.
        """
        with self._lock:
            return self._held.get(self._place(fingerprint, gateway, base_url))

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
    """Choose gateway and key: a typed key wins over the one of the settings.

    No key: the sandbox with its demo key. A key that begins with `sandbox-`: the sandbox with a
    wallet of its own. Any other key: the live gateway, or the one of LYRIA_BASE_URL.

    Args:
        settings: as loaded.
        sandbox_url: base URL of the sandbox of this process.
        typed_key: what a visitor typed, for this browser session only.

    Raises:
        ValueError: the typed key cannot be one; the message does not show it.
    """
    typed = clean_key(typed_key) if typed_key and typed_key.strip() else None
    key = typed or settings.api_key or SANDBOX_KEY
    sandbox = key.startswith(SANDBOX_PREFIX)
    base_url = sandbox_url if sandbox else settings.base_url or LIVE_BASE_URL
    return Access(
        gateway="sandbox" if sandbox else "live",
        base_url=base_url.rstrip("/"),
        key=key,
        fingerprint=fingerprint_of(key, settings.home),
    )


def fingerprint_of(key: str, home: Path) -> str:
    """32 hexadecimal digits that tell keys apart and say nothing about them without the salt."""
    salt = home_secret(home, "key-salt")
    return hashlib.blake2b(key.encode(), key=salt, digest_size=16).hexdigest()


def home_secret(home: Path, name: str) -> bytes:
    """32 random bytes of this installation, made at the first call and the same ever after.

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
