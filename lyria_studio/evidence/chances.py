"""Chances as people read them."""

from __future__ import annotations


def by_chance(p_value: float) -> str:
    """`about 1 of 29 tests` for 0.035: how often chance alone does as much or more."""
    if p_value < 0.0001:
        return "less than 1 of 10,000 tests"
    if p_value >= 0.1:
        return f"about {p_value * 100:.0f} of 100 tests"
    tests = 1 / p_value
    return f"about 1 of {round(tests, -1 if tests >= 100 else 0):,.0f} tests"


def percent(share: float) -> str:
    """`52%` for 0.519."""
    return f"{share * 100:.0f}%"


def tenths(chance: float) -> str:
    """`8 of 10` for a chance of 0.81."""
    return f"{min(9, max(1, round(chance * 10)))} of 10"


def chance_of(low: float, high: float) -> str:
    """`About even odds`, `About 70% chance`, `20–40% chance`, `Less than 10% chance`."""
    if low >= 0.4 and high <= 0.6:
        return "About even odds"
    if low < 0.05:
        return f"Less than {percent(max(high, 0.05))} chance"
    if high > 0.95:
        return f"More than {percent(min(low, 0.95))} chance"
    if high - low < 0.05:
        return f"About {percent(low)} chance"
    return f"{percent(low)[:-1]}–{percent(high)} chance"
