"""Melodies: motifs that return, fitted to the chords."""

from collections.abc import Sequence
from dataclasses import dataclass

from lyria_sandbox.composer.compose.bars import Bar
from lyria_sandbox.composer.compose.desk import Desk
from lyria_sandbox.composer.compose.line import anchor, chord_tones, home, ladder, rest_on, walk
from lyria_sandbox.composer.compose.lyric_rhythm import Syllable, sung_syllables
from lyria_sandbox.composer.compose.theme import SOLO, Theme, make_theme
from lyria_sandbox.composer.plan.model import Plan
from lyria_sandbox.composer.tables.patches import HIGH_LEADS, LOW_LEADS, SINGING

_OPEN_VOICE_INTENSITY = 0.8
_ARRIVING = 0.75
_REGISTER = {"A": 60, "B": 64, "C": 62, "D": 61, SOLO: 62}
_HIGHEST = 100
_ACCOMPANYING = frozenset({"comp", "pad", "pad2", "arp", "bass", "drums"})
_RESTING_DEGREES = {3: (7, 2), 7: (0, 4, 3)}
"""Pitch classes on which the fourth and the eighth bar of a period like to rest."""


@dataclass(frozen=True)
class Tone:
    """A note of a melody within its bar.

    Attributes:
        step: Grid step.
        length: Grid steps until the next note or the bar's end.
        pitch: MIDI key above the tonic C.
        vowel: What a voice sings it on, one of "aeiou".
    """

    step: int
    length: int
    pitch: int
    vowel: str


def write_melody(desk: Desk, bars: list[Bar]) -> None:
    """Write the voice where it sings and the lead elsewhere.

    A chorus that returns brings a second voice with it, and the third one its octave.
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
            if bar.section.occurrence > 1:
                _write_octave(desk, bar, role, patch, tones)
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


def _bar_melody(
    plan: Plan, bar: Bar, role: str, letter: str, theme: Theme, before: int | None
) -> list[Tone]:
    """Walk the theme's line over the ladder of notes that the chord allows."""
    cell = theme.form[bar.number % 4]
    beat = plan.meter.steps_per_beat
    syllables = _syllables(plan, bar, role, theme.rhythms[cell])
    rungs = ladder(plan, bar, _REGISTER[letter])
    chord = chord_tones(bar, rungs)
    tones: list[Tone] = []
    for count, (syllable, length) in enumerate(_lengths(syllables, bar.steps)):
        if count == 0:
            wanted = _REGISTER[letter] + 3 + 2 * theme.arch[bar.number % 8]
            pitch = anchor(chord, wanted, before)
        else:
            # Between the strong beats a melody may pass through notes foreign to the chord.
            strong = syllable.step % (2 * beat) == 0 or length > beat or count == len(syllables) - 1
            move = theme.lines[cell][(count - 1) % len(theme.lines[cell])]
            pitch = walk(rungs, chord if strong else rungs, tones[-1].pitch, move)
        if bar.final:
            pitch = home(rungs, pitch)
        elif count == len(syllables) - 1 and bar.number % 8 in _RESTING_DEGREES:
            pitch = rest_on(chord, pitch, _RESTING_DEGREES[bar.number % 8])
        tones.append(Tone(syllable.step, length, pitch, syllable.vowel))
    return tones


def _syllables(plan: Plan, bar: Bar, role: str, rhythm: str) -> list[Syllable]:
    """Return when the notes of a bar begin, and on which vowels a voice would sing them."""
    if role == "voice" and bar.section.lyrics and not bar.final:
        return sung_syllables(bar, plan.meter.steps_per_beat)
    # Without words a voice hums through the verses and opens up in the chorus.
    vowel = "a" if bar.intensity > _OPEN_VOICE_INTENSITY else "u"
    shape = "x" if bar.final else rhythm[: bar.steps]
    alone = bar.index == 0 and not set(bar.section.band.patches) & _ACCOMPANYING
    if alone or (bar.number == 0 and bar.intensity >= _ARRIVING):
        # Whoever is alone begins at once, and a chorus on its first beat.
        shape = "x" + shape[1:]
    return [Syllable(step, vowel) for step, symbol in enumerate(shape) if symbol == "x"]


def _lengths(syllables: Sequence[Syllable], steps: int) -> list[tuple[Syllable, int]]:
    ends = [*(syllable.step for syllable in syllables[1:]), steps]
    return [(s, end - s.step) for s, end in zip(syllables, ends, strict=False)]


