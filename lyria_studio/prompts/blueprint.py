"""What the Build form holds: the music in its parts, before it is written out as a prompt."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from lyria_core import Charge, LyriaError
from lyria_studio.prompts.grammar import LABEL_AFTER_SENTENCE, NO_VOCALS_SAID, SAYS_SOMETHING

INSTRUMENTAL = "instrumental"
"""The value of `Blueprint.voice` that asks for no voice at all."""

UNNAMED = "Section"
"""How a section without a name is written."""

MAX_BLUEPRINT_CHARACTERS = 200_000
"""Longest JSON text that is read back: ten times the longest prompt."""


class BlueprintError(LyriaError, ValueError):
    """A saved blueprint cannot be read; the message is one sentence for people."""

    default_charge = Charge.NO
    default_advice = ""


@dataclass(frozen=True)
class Section:
    """One row of the section builder.

    Attributes:
        name: Such as "Intro" or "Verse 2".
        start_s: Where it begins, in seconds, or None to let the model decide.
        end_s: Where it ends, in seconds, or None to let the model decide.
        what: What happens in it, on one line.
        lyrics: The words that are sung in it, on any number of lines.
    """

    name: str = ""
    start_s: float | None = None
    end_s: float | None = None
    what: str = ""
    lyrics: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered."""
        return not self.says_something and self.start_s is None and self.end_s is None

    @property
    def says_something(self) -> bool:
        """Whether any of its texts was filled in."""
        return any(text.strip() for text in (self.name, self.what, self.lyrics))


@dataclass(frozen=True)
class Blueprint:
    """The fields of the Build form. Any text may stand in them; `tidy` gives the normal form.

    Attributes:
        genre: Such as "indie pop".
        era_or_region: Such as "1980s Manchester".
        moods: Such as ("nostalgic", "uplifting").
        instruments: With their texture, such as ("jangly electric guitar", "warm pads").
        tempo: Beats a minute, or a word such as "slow", or None.
        key: Such as "D minor".
        voice: None for the model's choice, `INSTRUMENTAL`, or a description of the voice.
        language: English name of the language that is sung, such as "German".
        sections: The structure, in order.
        extra: Whatever else is to be said, on any number of lines.
    """

    genre: str = ""
    era_or_region: str = ""
    moods: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    tempo: int | str | None = None
    key: str = ""
    voice: str | None = None
    language: str = ""
    sections: tuple[Section, ...] = ()
    extra: str = ""

    @property
    def instrumental(self) -> bool:
        """Whether no voice is wanted."""
        return self.voice is not None and self.voice.strip().lower() == INSTRUMENTAL


def one_line(text: str) -> str:
    """Join the words of a text with single spaces."""
    return " ".join(text.split())


def lines(text: str) -> str:
    """Trim every line of a text, and the blank lines around it; one blank line within is kept."""
    trimmed = [line.strip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(trimmed)).strip("\n")


def tidy(blueprint: Blueprint) -> Blueprint:
    """Bring a blueprint into the form in which it is written and read back. No word is lost.

    White space is trimmed, and the full stop at the end of a field; lists are split at commas;
    "90 bpm" becomes 90 and "no vocals" becomes `INSTRUMENTAL`. Signs that would end what they
    stand in go: square brackets in all but the free text and the lyrics, which become round ones;
    the colon in the name of a section, or of a label behind a full stop. Empty sections are
    dropped; one without a name is called "Section", unless it is the first and holds nothing but
    lyrics.
    """
    sections = [section for section in blueprint.sections if not section.is_empty]
    return replace(
        blueprint,
        genre=_value(blueprint.genre),
        era_or_region=_value(blueprint.era_or_region),
        moods=_listed(blueprint.moods),
        instruments=_listed(blueprint.instruments),
        tempo=_tempo(blueprint.tempo),
        key=_value(blueprint.key),
        voice=_voice(blueprint.voice),
        language=_value(blueprint.language),
        sections=tuple(_section(section, i) for i, section in enumerate(sections)),
        extra=lines(blueprint.extra),
    )


