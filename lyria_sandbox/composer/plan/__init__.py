"""Planning: from wishes to decisions."""

import math
from dataclasses import replace

from lyria_sandbox.composer.meter import METERS, Meter
from lyria_sandbox.composer.order import Order
from lyria_sandbox.composer.parse.tempo import clamp_tempo
from lyria_sandbox.composer.parse.wishes import SectionWish, Wishes
from lyria_sandbox.composer.plan.casting import cast, cast_section
from lyria_sandbox.composer.plan.layout import (
    CLIP_SECONDS,
    LYRIA_2_SECONDS,
    PRO_LONGEST,
    PRO_SHORTEST,
    SHORTEST,
    Layout,
    by_timestamps,
    by_weight,
    lyric_weight,
)
from lyria_sandbox.composer.plan.model import Band, Plan, SectionPlan
from lyria_sandbox.composer.randomness import stream
from lyria_sandbox.composer.tables.effects import REVERB_FACTORS
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.genres import CALM_DEFAULT_GENRE, DEFAULT_GENRE, GENRES
from lyria_sandbox.composer.tables.progressions import IDIOMATIC
from lyria_sandbox.composer.tables.sections import (
    DANCE_FORM,
    SECTIONS,
    SHORT_FORM,
    SONG_FORM,
)
from lyria_sandbox.composer.timing import TempoMap, join

__all__ = ["Band", "Plan", "SectionPlan", "make_plan"]

_SLOWEST_UNASKED_BPM = 52.0
_COMMON_TONICS = (0, 2, 4, 5, 7, 9, 10)


def make_plan(order: Order, wishes: Wishes) -> Plan:
    """Take every decision that the piece needs."""
    notes: list[str] = []
    genre = wishes.genre or _default_genre(wishes)
    meter = METERS[wishes.meter or genre.meter]
    intensity = min(max(sum(m.intensity for m in wishes.moods) + genre.intensity, -0.35), 0.35)
    mode = _mode(wishes, genre)
    tonic = wishes.key.tonic
    if tonic is None:
        tonic = int(stream(order.seed, wishes.salt, "key").choice(_COMMON_TONICS))
    tempo = _tempo(order, wishes, genre)
    starts = [section.start_s for section in wishes.sections if section.start_s]
    if starts and not wishes.tempo_bpm:
        tempo = _fitting_tempo(tempo, starts, meter)
    sections, stamped = _sections(order, wishes, genre, tempo, meter, notes)
    tempos = [section.tempo_bpm or 0.0 for section in sections]
    for index, own in enumerate(tempos):
        tempos[index] = own or (tempos[index - 1] if index else tempo)
    layout = _layout(order, wishes, sections, tempos, meter, stamped, notes)
    band = cast(wishes, genre)
    planned = _place(sections, layout, wishes, band, genre, mode, tonic, intensity)
    return Plan(
        genre=genre,
        meter=meter,
        tempo_bpm=tempos[0],
        tempo_map=_tempo_map(planned, tempos, slows_down=genre.ritardando and not stamped),
        tonic=tonic,
        mode=mode,
        moods=wishes.moods,
        sections=planned,
        duration_s=layout.duration_s,
        exact_length=order.model == "lyria-2",
        low_voice=wishes.low_voice,
        seed=order.seed,
        salt=wishes.salt,
        reverb_s=genre.reverb_s
        * math.prod(REVERB_FACTORS.get(name, 1.0) for name in wishes.effects),
        tape=genre.tape or "tape" in wishes.effects,
        brightness=sum(mood.brightness for mood in wishes.moods),
        notes=tuple(notes),
    )


def _default_genre(wishes: Wishes) -> Genre:
    calm = any(mood.intensity <= -0.2 for mood in wishes.moods)
    drums = any(i.role in ("drums", "percussion") for i in wishes.instruments)
    return GENRES[CALM_DEFAULT_GENRE if calm and not drums else DEFAULT_GENRE]


def _mode(wishes: Wishes, genre: Genre) -> str:
    if wishes.key.mode:
        return wishes.key.mode
    mood_mode = next((mood.mode for mood in wishes.moods if mood.mode), genre.mode)
    if genre.family in IDIOMATIC:
        # These idioms have a major and a minor form, and no use for the church modes of a mood.
        mood_mode = {"phrygian": "minor", "lydian": "major"}.get(mood_mode, mood_mode)
    return mood_mode


