"""Write numbers, lists and positions as people read them."""

from collections.abc import Sequence

__all__ = ["clock", "count", "listed"]


def count(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun: `1 vote`, `2 votes`, `1,000 votes`.

    Args:
        number: how many.
        one: the noun for one.
        many: the noun for any other number; by default `one` with an s.
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """Join names as in a sentence: `A`, `A and B`, `A, B and C`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def clock(seconds: float) -> str:
    """Write a position or a length, to the nearest second: `0:33` for 32.8 s."""
    whole = int(seconds + 0.5)
    return f"{whole // 60}:{whole % 60:02d}"
