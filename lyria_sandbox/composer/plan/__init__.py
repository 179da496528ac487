"""Planning: from the parsed prompt to decisions."""

import math
from dataclasses import replace

from lyria_sandbox.composer.meter import METERS, Meter
from lyria_sandbox.composer.order import Order
from lyria_sandbox.composer.parse.parsed_prompt import ParsedKey, ParsedPrompt, ParsedSection
from lyria_sandbox.composer.parse.placement import placed
from lyria_sandbox.composer.parse.tempo import clamp_tempo
from lyria_sandbox.composer.plan.casting import cast, cast_section, levels_of
from lyria_sandbox.composer.plan.form import choose_sections, longest_seconds, target_seconds
from lyria_sandbox.composer.plan.layout import (
    CLIP_SECONDS,
    LYRIA_2_SECONDS,
    PRO_LONGEST,
    SHORTEST,
    STOP_TAIL_S,
    TAIL_LONGEST,
    Layout,
    by_timestamps,
    by_weight,
    lyric_weight,
)
from lyria_sandbox.composer.plan.model import Band, Plan, SectionPlan
from lyria_sandbox.composer.plan.shape import (
    changing_tempo,
    section_tempos,
    shaped,
    shaped_form,
)
from lyria_sandbox.composer.plan.takes import ending, opening_roles
from lyria_sandbox.composer.randomness import stream
from lyria_sandbox.composer.tables.effects import BEATS, REVERB_FACTORS
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.genres import CALM_DEFAULT_GENRE, DEFAULT_GENRE, GENRES
from lyria_sandbox.composer.tables.progressions import IDIOMATIC
from lyria_sandbox.composer.tables.sections import SECTIONS
from lyria_sandbox.composer.timing import TempoMap, join

__all__ = ["Band", "Plan", "SectionPlan", "make_plan"]

_SLOWEST_UNASKED_BPM = 52.0
_LOUD = 0.7
_CLIP_FADE_SHARE = 0.17
_LONG_FADE_S, _LONG_FADE_SHARE = 10.0, 0.25
"""A fade-out that was asked for, and how much of a piece it may take."""

_FULL_BAND = frozenset({"bass", "drums"})
"""Who plays from the first beat of a clip: it is too short to wait for them."""

_COMMON_TONICS = (0, 2, 4, 5, 7, 9, 10)


