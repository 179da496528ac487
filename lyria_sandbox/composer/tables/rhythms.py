"""Rhythm cells that melodies are built from: one bar each, x is an onset, - a rest or a hold."""

from collections.abc import Mapping

CELLS_4_4: Mapping[str, tuple[str, ...]] = {
    "even": (
        "x---x---x---x---",
        "x---x-x-x-------",
        "x-x-x---x---x---",
        "x-----x-x---x---",
        "x-x-x-x-x-------",
        "----x---x-x-x---",
        "x-------x-x-x---",
    ),
    "sync": (
        "x--x--x---x-x---",
        "x--x--x-x-------",
        "--x--x--x--x----",
        "x-x--x--x---x---",
        "x--x----x--x--x-",
        "----x--x--x-x---",
    ),
    "long": (
        "x---------------",
        "x-------x-------",
        "x-----------x---",
        "x-------x---x---",
    ),
    "broad": (
        "x-------x---x---",
        "x-----x-x-------",
        "x---x---x-------",
        "x-----------x-x-",
        "x---x-x-x---x---",
    ),
    "fast": (
        "x-x-x-x-x-x-x---",
        "x-xxx-x-x---x-x-",
        "x-x-x-xxx-x-x-x-",
        "xxx-x-x-x-xxx---",
    ),
    "swing": (
        "x---x-x---x-x---",
        "--x-x---x-----x-",
        "x-----x---x-x-x-",
        "x-x---x-x-------",
        "----x-x-x-x-x---",
    ),
}
"""Sixteen sixteenths a bar, by the genre's way of moving."""

CELLS_3_4: tuple[str, ...] = (
    "x---x---x---",
    "x-------x---",
    "x---x-x-x---",
    "x-----x-x---",
    "x-----------",
)
"""Twelve sixteenths a bar of three quarters."""

CELLS_6_8: tuple[str, ...] = (
    "x-----x-----",
    "x---x-x---x-",
    "x-x-x-x-----",
    "x---x-x-x-x-",
    "x-----x---x-",
)
"""Twelve sixteenths a bar of two dotted quarters."""
