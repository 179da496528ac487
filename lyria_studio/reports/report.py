"""What a report holds: gathered from the library's views, free of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from lyria_core import MODELS
from lyria_studio.audio import peaks_to_floats
from lyria_studio.evidence.sentences import rule_sentence, takes_method
from lyria_studio.listening.remarks import Remark
from lyria_studio.listening.vote_results import Results
from lyria_studio.model.comparison import Comparison, Variant
from lyria_studio.model.generation import Generation
from lyria_studio.phrases import count, listed
from lyria_studio.reports.charts import (
    abx_chart,
    matrix_chart,
    role_of,
    share_chart,
    strengths_chart,
)
from lyria_studio.reports.drawing import Drawing
from lyria_studio.reports.progress import progress_chart
from lyria_studio.reports.waveform import waveform_chart

SHOWN = 40  # remarks in a report; the rest is in the table of votes


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report, to be written as HTML or PDF.

    Attributes:
        name: of the comparison.
        question: what listeners were asked.
        day: when it was made, for people.
        made_at: the same, aware.
        facts: who listened, in a few short pieces.
        headline: the verdict in a few words.
        verdict: the verdict in a sentence.
        range: the interval in a sentence; empty where there is none.
        charts: the drawings of the result.
        variants: what was compared.
        remarks: reasons and comments, numbered from 1 in this order.
        more_remarks: how many others there are.
        waves: waveforms with the numbers of the remarks.
        findings: sentences on biases, and what one has to know.
        method: sentences on how it was tested.
        sandbox: the sentence on music of the sandbox; empty where none is.
    """

    name: str
    question: str
    day: str
    made_at: datetime
    facts: tuple[str, ...]
    headline: str
    verdict: str
    range: str
    charts: tuple[Drawing, ...] = field(repr=False)
    variants: tuple[Described, ...] = field(repr=False)
    remarks: tuple[Remark, ...] = field(repr=False)
    more_remarks: int
    waves: tuple[Drawing, ...] = field(repr=False)
    findings: tuple[str, ...]
    method: tuple[str, ...]
    sandbox: str


@dataclass(frozen=True, slots=True)
class Described:
    """A variant as the report shows it.

    Attributes:
        letter: "A" to "F".
        facts: model, takes, seed and images, in a few short pieces.
        prompt: the whole prompt.
        negative_prompt: empty if there is none.
    """

    letter: str
    facts: tuple[str, ...]
    prompt: str = field(repr=False)
    negative_prompt: str = field(repr=False)


def report(
    comparison: Comparison,
    found: Results,
    generations: Mapping[str, Generation],
    *,
    made_at: datetime | None = None,
    zone: tzinfo = UTC,
) -> Report:
    """Gather a report on a listening test.

    Args:
        comparison: what was compared.
        found: what the votes say (`lyria_studio.listening.vote_results`).
        generations: the generations that were heard, by id; those that are missing have no
            waveform.
        made_at: aware; the present if not given.
        zone: in which the reader's days are counted.
    """
    made_at = made_at or datetime.now(UTC)
    there = made_at.astimezone(zone)
    shown = found.remarks[:SHOWN]
    letters = found.test.letters
    compared = [one for one in comparison.variants if one.letter in letters]
    heard = {side.generation_id for side in found.test.sides}
    return Report(
        name=comparison.name,
        question=found.test.question,
        day=f"{there.day} {there:%B %Y}",
        made_at=made_at,
        facts=_facts(found, there),
        headline=found.headline,
        verdict=found.sentence,
        range=_range(found),
        charts=charts(found),
        variants=tuple(_described(one, found) for one in compared),
        remarks=shown,
        more_remarks=len(found.remarks) - len(shown),
        waves=_waves(found, shown, generations),
        findings=tuple(filter(None, (*_findings(found), _formats(compared), *found.notes))),
        method=_method(found),
        sandbox=_sandbox([generations[one] for one in heard if one in generations]),
    )


def _facts(found: Results, there: datetime) -> tuple[str, ...]:
    votes = f"{found.votes} of {found.test.planned_votes} planned votes"
    host = found.test.host_name.strip()
    return tuple(
        fact
        for fact in (
            f"{there.day} {there:%B %Y}",
            count(found.listeners, "listener"),
            votes,
            f"invited by {host}" if host else "",
        )
        if fact
    )


