"""How fast submits leave for one gateway, and how a refusal slows all of them down."""

_PER_S = 10.0
_BURST = 20.0
_SLOWEST_PER_S = 0.2
_ROUNDING = 1e-9
_RECOVERY = 1.1  # each accepted submit raises a lowered rate by this factor


class SubmitRate:
    """A token bucket whose rate is halved by every 429 and recovers with accepted submits.

    Times are seconds on any one clock that never goes back. Not thread-safe.
    """

    def __init__(self, per_s: float = _PER_S, burst: float = _BURST) -> None:
        """Start with a full bucket.

        Args:
            per_s: submits a second in the long run.
            burst: submits that may leave at once after a rest.
        """
        self._normal = self._rate = per_s
        self._burst = self._tokens = burst
        self._then: float | None = None
        self._closed_until = float("-inf")

    @property
    def per_s(self) -> float:
        """The present rate in submits a second."""
        return self._rate

    def wait(self, now: float) -> float:
        """Return the seconds until a submit may leave; 0 if it may leave now."""
        self._refill(now)
        missing = 1.0 - self._tokens
        waiting = missing / self._rate if missing > _ROUNDING else 0.0
        return max(waiting, self._closed_until - now, 0.0)

    def take(self, now: float) -> bool:
        """Let one submit leave, if it may."""
        if self.wait(now) > 0:
            return False
        self._tokens -= 1.0
        return True

    def refused(self, now: float, retry_after_s: float) -> None:
        """Note a 429: no submit before the given time, then at half the rate."""
        self._refill(now)
        if now >= self._closed_until:
            # Several submits may have been on their way: together they are one refusal.
            self._rate = max(self._rate / 2, _SLOWEST_PER_S)
        self._tokens = min(self._tokens, 1.0)
        self._closed_until = max(self._closed_until, now + retry_after_s)

    def accepted(self) -> None:
        """Note an accepted submit: return towards the normal rate."""
        self._rate = min(self._rate * _RECOVERY, self._normal)

    def _refill(self, now: float) -> None:
        if self._then is not None:
            grown = self._tokens + max(0.0, now - self._then) * self._rate
            self._tokens = min(grown, self._burst if self._rate >= self._normal else 1.0)
        self._then = now
