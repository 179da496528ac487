"""The raw votes as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC

from lyria_studio.listening.consistency import consistency_of
from lyria_studio.model.vote import Place, Vote

COLUMNS = (
    "vote",
    "cast_at_utc",
    "listener",
    "listener_name",
    "trial",
    "first_variant",
    "first_take",
    "second_variant",
    "second_take",
    "x_is",
    "choice",
    "winner",
    "correct",
    "began_with",
    "heard_first_s",
    "heard_second_s",
    "reason",
    "comment",
    "comment_at_s",
    "comment_on",
    "repeats_trial",
    "consistent",
    "listening_on",
)

COLUMNS_HELP = (
    "One row is one vote; times are in UTC. `first` and `second` are X and Y on the page (A and B "
    "in an ABX test), each with the variant and take behind it. `choice` is the answer, `winner` "
    "the preferred variant, `correct` the ABX result. `began_with` was heard first. "
    "`heard_first_s` and `heard_second_s` are seconds. `comment_at_s` is the second commented on. "
    "`repeats_trial` marks the pair that came twice, which counts only for `consistent`."
)

# What spreadsheets take for the beginning of a formula, in the wide forms of East Asian keyboards
# too, and the blanks that they pass over before it.
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before what could be one.

    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


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
