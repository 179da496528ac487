"""Votes by headphones and speaker."""

import pytest
from support.report_samples import sample

from lyria_studio.evidence import Ballot
from lyria_studio.listening.devices import device_notes
from lyria_studio.model.listening_test import ListeningKind

HINT = "This split is a hint: the plan was not made for it."


def ballots(said: str) -> list[Ballot]:
    """`AB-`: listener-0 chose A, listener-1 B, listener-2 neither."""
    return [
        Ballot(
            f"listener-{number}",
            "A",
            letter if letter in "BC" else "B",
            None if letter == "-" else letter,
        )
        for number, letter in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("letters", "said", "devices", "note"),
    [
        (
            "AB",
            "ABB",
            "hhs",
            f"Headphones: 1 vote for A and 1 for B. Speaker: 0 votes for A and 1 for B. {HINT}",
        ),
        ("AB", "AAB-", "hhhh", f"Headphones: 2 votes for A, 1 for B and 1 for neither. {HINT}"),
        (
            "ABC",
            "ACC",
            "ssn",
            f"Speaker: 1 vote for A, 0 for B and 1 for C. Unknown: 0 votes for "
            f"A, 0 for B and 1 for C. {HINT}",
        ),
        ("AB", "AB", "nn", None),
        ("AB", "", "", None),
    ],
)
def test_votes_are_split_by_what_was_listened_on(
    letters: str, said: str, devices: str, note: str | None
) -> None:
    names = {"h": "headphones", "s": "speaker", "n": None}
    on = {f"listener-{number}": names[one] for number, one in enumerate(devices)}
    assert device_notes(letters, ballots(said), (), on) == ((note,) if note else ())


def test_answers_of_abx_are_split_alike() -> None:
    answers = sample("A>B A<B A>B", kind=ListeningKind.ABX).votes
    on = {answers[0].listener_id: "headphones", answers[1].listener_id: "speaker"}
    assert device_notes("AB", (), answers, on) == (
        f"Headphones: 1 of 1 answer right. Speaker: 0 of 1 answer right. Unknown: 1 of 1 answer "
        f"right. {HINT}",
    )