def _range(found: Results) -> str:
    pair = found.preference
    return pair.range_sentence if pair is not None and pair.decisive else ""


def charts(found: Results) -> tuple[Drawing, ...]:
    """Return the charts of a result, the most important first; also for a screen."""
    if found.abx is not None:
        return (abx_chart(found.abx),)
    if found.preference is not None and found.ballots:
        winners = [ballot.winner for ballot in found.ballots]
        return (share_chart(found.preference), progress_chart(found.preference, winners))
    strengths = found.strengths
    return () if strengths is None else (strengths_chart(strengths), matrix_chart(strengths))


def _described(variant: Variant, found: Results) -> Described:
    model = MODELS.get(variant.model_id)
    takes = len({one.take for one in found.test.sides if one.letter == variant.letter})
    facts = [
        model.name if model is not None else variant.model_id,
        count(takes, "take"),
    ]
    if variant.seed is not None:
        facts.append(f"seed {variant.seed}")
    if variant.images:
        facts.append(count(len(variant.images), "image"))
    return Described(
        variant.letter, tuple(facts), variant.prompt, (variant.negative_prompt or "").strip()
    )


def _waves(
    found: Results, shown: tuple[Remark, ...], generations: Mapping[str, Generation]
) -> tuple[Drawing, ...]:
    drawn = []
    for side in found.test.sides:
        marks = [
            (number, remark.at_track_s)
            for number, remark in enumerate(shown, start=1)
            if remark.about == side and remark.at_track_s is not None
        ]
        generation = generations.get(side.generation_id)
        tracks = [one for one in generation.tracks if one.id == side.track_id] if generation else []
        if not marks or not tracks or not tracks[0].duration_s:
            continue
        name = f"{side.letter}, take {side.take}"
        peaks = peaks_to_floats(tracks[0].peaks)
        role = role_of(side.letter)
        drawn.append(waveform_chart(name, peaks, tracks[0].duration_s, marks, role=role))
    return tuple(drawn)


def how_sure(found: Results, variants: Sequence[Variant]) -> tuple[str, ...]:
    """Return what a verdict leaves open and how it was judged, in sentences; for a screen."""
    sentences = (
        *found.notes,
        _range(found),
        *_judged(found),
        *_findings(found),
        _formats(variants),
    )
    return tuple(filter(None, sentences))


def _formats(variants: Sequence[Variant]) -> str:
    """Return the formats of variants that come from different models; empty where all are alike."""
    formats = {
        variant.letter: MODELS[variant.model_id].media_type.removeprefix("audio/").upper()
        for variant in variants
        if variant.model_id in MODELS
    }
    if len(set(formats.values())) < 2:
        return ""
    each = listed([f"{letter} is {kind}" for letter, kind in formats.items()])
    return f"{each}: the formats of the models are part of what was heard."


def _findings(found: Results) -> tuple[str, ...]:
    return tuple(one.sentence for one in (found.side, found.order) if one and one.sentence)


def _judged(found: Results) -> tuple[str, ...]:
    sentences = []
    if found.abx is not None:
        sentences.append("Exact one-sided binomial test against guessing. False-win rate ≤ 5%.")
    if found.several is not None:
        sentences.append(
            "Each pair was judged with Holm's correction. Strengths are Bradley and Terry's, with "
            "95% bootstrap intervals."
        )
    if found.pairs:
        sentences.append(rule_sentence(found.stage, found.pairs[0].planned))
        sentences.append(
            "Each listener counts once for a pair, when finished or when the test ends."
        )
    if found.takes is not None and found.ballots:
        sentences.append(takes_method(found.takes))
    return tuple(sentences)


def _method(found: Results) -> tuple[str, ...]:
    if found.abx is not None:
        heard = "Blind ABX: listeners heard A, B and X, and said which of the two X is."
        drawn = "What A, B and X were was drawn at random for each trial."
    else:
        heard = "Blind: listeners saw X and Y only."
        drawn = "Which was which was drawn at random, as often one way as the other."
    level = "Loudness was matched. A vote counted only after all were heard for at least 5 s."
    return (f"{heard} {drawn} {level}", *_judged(found))


def _sandbox(heard: list[Generation]) -> str:
    sandbox = sum(one.gateway == "sandbox" for one in heard)
    if not sandbox:
        return ""
    whose = "The music is" if sandbox == len(heard) else "Some of the music is"
    return f"{whose} the sandbox's: a local composer played it, not Google's Lyria."
