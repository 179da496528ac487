"""What can go wrong with the library itself, in sentences for a person."""

from __future__ import annotations

__all__ = ["LibraryError", "NotSettled", "UnknownGeneration"]


class LibraryError(Exception):
    """The library could not do what was asked; the message is one sentence for a person."""


class UnknownGeneration(LibraryError, KeyError):  # noqa: N818 - says what it is
    """There is no generation (or track) with this id."""

    def __str__(self) -> str:
        # KeyError would print the repr of its argument, quotes and all.
        return str(self.args[0]) if self.args else ""


class NotSettled(LibraryError):  # noqa: N818 - says what it is
    """What a person said about an unknown outcome cannot be right; nothing was changed."""
