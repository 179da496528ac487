"""What can go wrong with the library itself, in sentences for a person."""

from __future__ import annotations

from lyria_core import Charge, LyriaError

__all__ = [
    "CannotUndo",
    "LibraryError",
    "ListeningOver",
    "ListeningRefused",
    "NotHeard",
    "NotPrepared",
    "NotSettled",
    "StorageError",
    "TooManyListeners",
    "UnknownComparison",
    "UnknownGeneration",
    "UnknownTest",
    "UnknownTrial",
]


class LibraryError(LyriaError):
    """The library could not do what was asked; nothing was stored and nothing was charged."""

    default_charge = Charge.NO
    default_advice = ""


class StorageError(LibraryError):
    """The database could not be read or written (a full disk, a locked or read-only file)."""

    default_advice = "Check that the library's folder has room and may be written to; try again."


class _Unknown(LibraryError, KeyError):  # noqa: N818 - the base of names that say what they are
    def __str__(self) -> str:
        # KeyError would print the repr of its argument, quotes and all.
        return str(self.args[0]) if self.args else ""


class UnknownGeneration(_Unknown):
    """There is no generation (or track) with this id."""


class UnknownComparison(_Unknown):
    """There is no comparison with this id."""


class UnknownTest(_Unknown):
    """There is no listening test with this id."""


class NotSettled(LibraryError):  # noqa: N818 - says what it is
    """A person's settlement of an unknown outcome is invalid; nothing was changed."""


class ListeningRefused(LibraryError):  # noqa: N818 - says what it is
    """A listening test does not take this now; nothing was changed. The text is for a listener."""


class ListeningOver(ListeningRefused):
    """The listening test takes no more votes.

    Attributes:
        reason: why (`Over`).
    """

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[ListeningOver], tuple[str, str]]:
        return type(self), (str(self), self.reason)


class NotPrepared(ListeningRefused):
    """The blind copies of the listening test are not made yet."""


class TooManyListeners(ListeningRefused):
    """Too many new listeners came from one network address on one day."""


class UnknownTrial(ListeningRefused):
    """This listener has no such trial."""


class NotHeard(ListeningRefused):
    """A vote came before both sides were heard for long enough."""


class CannotUndo(ListeningRefused):
    """There is no vote that may still be taken back."""
