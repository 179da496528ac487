"""Instruments that play in some sections only, and keys that change."""

from itertools import groupby

import pytest
from support.parsed_prompts import planned

from lyria_sandbox.composer.plan import Plan


def playing(plan: Plan, patches: set[str]) -> list[str]:
    """List the kinds of the sections in which one of the patches plays."""
    return [s.kind for s in plan.sections if patches & set(s.band.patches.values())]


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("soul ballad with cello, but only in the chorus", {"chorus"}),
        ("folk with a cello just in the bridge", {"bridge"}),
        ("pop, the cello comes in at the last chorus", {"chorus"}),
        ("indie, no cello until the chorus", {"chorus"}),
        ("techno with cello only in the drop", {"drop"}),
        ("Pop mit Cello, aber nur im Refrain", {"chorus"}),
        ("pop, violoncelle, mais seulement dans le refrain", {"chorus"}),
        ("チェロはサビだけ、ポップ", {"chorus"}),
    ],
)
def test_an_instrument_for_one_section_only(prompt: str, kinds: set[str]) -> None:
    plan = planned(f"{prompt}, instrumental")
    assert set(playing(plan, {"cello"})) == kinds
    assert len(playing(plan, {"cello"})) < len(plan.sections)
    # Elsewhere somebody else of the band has the tune.
    assert all(section.band.patch("lead") for section in plan.sections)


@pytest.mark.parametrize(
    ("prompt", "heard"),
    [
        ("pop, take the drums out after the first verse", [True, False]),
        ("rock, the drums drop out after the first chorus", [True, False]),
        ("house, no drums until the drop", [False, True]),
        ("funk, the drums enter in the second verse", [False, True]),
        ("synth pop, no drums at the beginning", [False, True]),
        ("Pop, am Anfang ohne Schlagzeug", [False, True]),
        ("pop, pas de batterie au début", [False, True]),
        ("pop, sin batería al principio", [False, True]),
        ("folk, drums only at the end", [False, True]),
        ("rock, no drums in the bridge", [True, False]),
        ("rock, no drums in the bridge\n[Verse]\n[Bridge]\n[Chorus]", [True, False, True]),
    ],
)
def test_the_drums_come_and_go(prompt: str, heard: list[bool]) -> None:
    sections = [bool(section.band.patch("drums")) for section in planned(prompt).sections]
    assert [here for here, _ in groupby(sections)] == heard


@pytest.mark.parametrize(
    ("prompt", "first", "last"),
    [
        ("start in A minor, end in C major", (-3, "minor"), (0, "major")),
        ("film music that moves from D minor to F major", (2, "minor"), (5, "major")),
        ("E major, modulating to F# major", (4, "major"), (6, "major")),
        ("ambient, begins in C minor and resolves to Eb major", (0, "minor"), (3, "major")),
    ],
)
@pytest.mark.parametrize("model", ["lyria-3", "lyria-3-pro"])
def test_the_key_may_change(
    prompt: str, first: tuple[int, str], last: tuple[int, str], model: str
) -> None:
    plan = planned(prompt, model=model)
    keys = [(section.transpose, section.mode) for section in plan.sections]
    assert (keys[0], keys[-1]) == (first, last)


@pytest.mark.parametrize("prompt", ["E minor or G major rock", "not C major, A minor"])
def test_two_keys_are_no_change(prompt: str) -> None:
    assert len({(s.transpose, s.mode) for s in planned(prompt).sections}) == 1
