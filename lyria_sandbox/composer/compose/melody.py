"""Melodies: motifs that return, fitted to the chords."""

from dataclasses import dataclass

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.compose.desk import Desk
from lyria_sandbox.composer.compose.lyric_rhythm import sung_rhythm
from lyria_sandbox.composer.compose.theme import SOLO, Theme, make_theme
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.tables.instruments import HIGH_LEADS, LOW_LEADS
from lyria_sandbox.composer.tables.scales import SCALES, is_minor

_REGISTER = {"A": 60, "B": 64, "C": 62, "D": 61, SOLO: 62}
_PENTATONIC = {True: frozenset({0, 3, 5, 7, 10}), False: frozenset({0, 2, 4, 7, 9})}
_SPAN_BELOW, _SPAN_ABOVE = 4, 17
_ACCOMPANYING = frozenset({"comp", "pad", "pad2", "arp", "bass", "drums"})
_WIDEST_LEAP = 5
_BOLD_LEAP = 8
_RESTING_DEGREES = {3: (7, 2), 7: (0, 4, 3)}
"""Pitch classes on which the fourth and the eighth bar of a period like to rest."""


@dataclass(frozen=True)
class Tone:
    """A note of a melody within its bar.

    Attributes:
        step: Grid step.
        length: Grid steps until the next note or the bar's end.
        pitch: MIDI key above the tonic C.
    """

    step: int
    length: int
    pitch: int


def write_melody(desk: Desk, bars: list[Bar]) -> None:
    """Write the voice where it sings and the lead elsewhere.

    A chorus that returns brings a second voice with it.
    """
    themes: dict[str, Theme] = {}
    before: int | None = None
    for bar in bars:
        role = "voice" if bar.section.sung else "lead"
        patch = bar.section.band.patch(role)
        letter = _letter(bar)
        if letter not in themes:
            themes[letter] = make_theme(desk.plan, letter)
        if bar.number == 0:
            # Every section begins afresh, so that the length of the one before changes nothing.
            before = None
        if role == "voice":
            _write_answer(desk, bar, letter, themes[letter])
        if not patch or _silent(desk.plan, bar, role):
            continue
        tones = _bar_melody(desk.plan, bar, role, letter, themes[letter], before)
        _write_tones(desk, bar, role, patch, tones)
        if bar.section.kind in ("chorus", "hook", "refrain") and bar.section.occurrence > 0:
            _write_harmony(desk, bar, role, patch, tones, letter)
        before = tones[-1].pitch if tones else before


def _letter(bar: Bar) -> str:
    """Choose the theme of a bar; an introduction announces the chorus."""
    if bar.section.kind == "solo":
        return SOLO
    return "B" if bar.section.kind == "intro" else bar.section.theme


def _silent(plan: Plan, bar: Bar, role: str) -> bool:
    accompanied = set(bar.section.band.patches) & _ACCOMPANYING
    announces = bar.section.kind == "intro" and len(bar.section.bars) >= 4 and bar.number >= 2
    waits = bar.section.kind in ("intro", "build") and role == "lead" and accompanied
    if waits and not announces and len(plan.sections) > 1 and "lead" not in bar.section.forced:
        return True
    closing = bar.final or (bar.last and bar.section.kind == "outro")
    return closing and role == "voice" and not bar.section.lyrics


