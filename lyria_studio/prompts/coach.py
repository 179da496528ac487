"""The coach: reads a prompt and returns tips that would make it better."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lyria_studio.prompts import rules_refused as refused
from lyria_studio.prompts import rules_tip as tip
from lyria_studio.prompts import rules_warning as warning
from lyria_studio.prompts.advice import Advice, Fields, Finding, Severity
from lyria_studio.prompts.prompt_facts import PromptFacts
from lyria_studio.prompts.sources import SOURCES


@dataclass(frozen=True)
class Rule:
    """One rule of the coach.

    Attributes:
        id: Its name.
        severity: How much it matters.
        source: Who states the fact, a key of `SOURCES`.
        check: Returns what was found, or None.
    """

    id: str
    severity: Severity
    source: str
    check: Callable[[PromptFacts], Finding | None]


REFUSED: tuple[Rule, ...] = (
    Rule("empty", "refused", "reference", refused.empty),
    Rule("too-long", "refused", "studio", refused.too_long),
    Rule("unsendable", "refused", "reference", refused.unsendable),
    Rule("images-not-taken", "refused", "reference", refused.images_not_taken),
    Rule("too-many-images", "refused", "reference", refused.too_many_images),
    Rule("image-address", "refused", "reference", refused.image_address),
    Rule("negative-not-taken", "refused", "reference", refused.negative_not_taken),
)
"""The rules that block, because the gateway or its client would refuse."""

RULES: tuple[Rule, ...] = (
    Rule("name", "warning", "prompt guide", warning.name),
    Rule("unsafe", "warning", "prompt guide", warning.unsafe),
    Rule("lyrics-instrumental", "warning", "lyria 3", warning.lyrics_instrumental),
    Rule("vocals-unsupported", "warning", "lyria 2", warning.vocals_unsupported),
    Rule("sections-unsupported", "warning", "lyria 2", warning.sections_unsupported),
    Rule("language", "warning", "lyria 3", warning.language),
    Rule("english-only", "warning", "lyria 2", warning.english_only),
    Rule("length", "warning", "lyria 3", warning.length),
    Rule("timing", "warning", "lyria 3", warning.timing),
    Rule("contradiction", "warning", "lyria 2", warning.contradiction),
    Rule("negative-sentence", "tip", "lyria 2", tip.negative_sentence),
    Rule("negation-in-prompt", "tip", "lyria 2", tip.negation_in_prompt),
    Rule("no-genre", "tip", "prompt guide", tip.no_genre),
    Rule("no-mood", "tip", "prompt guide", tip.no_mood),
    Rule("no-instruments", "tip", "prompt guide", tip.no_instruments),
    Rule("no-tempo", "tip", "prompt guide", tip.no_tempo),
    Rule("voice-unsaid", "tip", "lyria 3", tip.no_voice),
    Rule("short", "tip", "lyria 3", tip.short),
)
"""The rules that only advise, the gravest first."""


def advise(prompt: str, negative_prompt: str, images: Sequence[str], model_id: str) -> list[Advice]:
    """Return what is refused, doubtful or missing, the most severe first. Never raises.

    Only advice of severity "refused" stands in the way of an order. A prompt that is empty or too
    long gets no other advice.

    Args:
        prompt: What the music should be.
        negative_prompt: What to leave out.
        images: Addresses of images.
        model_id: A key of `lyria_core.MODELS`.

    Raises:
        KeyError: There is no such model.
    """
    facts = PromptFacts(Fields(prompt, negative_prompt, tuple(images), model_id))
    blocking = _advice(REFUSED, facts)
    if any(advice.id in ("empty", "too-long") for advice in blocking):
        return blocking
    return [*blocking, *_advice(RULES, facts)]


def _advice(rules: Sequence[Rule], facts: PromptFacts) -> list[Advice]:
    return [
        Advice(
            rule.id,
            rule.severity,
            found.message,
            SOURCES[rule.source],
            found.remedy,
            found.change,
        )
        for rule in rules
        if (found := rule.check(facts)) is not None
    ]