def make_plan(order: Order, parsed: ParsedPrompt) -> Plan:
    """Take every decision that the piece needs."""
    genre = parsed.genre or _default_genre(parsed)
    notes = [] if parsed.genre else [f"No genre recognised, using {genre.name}."]
    meter = METERS[parsed.meter or genre.meter]
    intensity = min(max(sum(m.intensity for m in parsed.moods) + genre.intensity, -0.35), 0.35)
    mode = _mode(parsed, genre)
    tonic = parsed.key.tonic
    if tonic is None:
        tonic = int(stream(order.seed, parsed.salt, "key").choice(_COMMON_TONICS))
    tempo = _tempo(order, parsed, genre)
    starts = [section.start_s for section in parsed.sections if section.start_s]
    if starts and not parsed.tempo_bpm:
        tempo = _fitting_tempo(tempo, starts, meter)
    sections, stamped = choose_sections(order, parsed, genre, tempo, meter, notes)
    sections = shaped_form(sections, parsed)
    sections = placed(sections, parsed.placements, named=bool(parsed.sections))
    sections = _ending_in(parsed.last_key, sections)
    tempos = [section.tempo_bpm or 0.0 for section in sections]
    for index, own in enumerate(tempos):
        tempos[index] = own or (tempos[index - 1] if index else tempo)
    changes = parsed.tempo_change != 1.0 and not any(section.tempo_bpm for section in sections)
    if changes:
        lengths = [lyric_weight(section, SECTIONS[section.kind].weight) for section in sections]
        tempos = section_tempos(lengths, tempo, parsed.tempo_change)
    clip = not parsed.sections and order.model != "lyria-3-pro"
    # Where the length is given, a stop or a fade would leave silence at the end; a shape that was
    # asked for is heard to its end.
    free = clip and not parsed.dynamics
    end = ending(genre, order.seed) if free and order.model != "lyria-2" else "ring"
    tail_s = STOP_TAIL_S if end == "stop" else None
    if end == "fade" and genre.groove is None:
        # Nobody counts the beats: the last chord may come a bar sooner and die away for longer.
        tail_s = TAIL_LONGEST
    layout = _layout(order, parsed, sections, tempos, meter, stamped, tail_s, notes)
    if changes:
        # Now that the bars are known, the tempo of each section follows from its place.
        lengths = [sum(bars) for bars in layout.bars]
        tempos = section_tempos(lengths, tempo, parsed.tempo_change)
        layout = _layout(order, parsed, sections, tempos, meter, stamped, tail_s, [])
    fade_s = _CLIP_FADE_SHARE * layout.duration_s if end == "fade" else 0.0
    if "fade-out" in parsed.effects:
        fade_s = min(_LONG_FADE_S, _LONG_FADE_SHARE * layout.duration_s)
    band = cast(parsed, genre, order.seed)
    shapes = bool(parsed.sections or parsed.dynamics)
    opening = frozenset() if shapes else opening_roles(order.seed)
    if free:
        opening |= _FULL_BAND
    planned = _place(
        sections, layout, parsed, band, genre, mode, tonic, intensity, opening, order.seed
    )
    planned = shaped(planned, parsed)
    if changes:
        tempo_map = changing_tempo(planned, tempos, tempo, parsed.tempo_change)
    else:
        tempo_map = _tempo_map(planned, tempos, slows_down=genre.ritardando and not stamped)
    return Plan(
        genre=genre,
        meter=meter,
        tempo_bpm=tempo if changes else tempos[0],
        tempo_map=tempo_map,
        tonic=tonic,
        mode=mode,
        moods=parsed.moods,
        sections=planned,
        duration_s=layout.duration_s,
        exact_length=order.model == "lyria-2",
        even=not (shapes or parsed.emphasis),
        low_voice=parsed.low_voice,
        seed=order.seed,
        salt=parsed.salt,
        reverb_s=genre.reverb_s
        * math.prod(REVERB_FACTORS.get(name, 1.0) for name in parsed.effects),
        tape=genre.tape or "tape" in parsed.effects,
        fade_s=fade_s,
        stops=end == "stop",
        beat={
            lane: pattern
            for name in parsed.effects
            for lane, pattern in BEATS.get(name, {}).items()
        },
        levels=levels_of(parsed, band),
        brightness=sum(mood.brightness for mood in parsed.moods),
        notes=tuple(notes),
    )


def _ending_in(key: ParsedKey, sections: list[ParsedSection]) -> list[ParsedSection]:
    """Let the last third of the sections be in another key, where the prompt asks for it."""
    if key.tonic is None or any(section.key.tonic is not None for section in sections):
        return sections
    if len(sections) == 1:
        sections = sections * 2
    turn = len(sections) - max(1, len(sections) // 3)
    return [*sections[:turn], replace(sections[turn], key=key), *sections[turn + 1 :]]


def _default_genre(parsed: ParsedPrompt) -> Genre:
    calm = any(mood.intensity <= -0.2 for mood in parsed.moods)
    drums = any(i.role in ("drums", "percussion") for i in parsed.instruments)
    choices = [DEFAULT_GENRE, CALM_DEFAULT_GENRE, *GENRES]
    if calm and not drums:
        choices = [CALM_DEFAULT_GENRE, *choices]
    excluded = {genre.name for genre in parsed.excluded_genres}
    return GENRES[next((name for name in choices if name not in excluded), DEFAULT_GENRE)]


def _mode(parsed: ParsedPrompt, genre: Genre) -> str:
    if parsed.key.mode:
        return parsed.key.mode
    mood_mode = next((mood.mode for mood in parsed.moods if mood.mode), genre.mode)
    if genre.family in IDIOMATIC:
        # These idioms have a major and a minor form, and no use for the church modes of a mood.
        mood_mode = {"phrygian": "minor", "lydian": "major"}.get(mood_mode, mood_mode)
    return mood_mode


def _tempo(order: Order, parsed: ParsedPrompt, genre: Genre) -> float:
    if parsed.tempo_bpm:
        return parsed.tempo_bpm
    bpm = float(stream(order.seed, parsed.salt, "tempo").uniform(*genre.tempo))
    factor = parsed.tempo_factor
    if factor == 1.0:
        for mood in parsed.moods:
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


def _layout(
    order: Order,
    parsed: ParsedPrompt,
    sections: list[ParsedSection],
    tempos: list[float],
    meter: Meter,
    stamped: bool,
    tail_s: float | None,
    notes: list[str],
) -> Layout:
    bar_s = meter.beats * 60 / tempos[0]
    if stamped:
        last = sections[-1]
        start = last.start_s or 0.0
        end = last.end_s or start + 15.0
        if order.model == "lyria-2":
            end = LYRIA_2_SECONDS
        end = min(max(end, start + 3.0, SHORTEST), longest_seconds(order.model))
        starts = [section.start_s or 0.0 for section in sections]
        starts[0] = 0.0
        return by_timestamps(starts, end, tempos, meter)
    target = target_seconds(order, parsed, sections, bar_s, notes)
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
        tail_s=tail_s,
    )