def _write_answer(desk: Desk, bar: Bar, letter: str, theme: Theme) -> None:
    """Let the lead answer the voice while it breathes at the end of a phrase."""
    patch = bar.section.band.patch("lead")
    if not patch or bar.number % 4 != 3 or bar.last or bar.final or bar.intensity < 0.5:
        return
    beat = desk.plan.meter.steps_per_beat
    first = bar.steps - 2 * beat
    if first <= 0:
        return
    ladder = _ladder(desk.plan, bar, _REGISTER[letter])
    chord_tones = [note for note in ladder if note % 12 in bar.chord.pitch_classes[:4]]
    pitch = _anchor(chord_tones, _REGISTER[letter] + 3, 1, None)
    tones: list[Tone] = []
    onsets = (first, first + beat // 2, first + beat)
    for count, (step, end) in enumerate(zip(onsets, (*onsets[1:], bar.steps), strict=True)):
        if count:
            allowed = chord_tones if count == 2 else ladder
            pitch = _walk(ladder, allowed, pitch, theme.lines[1][count - 1])
        tones.append(Tone(step, end - step, pitch))
    _write_tones(desk, bar, "lead", patch, tones)


def _bar_melody(
    plan: Plan, bar: Bar, role: str, letter: str, theme: Theme, before: int | None
) -> list[Tone]:
    """Walk the theme's line over the ladder of notes that the chord allows."""
    cell = theme.form[bar.number % 4]
    beat = plan.meter.steps_per_beat
    rhythm = theme.rhythms[cell]
    if role == "voice" and bar.section.lyrics:
        rhythm = sung_rhythm(bar, beat)
    if bar.final:
        rhythm = "x"
    onsets = [step for step, symbol in enumerate(rhythm[: bar.steps]) if symbol == "x"]
    ends = [*onsets[1:], bar.steps][: len(onsets)]
    ladder = _ladder(plan, bar, _REGISTER[letter])
    chord_tones = [note for note in ladder if note % 12 in bar.chord.pitch_classes[:4]]
    tones: list[Tone] = []
    for count, (step, end) in enumerate(zip(onsets, ends, strict=True)):
        length = end - step
        if count == 0:
            pitch = _anchor(chord_tones, _REGISTER[letter], theme.arch[bar.number % 8], before)
        else:
            strong = step % (2 * beat) == 0 or length >= beat
            move = theme.lines[cell][(count - 1) % len(theme.lines[cell])]
            pitch = _walk(ladder, chord_tones if strong else ladder, tones[-1].pitch, move)
        if bar.final:
            home = pitch
            pitch = min((n for n in ladder if n % 12 == 0), key=lambda note: abs(note - home))
        elif count == len(onsets) - 1 and bar.number % 8 in _RESTING_DEGREES:
            pitch = _rest_on(chord_tones, pitch, _RESTING_DEGREES[bar.number % 8])
        tones.append(Tone(step, length, pitch))
    return tones


def _walk(ladder: list[int], allowed: list[int], previous: int, move: int) -> int:
    """Move along the ladder and settle on the nearest allowed note, without a wide leap."""
    rung = ladder.index(previous) + move
    if not 0 <= rung < len(ladder):
        rung = ladder.index(previous) - move
    wanted = ladder[min(max(rung, 0), len(ladder) - 1)]
    widest = _BOLD_LEAP if abs(move) >= 3 else _WIDEST_LEAP
    reachable = [note for note in allowed if abs(note - previous) <= widest] or allowed
    # Of two notes equally near, the one in the direction of the line.
    return min(reachable, key=lambda note: (abs(note - wanted), -(note - previous) * move, note))


def _rest_on(chord_tones: list[int], pitch: int, degrees: tuple[int, ...]) -> int:
    """End a phrase on a note that asks or answers, if the chord has one near by."""
    for degree in degrees:
        near = [n for n in chord_tones if n % 12 == degree and abs(n - pitch) <= _WIDEST_LEAP]
        if near:
            return min(near, key=lambda note: abs(note - pitch))
    return pitch


def _anchor(chord_tones: list[int], low: int, arch: int, before: int | None) -> int:
    """Choose the chord tone that a bar begins on: where the arch says, near the note before."""
    wanted = low + 3 + 2 * arch

    def cost(tone: int) -> tuple[float, int]:
        return abs(tone - wanted) + (0.9 * abs(tone - before) if before is not None else 0.0), tone

    return min(chord_tones, key=cost)


def _ladder(plan: Plan, bar: Bar, low: int) -> list[int]:
    """List the notes a melody may use in a bar, from low to high.

    The mode is bent to borrowed chords: a chord tone outside of it replaces its neighbour.
    """
    scale = SCALES[bar.section.mode]
    bent = {degree: degree for degree in scale}
    for tone in bar.chord.pitch_classes:
        if tone not in scale:
            free = [d for d in scale if d not in bar.chord.pitch_classes]
            if free:
                bent[min(free, key=lambda degree: abs(degree - tone))] = tone
    allowed = set(bent.values())
    if not plan.genre.chromatic_melody:
        pentatonic = _PENTATONIC[is_minor(bar.section.mode)]
        allowed = {t for t in allowed if t in pentatonic or t in bar.chord.pitch_classes[:4]}
    return [n for n in range(low - _SPAN_BELOW, low + _SPAN_ABOVE) if n % 12 in allowed]


def _write_tones(desk: Desk, bar: Bar, role: str, patch: str, tones: list[Tone]) -> None:
    beat = desk.plan.meter.steps_per_beat
    rng = desk.hand(role, bar)
    shift = _register_shift(desk.plan, bar, role, patch)
    for tone in tones:
        accent = 6 if tone.step % beat == 0 else 0
        accent += 4 if tone.length >= beat else 0
        desk.write(
            role,
            patch,
            bar,
            tone.step,
            _held_beats(desk, bar, tone),
            tone.pitch + shift,
            60 + 46 * bar.intensity + accent,
            rng,
            jitter_s=0.008,
        )


def _held_beats(desk: Desk, bar: Bar, tone: Tone) -> float:
    if bar.final:
        return desk.ring_beats(bar) * 0.9
    beat = desk.plan.meter.steps_per_beat
    legato = 0.96 if tone.length < 2 * beat else 0.85
    return min(tone.length, 3 * beat) / beat * legato


def _write_harmony(
    desk: Desk, bar: Bar, role: str, patch: str, tones: list[Tone], letter: str
) -> None:
    """Write a second voice below the melody: the next chord tone at least a third away."""
    rng = desk.hand("harmony", bar)
    ladder = _ladder(desk.plan, bar, _REGISTER[letter] - 12)
    ladder += [note for note in _ladder(desk.plan, bar, _REGISTER[letter]) if note > ladder[-1]]
    below = [note for note in ladder if note % 12 in bar.chord.pitch_classes[:4]]
    shift = _register_shift(desk.plan, bar, role, patch)
    for tone in tones:
        choices = [note for note in below if 3 <= tone.pitch - note <= 9]
        if choices:
            beats = _held_beats(desk, bar, tone)
            strength = 46 + 46 * bar.intensity
            pitch = max(choices) + shift
            desk.write(
                "harmony", patch, bar, tone.step, beats, pitch, strength, rng, jitter_s=0.012
            )


def _register_shift(plan: Plan, bar: Bar, role: str, patch: str) -> int:
    if role == "voice":
        return -12 if plan.low_voice else 0
    octave = bar.section.band.octaves.get(role, 0)
    if octave == 0 and patch in LOW_LEADS:
        octave = -1
    if octave == 0 and patch in HIGH_LEADS:
        octave = 1
    return 12 * octave
