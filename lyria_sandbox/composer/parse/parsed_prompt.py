"""What a prompt asks for, before any decision is taken."""

from dataclasses import dataclass

from lyria_sandbox.composer.tables.ensembles import Ensemble
from lyria_sandbox.composer.tables.genre import Genre
from lyria_sandbox.composer.tables.instruments import Instrument
from lyria_sandbox.composer.tables.moods import Mood


@dataclass(frozen=True)
class ParsedKey:
    """A key as far as it was named.

    Attributes:
        tonic: Pitch class, 0 for C, or None.
        mode: A key of `scales.SCALES`, or None.
    """

    tonic: int | None = None
    mode: str | None = None


@dataclass(frozen=True)
class ParsedSection:
    """A section named by a tag or a timestamp.

    Attributes:
        kind: A key of `sections.SECTIONS`.
        start_s: Where its timestamp says it starts, in seconds.
        end_s: Where its timestamp says it ends, in seconds.
        lyrics: Lines to be sung.
        intensity: Added to the kind's intensity by its description.
        instruments: Those that its description names.
        excluded: Those that its description excludes.
        alone: Whether nothing else may play.
        ramp: Whether it grows from its beginning to its end.
        tempo_bpm: Its own tempo, if the description gives one.
        key: Its own key, if the description gives one.
        lift: Semitones by which its description moves the key up or down.
    """

    kind: str
    start_s: float | None = None
    end_s: float | None = None
    lyrics: tuple[str, ...] = ()
    intensity: float = 0.0
    instruments: tuple[Instrument, ...] = ()
    excluded: tuple[Instrument, ...] = ()
    alone: bool = False
    ramp: bool = False
    tempo_bpm: float | None = None
    key: ParsedKey = ParsedKey()
    lift: int = 0


@dataclass(frozen=True)
class Placement:
    """Where an instrument is to play.

    Attributes:
        instrument: Which.
        kind: A key of `sections.SECTIONS`.
        place: Which of the sections of this kind, from 0; -1 is the last, None all of them.
        when: "only" there, everywhere "except" there, "from" the first of them on, or "through" it
            and no longer.
    """

    instrument: Instrument
    kind: str
    place: int | None
    when: str


@dataclass(frozen=True)
class ParsedPrompt:
    """Everything that was understood in an order's texts.

    Attributes:
        tempo_bpm: Tempo asked for as a number or an Italian word.
        tempo_change: How many times as fast the end is as the beginning.
        tempo_factor: What words such as "slow" do to the genre's tempo.
        key: Key asked for.
        last_key: Key asked for at the end, where it is to change.
        meter: Meter asked for, or None.
        moods: Moods named, in the order of the table.
        effects: Effects named, keys of `effects.EFFECT_PATTERNS`.
        genre: The genre that the prompt names most clearly.
        touch: A second genre, which lends its background.
        ensemble: A fixed group that the body names, or None.
        instruments: Instruments named in the body of the prompt, in order of appearance.
        excluded: Instruments excluded by the prompt or the negative prompt.
        excluded_genres: Genres excluded.
        excluded_moods: Moods excluded.
        quieter: Instruments of which less is wanted.
        louder: Instruments of which more is wanted.
        dynamics: How the strength of the whole piece moves: "rising", "falling", "swelling" or
            "loud"; "" where the prompt does not say.
        placements: Instruments that are to play in some sections only.
        emphasis: Sections that are to outdo others of their kind, with their place among them; -1
            is the last.
        alone: Whether the named instruments are to play alone ("solo piano", "trio").
        instrumental: Whether a voice is excluded.
        voice: Whether a voice is asked for.
        low_voice: Whether that voice is a man's.
        sections: Sections in order; empty when the prompt has no tags.
        length_s: Length asked for in seconds.
        salt: Checksum of the words without a meaning to the composer.
        not_understood: Those words, and numbers.
        notes: Sentences about how the prompt was read.
    """

    tempo_bpm: float | None
    tempo_change: float
    tempo_factor: float
    key: ParsedKey
    last_key: ParsedKey
    meter: str | None
    moods: tuple[Mood, ...]
    effects: tuple[str, ...]
    genre: Genre | None
    touch: Genre | None
    ensemble: Ensemble | None
    instruments: tuple[Instrument, ...]
    excluded: tuple[Instrument, ...]
    excluded_genres: tuple[Genre, ...]
    excluded_moods: tuple[Mood, ...]
    quieter: tuple[Instrument, ...]
    louder: tuple[Instrument, ...]
    dynamics: str
    placements: tuple[Placement, ...]
    emphasis: tuple[tuple[str, int], ...]
    alone: bool
    instrumental: bool
    voice: bool
    low_voice: bool
    sections: tuple[ParsedSection, ...]
    length_s: float | None
    salt: int
    not_understood: tuple[str, ...]
    notes: tuple[str, ...]
