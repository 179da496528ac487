"""Links that only this installation can make: to tracks, listening tests and for callbacks."""

import base64
import hashlib
import hmac
import math
import time

from itsdangerous import BadData, URLSafeSerializer

from lyria_core import Charge, LyriaError

_WINDOW_S = 12 * 3600


class LinkError(LyriaError):
    """The link was not made here, or was changed on its way."""

    default_charge = Charge.NO
    default_advice = "Reload the page for a new link."


class LinkExpiredError(LinkError):
    """The link was made here, too long ago."""


class Signer:
    """Makes and checks signed links."""

    def __init__(self, secret: bytes) -> None:
        """Make a signer.

        Args:
            secret: 32 random bytes that live as long as the library does, because a callback may
                come after a restart.
        """
        self._tracks = _serializer(secret, "lyria-studio.track")
        self._tests = _serializer(secret, "lyria-studio.listen")
        self._listen_key = hmac.digest(secret, b"lyria-studio.listen.opaque", "sha256")
        self._callback_key = hmac.digest(secret, b"lyria-studio.callback", "sha256")

    def track_token(self, track_id: str, now: float | None = None) -> str:
        """Return a token for a track that is good for 12 to 24 hours.

        Within a window of 12 hours it stays the same, so that a page that is drawn again hands
        the same address to a player that is playing.

        Args:
            track_id: the track.
            now: seconds since 1970; the present if not given.
        """
        moment = time.time() if now is None else now
        expires = (math.floor(moment / _WINDOW_S) + 2) * _WINDOW_S
        return _text(self._tracks.dumps([track_id, expires]))

    def track_id(self, token: str, now: float | None = None) -> str:
        """Return the track that a token is for.

        Raises:
            LinkExpiredError: if the token's time is over.
            LinkError: if the token is not ours.
        """
        try:
            track_id, expires = self._tracks.loads(token)
        except (BadData, TypeError, ValueError) as error:
            raise LinkError("This link is not valid.") from error
        if (time.time() if now is None else now) >= expires:
            raise LinkExpiredError("This link has expired: reload the page for a new one.")
        return str(track_id)

    def listen_token(self, test_id: str, nonce: str) -> str:
        """Return the token of the link to a listening test.

        It never expires by itself: the test does, and a new nonce makes the link dead.

        Args:
            test_id: the test.
            nonce: what the link has to carry (`ListeningTest.nonce`).
        """
        return _text(self._tests.dumps([test_id, nonce]))

    def listen_test(self, token: str) -> tuple[str, str]:
        """Return the test and the nonce that a link to a listening test is for.

        Raises:
            LinkError: if the token is not ours.
        """
        try:
            test_id, nonce = self._tests.loads(token)
        except (BadData, TypeError, ValueError) as error:
            raise LinkError("This link is not valid.") from error
        return str(test_id), str(nonce)

    def opaque(self, *parts: str) -> str:
        """Return 32 characters that stand for something and from which nothing can be read.

        The same parts always give the same characters, so that they can be found again by trying
        the few candidates there are, and nothing has to be stored.
        """
        message = b"".join(hashlib.sha256(part.encode()).digest() for part in parts)
        digest = hmac.digest(self._listen_key, message, "sha256")
        return base64.urlsafe_b64encode(digest[:24]).decode("ascii")

    def callback_token(self, generation_id: str) -> str:
        """Return the secret part of a generation's callback address: 64 hexadecimal digits."""
        return hmac.new(self._callback_key, generation_id.encode(), "sha256").hexdigest()

    def callback_matches(self, generation_id: str, token: str) -> bool:
        """Return whether a callback's token belongs to this generation, in constant time."""
        expected = self.callback_token(generation_id)
        return hmac.compare_digest(expected.encode(), token.encode("utf-8", "replace"))


def _serializer(secret: bytes, salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret,
        salt=salt,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


def _text(token: str | bytes) -> str:
    return token if isinstance(token, str) else token.decode("ascii")