def _write_answer(desk: Desk, bar: Bar, letter: str, theme: Theme) -> None:
    """Let the lead answer the voice while it breathes at the end of a phrase."""
    patch = bar.section.band.patch("lead")
    beat = desk.plan.meter.steps_per_beat
    first = bar.steps - 2 * beat
    breathes = bar.number % 4 == 3 and not bar.last and not bar.final
    if not patch or not breathes or bar.intensity < 0.5 or first <= 0:
        return
    rungs = ladder(desk.plan, bar, _REGISTER[letter])
    chord = chord_tones(bar, rungs)
    onsets = [Syllable(step, "u") for step in (first, first + beat // 2, first + beat)]
    tones: list[Tone] = []
    for count, (onset, length) in enumerate(_lengths(onsets, bar.steps)):
        if count == 0:
            pitch = anchor(chord, _REGISTER[letter] + 8, None)
        else:
            allowed = chord if count == 2 else rungs
            pitch = walk(rungs, allowed, tones[-1].pitch, theme.lines[1][count - 1])
        tones.append(Tone(onset.step, length, pitch, onset.vowel))
    _write_tones(desk, bar, "lead", patch, tones)


def _write_tones(desk: Desk, bar: Bar, role: str, patch: str, tones: list[Tone]) -> None:
    beat = desk.plan.meter.steps_per_beat
    rng = desk.hand(role, bar)
    shift = _register_shift(desk.plan, bar, role, patch)
    for tone in tones:
        accent = 8 if tone.step % beat == 0 else -3
        accent += 4 if tone.length >= beat else 0
        desk.write(
            role,
            _sung_by(role, patch, tone),
            bar,
            tone.step,
            _held_beats(desk, bar, tone),
            tone.pitch + shift,
            60 + 46 * bar.intensity + accent,
            rng,
            jitter_s=0.008,
        )


def _write_harmony(
    desk: Desk, bar: Bar, role: str, patch: str, tones: list[Tone], letter: str
) -> None:
    """Write a second voice below the melody: the next chord tone at least a third away."""
    rng = desk.hand("harmony", bar)
    shift = _register_shift(desk.plan, bar, role, patch)
    strength = 46 + 46 * bar.intensity
    rungs = ladder(desk.plan, bar, _REGISTER[letter] - 12)
    rungs += [note for note in ladder(desk.plan, bar, _REGISTER[letter]) if note > rungs[-1]]
    for tone in tones:
        below = [note for note in chord_tones(bar, rungs) if 3 <= tone.pitch - note <= 9]
        if below:
            voice = _sung_by(role, patch, tone)
            beats = _held_beats(desk, bar, tone)
            pitch = max(below) + shift
            desk.write(
                "harmony", voice, bar, tone.step, beats, pitch, strength, rng, jitter_s=0.012
            )


def _write_octave(desk: Desk, bar: Bar, role: str, patch: str, tones: list[Tone]) -> None:
    """Double the melody an octave higher, softly."""
    rng = desk.hand("octave", bar)
    shift = 12 + _register_shift(desk.plan, bar, role, patch)
    strength = 34 + 42 * bar.intensity
    for tone in tones:
        pitch = tone.pitch + shift
        if pitch + bar.section.transpose > _HIGHEST:
            continue
        voice = _sung_by(role, patch, tone)
        beats = _held_beats(desk, bar, tone)
        desk.write("harmony", voice, bar, tone.step, beats, pitch, strength, rng, jitter_s=0.012)


def _held_beats(desk: Desk, bar: Bar, tone: Tone) -> float:
    if bar.final:
        return desk.ring_beats(bar) * 0.9
    beat = desk.plan.meter.steps_per_beat
    legato = 0.96 if tone.length < 2 * beat else 0.85
    return min(tone.length, 3 * beat) / beat * legato


def _sung_by(role: str, patch: str, tone: Tone) -> str:
    """Return what sounds: voices sing a tone on its vowel."""
    return SINGING + tone.vowel if role == "voice" else patch


def _register_shift(plan: Plan, bar: Bar, role: str, patch: str) -> int:
    if role == "voice":
        return -12 if plan.low_voice else 0
    octave = bar.section.band.octaves.get(role, 0)
    if octave == 0 and patch in LOW_LEADS:
        octave = -1
    if octave == 0 and patch in HIGH_LEADS:
        octave = 1
    return 12 * octave