def _place(
    sections: list[ParsedSection],
    layout: Layout,
    parsed: ParsedPrompt,
    band: Band,
    genre: Genre,
    mode: str,
    tonic: int,
    intensity: float,
    opening: frozenset[str],
    seed: int,
) -> tuple[SectionPlan, ...]:
    planned: list[SectionPlan] = []
    beat = 0.0
    transpose = _nearest(tonic)
    counts: dict[str, int] = {}
    for section, bars in zip(sections, layout.bars, strict=True):
        kind = SECTIONS[section.kind]
        if section.key.tonic is not None:
            transpose = _nearest(section.key.tonic)
        mode = section.key.mode or mode
        transpose += section.lift
        transpose -= 12 if transpose > 7 else 0
        section_band, forced = cast_section(
            _band_of(section, parsed, band, genre, seed), section, genre, parsed.excluded
        )
        if len(section_band.patches) + len(section_band.percussion) == 1:
            # Whoever is alone plays, however quiet the section is.
            forced |= set(section_band.patches) | {"percussion"}
        if section.kind == "intro":
            forced |= opening & set(section_band.patches)
        planned.append(
            SectionPlan(
                kind=section.kind,
                theme=kind.theme,
                occurrence=counts.get(section.kind, 0),
                start_beat=beat,
                bars=bars,
                intensity=_section_intensity(section, intensity),
                ramp=section.ramp,
                band=section_band,
                forced=forced,
                lyrics=section.lyrics if band.patch("voice") else (),
                mode=mode,
                transpose=transpose,
                sung=bool(band.patch("voice")) and (kind.sung or bool(section.lyrics)),
            )
        )
        counts[section.kind] = counts.get(section.kind, 0) + 1
        beat += sum(bars)
    return tuple(planned)


def _band_of(
    section: ParsedSection, parsed: ParsedPrompt, band: Band, genre: Genre, seed: int
) -> Band:
    """Return the band that a section's players come from.

    Where an instrument is not to play yet or any more, the genre's own player sits in its place.
    """
    absent = {one.instrument for one in parsed.placements} & set(section.excluded)
    if not absent & set(parsed.instruments):
        return band
    others = tuple(one for one in parsed.instruments if one not in absent)
    return cast(replace(parsed, instruments=others), genre, seed)


def _section_intensity(section: ParsedSection, of_the_piece: float) -> float:
    kind = SECTIONS[section.kind]
    # However excited the piece, its verses hold back, or nothing is left to build up to.
    share = 0.5 if kind.intensity >= _LOUD or of_the_piece < 0 else 0.2
    return min(max(kind.intensity + section.intensity + share * of_the_piece, 0.2), 1.0)


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