def _tempo(order: Order, wishes: Wishes, genre: Genre) -> float:
    if wishes.tempo_bpm:
        return wishes.tempo_bpm
    bpm = float(stream(order.seed, wishes.salt, "tempo").uniform(*genre.tempo))
    factor = wishes.tempo_factor
    if factor == 1.0:
        for mood in wishes.moods:
            factor *= mood.tempo
        factor = min(max(factor, 0.8), 1.15)
    # Below 52 the ear takes the half beats for the beats: only a number may ask for that.
    return clamp_tempo(max(float(round(bpm * factor)), _SLOWEST_UNASKED_BPM))


def _fitting_tempo(tempo: float, starts: list[float], meter: Meter) -> float:
    """Choose a tempo near by in which the timestamps fall on bars."""

    def misfit(bpm: float) -> tuple[float, float]:
        bars = [start * bpm / 60 / meter.beats for start in starts]
        return round(max(abs(bar - round(bar)) for bar in bars), 2), abs(bpm - tempo)

    low, high = (int(clamp_tempo(tempo * factor)) for factor in (0.9, 1.1))
    return float(min(range(low, high + 1), key=misfit))


def _sections(
    order: Order, wishes: Wishes, genre: Genre, tempo: float, meter: Meter, notes: list[str]
) -> tuple[list[SectionWish], bool]:
    """Choose the sections, and tell whether they stand on timestamps."""
    sections = list(wishes.sections)
    if not sections:
        length = _target_seconds(order, wishes, [], meter.beats * 60 / tempo, notes=[])
        long_form = DANCE_FORM if genre.dance_form else SONG_FORM
        form = SHORT_FORM if length <= 50 else long_form
        return [SectionWish(kind=kind) for kind in form], False
    stamped = all(section.start_s is not None for section in sections)
    if not stamped:
        if any(section.start_s is not None for section in sections):
            notes.append("Only some sections have a timestamp: all are placed by their order.")
        bar_s = meter.beats * 60 / tempo
        length = _target_seconds(order, wishes, sections, bar_s, notes=[])
        return _fitting(sections, max(1, int(length / bar_s) - 1), notes), False
    sections.sort(key=lambda section: section.start_s or 0.0)
    if (sections[0].start_s or 0.0) > 2.0:
        if sections[0].kind == "intro":
            sections[0] = replace(sections[0], kind="verse")
        sections.insert(0, SectionWish(kind="intro", start_s=0.0))
    limit = _longest(order.model) - 1.5
    kept = [section for section in sections if (section.start_s or 0.0) < limit]
    if len(kept) < len(sections):
        notes.append(
            f"{len(sections) - len(kept)} of {len(sections)} sections begin after the end of what"
            f" this model makes ({_longest(order.model):.0f} s) and are left out."
        )
    return kept, True


def _fitting(sections: list[SectionWish], most: int, notes: list[str]) -> list[SectionWish]:
    """Keep the sections that get at least a bar each."""
    if len(sections) > most:
        notes.append(f"Only the first {most} of {len(sections)} sections fit into the length.")
    return sections[:most]


def _longest(model: str) -> float:
    return {"lyria-2": LYRIA_2_SECONDS, "lyria-3": CLIP_SECONDS}.get(model, PRO_LONGEST)


def _target_seconds(
    order: Order, wishes: Wishes, sections: list[SectionWish], bar_s: float, notes: list[str]
) -> float:
    """Decide how long the piece is to be, in seconds, from the model and the wish."""
    if order.model == "lyria-2":
        if wishes.length_s and abs(wishes.length_s - LYRIA_2_SECONDS) > 3:
            notes.append("Lyria 2 always makes 32.8 s; the length asked for is not followed.")
        return LYRIA_2_SECONDS
    if order.model == "lyria-3":
        if wishes.length_s and wishes.length_s > CLIP_SECONDS + 2:
            notes.append("Lyria 3 makes clips of 30 s; the longer length is not followed.")
        return min(max(wishes.length_s or CLIP_SECONDS, SHORTEST), CLIP_SECONDS)
    if wishes.length_s:
        if wishes.length_s > PRO_LONGEST + 4:
            notes.append(
                "Lyria 3 Pro makes up to three minutes; the longer length is not followed."
            )
        return min(max(wishes.length_s, SHORTEST), PRO_LONGEST)
    kinds = [section.kind for section in sections] or list(SONG_FORM)
    if sections:
        weight = sum(lyric_weight(s, SECTIONS[s.kind].weight) for s in sections)
    else:
        weight = sum(SECTIONS[kind].weight for kind in kinds)
    return min(max(weight * 8 * bar_s + 3, PRO_SHORTEST + 5), PRO_LONGEST - 4)


