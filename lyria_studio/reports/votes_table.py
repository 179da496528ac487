"""The raw votes as a table for spreadsheets, and a second one that explains its columns."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC

from lyria_studio.listening.consistency import consistency_of
from lyria_studio.model.vote import Place, Vote

COLUMNS = {
    "vote": "Number of the vote, in the order in which votes were cast. One row is one vote.",
    "cast_at_utc": "When it was cast. The time zone is UTC.",
    "listener": "Number of the listener, in the order of first votes.",
    "listener_name": "The name that the listener gave. Empty: none.",
    "trial": "Number of the pair within the listener's test.",
    "first_variant": "What was behind X on the page (A in an ABX test).",
    "first_take": "Which take of it.",
    "second_variant": "What was behind Y on the page (B in an ABX test).",
    "second_take": "Which take of it.",
    "x_is": "ABX only: whether X was the first or the second.",
    "choice": "The answer: first, second, or none for no difference.",
    "winner": "The variant that was chosen. Empty: no difference.",
    "correct": "ABX only: true if the answer was right.",
    "began_with": "What was heard first: first or second.",
    "heard_first_s": "How long the first was heard, in seconds.",
    "heard_second_s": "How long the second was heard, in seconds.",
    "reason": "The reason that the listener picked or wrote.",
    "comment": "What the listener wrote.",
    "comment_at_s": "The second of the recording that the comment is about.",
    "comment_on": "The variant that the comment is about.",
    "repeats_trial": "The earlier pair that this one repeats; it counts for `consistent` only.",
    "consistent": "Whether the listener answered the repeated pair alike. Empty: not known.",
    "listening_on": "Headphones or speaker, as the listener said. Empty: not said.",
}
"""What each column holds."""

# What spreadsheets take for the beginning of a formula, in the wide forms of East Asian keyboards
# too, and the blanks that they pass over before it.
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before what could be one.

    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def votes_zip(
    votes: Sequence[Vote],
    names: Mapping[str, str | None] | None = None,
    devices: Mapping[str, str | None] | None = None,
) -> bytes:
    """Write a ZIP of `votes.csv` and of `columns.csv`, which says what its columns hold.

    Args:
        votes: in the order in which they were cast.
        names: listener id to the name that was given.
        devices: listener id to what was listened on.
    """
    columns = io.StringIO(newline="")
    csv.writer(columns).writerows([("column", "meaning"), *COLUMNS.items()])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("votes.csv", votes_csv(votes, names, devices))
        archive.writestr("columns.csv", columns.getvalue().encode("utf-8-sig"))
    return out.getvalue()


def votes_csv(
    votes: Sequence[Vote],
    names: Mapping[str, str | None] | None = None,
    devices: Mapping[str, str | None] | None = None,
) -> bytes:
    """Write all votes as CSV in UTF-8 with a byte order mark, which Excel needs to read it.

    Listeners are numbered in the order of their first votes: their ids are secret, they stand in
    a cookie that lets its owner vote.

    Args:
        votes: in the order in which they were cast.
        names: listener id to the name that was given.
        devices: listener id to what was listened on.
    """
    numbers: dict[str, int] = {}
    consistency = consistency_of(votes)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for count, vote in enumerate(votes, start=1):
        listener = numbers.setdefault(vote.listener_id, len(numbers) + 1)
        name = (names or {}).get(vote.listener_id)
        more = (consistency.get(vote.listener_id), (devices or {}).get(vote.listener_id))
        writer.writerow(_row(count, vote, listener, name, *more))
    return out.getvalue().encode("utf-8-sig")


def _row(
    count: int,
    vote: Vote,
    listener: int,
    name: str | None,
    consistent: bool | None,
    device: str | None,
) -> Iterable[str]:
    cells: tuple[object, ...] = (
        count,
        vote.cast_at.astimezone(UTC).isoformat(timespec="seconds"),
        listener,
        name,
        vote.trial_number,
        vote.first.letter,
        vote.first.take,
        vote.second.letter,
        vote.second.take,
        vote.x_is,
        vote.choice.value,
        vote.winner_letter,
        None if vote.correct is None else str(vote.correct).lower(),
        vote.began_with,
        f"{vote.heard_first_s:.1f}",
        f"{vote.heard_second_s:.1f}",
        vote.reason,
        vote.comment,
        None if vote.comment_at_s is None else f"{vote.comment_at_s:.1f}",
        _letter_of(vote, vote.comment_on),
        vote.repeats,
        None if consistent is None else str(consistent).lower(),
        device,
    )
    return ["" if cell is None else guarded(str(cell)) for cell in cells]


def _letter_of(vote: Vote, place: Place | None) -> str | None:
    if place is None:
        return None
    return (vote.first if place == "first" else vote.second).letter