_IN_A_TAG = str.maketrans({"[": "(", "]": ")"})
_FULL_STOP = re.compile(r"(?<=[a-z0-9])[.;,]+$")
_BPM = re.compile(r"(0|[1-9][0-9]{0,2})(?: ?bpm)?", re.IGNORECASE)
_LONGEST_S = 86_400.0


def _value(text: str) -> str:
    """Return a text without its final full stop; "R.E.M." keeps it."""
    line = one_line(text.translate(_IN_A_TAG))
    line = _FULL_STOP.sub("", one_line(LABEL_AFTER_SENTENCE.sub(r"\1 \2 ", line)))
    return line if SAYS_SOMETHING.search(line) else ""


def _listed(items: tuple[str, ...]) -> tuple[str, ...]:
    # Once more at the commas of the whole: to cut off a full stop can bare a comma or a label.
    whole = _value(", ".join(re.sub("[、，]", ",", item) for item in items))
    parts = (_value(part) for part in whole.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _tempo(tempo: int | str | None) -> int | str | None:
    if tempo is None:
        return None
    text = f"{tempo} BPM" if isinstance(tempo, int) else _value(tempo)
    number = _BPM.fullmatch(text)
    return int(number[1]) if number else text or None


def _voice(voice: str | None) -> str | None:
    text = _value(voice or "")
    return INSTRUMENTAL if NO_VOCALS_SAID.fullmatch(text) else text or None


_IN_A_NAME = str.maketrans({"[": " ", "]": " ", ":": " "})


def _section(section: Section, index: int) -> Section:
    name = one_line(section.name.translate(_IN_A_NAME))
    what = one_line(section.what.translate(_IN_A_TAG))
    start_s, end_s = moment(section.start_s), moment(section.end_s)
    lyrics = lines(section.lyrics)
    only_lyrics = index == 0 and lyrics and not what and start_s is None and end_s is None
    if not name and not only_lyrics:
        name = UNNAMED
    return Section(name, start_s, end_s, what, lyrics)


def moment(seconds: float | None) -> float | None:
    """Round to what a timestamp can say: hundredths of a second, up to a day."""
    return None if seconds is None else round(min(max(0.0, float(seconds)), _LONGEST_S), 2)


def to_json(blueprint: Blueprint) -> str:
    """Write a blueprint as JSON, for drafts."""
    return json.dumps(asdict(blueprint))


def from_json(text: str) -> Blueprint:
    """Read a blueprint that `to_json` wrote; fields it does not know are ignored.

    Raises:
        BlueprintError: The text is no saved blueprint.
    """
    if len(text) > MAX_BLUEPRINT_CHARACTERS:
        raise BlueprintError("The saved form is too large to be read; start from an empty one.")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise BlueprintError("The saved form cannot be read; start from an empty one.")
    return _blueprint(data)


def _blueprint(data: Mapping[str, Any]) -> Blueprint:
    values: dict[str, Any] = {}
    for field in fields(Blueprint):
        if field.name not in data:
            continue
        value = data[field.name]
        match field.name:
            case "moods" | "instruments":
                values[field.name] = tuple(_text(item, field.name) for item in _list(value))
            case "sections":
                values["sections"] = tuple(_saved_section(item) for item in _list(value))
            case "tempo" if isinstance(value, int) and not isinstance(value, bool):
                values["tempo"] = value
            case "tempo" | "voice" if value is None:
                values[field.name] = None
            case _:
                values[field.name] = _text(value, field.name)
    return Blueprint(**values)


def _saved_section(data: object) -> Section:
    if not isinstance(data, dict):
        raise BlueprintError("A section of the saved form cannot be read; nothing was changed.")
    return Section(
        name=_text(data.get("name", ""), "name"),
        start_s=_seconds(data.get("start_s")),
        end_s=_seconds(data.get("end_s")),
        what=_text(data.get("what", ""), "what"),
        lyrics=_text(data.get("lyrics", ""), "lyrics"),
    )


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise BlueprintError("A list of the saved form cannot be read; nothing was changed.")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise BlueprintError(f"The field “{name}” of the saved form is no text.")
    return value


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    # A number above a day, or none at all (NaN), is no time within a piece of music.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 86_400:
        raise BlueprintError("A time of the saved form is no number of seconds.")
    return float(value)