def _layout(
    order: Order,
    wishes: Wishes,
    sections: list[SectionWish],
    tempos: list[float],
    meter: Meter,
    stamped: bool,
    notes: list[str],
) -> Layout:
    bar_s = meter.beats * 60 / tempos[0]
    if stamped:
        last = sections[-1]
        start = last.start_s or 0.0
        end = last.end_s or start + 15.0
        if order.model == "lyria-2":
            end = LYRIA_2_SECONDS
        end = min(max(end, start + 3.0, SHORTEST), _longest(order.model) + 1.0)
        starts = [section.start_s or 0.0 for section in sections]
        starts[0] = 0.0
        return by_timestamps(starts, end, tempos, meter)
    target = _target_seconds(order, wishes, sections, bar_s, notes)
    weights = [lyric_weight(section, SECTIONS[section.kind].weight) for section in sections]
    # A bar of a faster section takes less time: its weight counts accordingly.
    average = sum(w * tempos[0] / t for w, t in zip(weights, tempos, strict=True)) / sum(weights)
    return by_weight(
        weights,
        [s.kind for s in sections],
        target,
        bar_s * average,
        meter,
        exact=order.model == "lyria-2",
        longest_s=PRO_LONGEST if order.model == "lyria-3-pro" else CLIP_SECONDS + 2,
    )


def _place(
    sections: list[SectionWish],
    layout: Layout,
    wishes: Wishes,
    band: Band,
    genre: Genre,
    mode: str,
    tonic: int,
    intensity: float,
) -> tuple[SectionPlan, ...]:
    planned: list[SectionPlan] = []
    beat = 0.0
    transpose = _nearest(tonic)
    counts: dict[str, int] = {}
    for wish, bars in zip(sections, layout.bars, strict=True):
        kind = SECTIONS[wish.kind]
        if wish.key.tonic is not None:
            transpose = _nearest(wish.key.tonic)
        mode = wish.key.mode or mode
        transpose += wish.lift
        transpose -= 12 if transpose > 7 else 0
        section_band, forced = cast_section(band, wish, genre, wishes.excluded)
        if len(section_band.patches) + len(section_band.percussion) == 1:
            # Whoever is alone plays, however quiet the section is.
            forced |= set(section_band.patches) | {"percussion"}
        planned.append(
            SectionPlan(
                kind=wish.kind,
                theme=kind.theme,
                occurrence=counts.get(wish.kind, 0),
                start_beat=beat,
                bars=bars,
                intensity=min(max(kind.intensity + wish.intensity + intensity * 0.5, 0.2), 1.0),
                ramp=wish.ramp,
                band=section_band,
                forced=forced,
                lyrics=wish.lyrics if band.patch("voice") else (),
                mode=mode,
                transpose=transpose,
                sung=bool(band.patch("voice")) and (kind.sung or bool(wish.lyrics)),
            )
        )
        counts[wish.kind] = counts.get(wish.kind, 0) + 1
        beat += sum(bars)
    return tuple(planned)


def _nearest(tonic: int) -> int:
    """Return the tonic as semitones from C in -5..6, so that no key is far from another."""
    return (tonic + 5) % 12 - 5


def _tempo_map(
    sections: tuple[SectionPlan, ...], tempos: list[float], *, slows_down: bool
) -> TempoMap:
    changes = [(s.start_beat, bpm) for s, bpm in zip(sections, tempos, strict=True)]
    last = sections[-1]
    if slows_down and len(last.bars) > 2:
        closing = last.start_beat + sum(last.bars[:-1])
        before = last.bars[-2]
        changes.append((closing - before, tempos[-1] * 0.95))
        changes.append((closing - before / 2, tempos[-1] * 0.86))
        changes.append((closing, tempos[-1]))
    return join(changes)
