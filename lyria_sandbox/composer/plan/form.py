"""Form: which sections a piece has, and how long it is to be."""

from dataclasses import replace

from lyria_sandbox.composer.meter import Meter
from lyria_sandbox.composer.order import Order
from lyria_sandbox.composer.parse.parsed_prompt import ParsedPrompt, ParsedSection
from lyria_sandbox.composer.plan.layout import (
    CLIP_SECONDS,
    LYRIA_2_SECONDS,
    PRO_LONGEST,
    PRO_SHORTEST,
    SHORTEST,
    lyric_weight,
)
from lyria_sandbox.composer.randomness import take_stream
from lyria_sandbox.composer.tables.forms import FORMS, LONGEST_CLIP_S, style_of
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.sections import SECTIONS

_SHORTEST_SECTION_S = 8.0


def choose_sections(
    order: Order, parsed: ParsedPrompt, genre: Genre, tempo: float, meter: Meter, notes: list[str]
) -> tuple[list[ParsedSection], bool]:
    """Choose the sections, and tell whether they stand on timestamps.

    Args:
        order: the order.
        parsed: what the prompt asks for.
        genre: of the piece.
        tempo: in BPM.
        meter: of the piece.
        notes: gets a sentence on what could not be followed.
    """
    sections = list(parsed.sections)
    if not sections:
        length = target_seconds(order, parsed, [], meter.beats * 60 / tempo, notes=[])
        forms = FORMS[style_of(genre)]
        choices = forms.clip if length <= LONGEST_CLIP_S else forms.long
        # A section of a clip lasts at least as long as a phrase.
        room = max(1, int(length / _SHORTEST_SECTION_S))
        choices = tuple(form for form in choices if len(form) <= room) or choices[:1]
        form = choices[int(take_stream(order.seed, "form").integers(len(choices)))]
        return [ParsedSection(kind=kind, ramp=kind == "build") for kind in form], False
    stamped = all(section.start_s is not None for section in sections)
    if not stamped:
        if any(section.start_s is not None for section in sections):
            notes.append("Only some sections have a time. All play in order, without times.")
        bar_s = meter.beats * 60 / tempo
        length = target_seconds(order, parsed, sections, bar_s, notes=[])
        return _fitting(sections, max(1, int(length / bar_s) - 1), notes), False
    sections.sort(key=lambda section: section.start_s or 0.0)
    if (sections[0].start_s or 0.0) > 2.0:
        if sections[0].kind == "intro":
            sections[0] = replace(sections[0], kind="verse")
        sections.insert(0, ParsedSection(kind="intro", start_s=0.0))
    limit = longest_seconds(order.model) - 1.5
    kept = [section for section in sections if (section.start_s or 0.0) < limit]
    if len(kept) < len(sections):
        notes.append(
            f"{len(sections) - len(kept)} of {len(sections)} sections start after the end"
            f" ({longest_seconds(order.model):.0f} s) and are left out."
        )
    return kept, True


def _fitting(sections: list[ParsedSection], most: int, notes: list[str]) -> list[ParsedSection]:
    """Keep the sections that get at least a bar each."""
    if len(sections) > most:
        notes.append(f"Only the first {most} of {len(sections)} sections fit.")
    return sections[:most]


def longest_seconds(model: str) -> float:
    """Return the longest piece of a model in seconds."""
    return {"lyria-2": LYRIA_2_SECONDS, "lyria-3": CLIP_SECONDS}.get(model, PRO_LONGEST)


def target_seconds(
    order: Order,
    parsed: ParsedPrompt,
    sections: list[ParsedSection],
    bar_s: float,
    notes: list[str],
) -> float:
    """Decide how long the piece is to be, in seconds, from the model and the prompt.

    Args:
        order: the order.
        parsed: what the prompt asks for.
        sections: in their order.
        bar_s: length of a bar, in seconds.
        notes: gets a sentence on what could not be followed.
    """
    if order.model == "lyria-2":
        if parsed.length_s and abs(parsed.length_s - LYRIA_2_SECONDS) > 3:
            notes.append("Lyria 2 tracks always last 32.8 s.")
        return LYRIA_2_SECONDS
    if order.model == "lyria-3":
        if parsed.length_s and parsed.length_s > CLIP_SECONDS + 2:
            notes.append("Lyria 3 clips last 30 s at most.")
        return min(max(parsed.length_s or CLIP_SECONDS, SHORTEST), CLIP_SECONDS)
    if parsed.length_s:
        if parsed.length_s > PRO_LONGEST + 4:
            notes.append("Lyria 3 Pro tracks last 3 minutes at most.")
        return min(max(parsed.length_s, SHORTEST), PRO_LONGEST)
    weight = sum(lyric_weight(s, SECTIONS[s.kind].weight) for s in sections)
    return min(max(weight * 8 * bar_s + 3, PRO_SHORTEST + 5), PRO_LONGEST - 4)
