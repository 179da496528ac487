"""What the Build form holds: the music in its parts, before it is written out as a prompt."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

INSTRUMENTAL = "instrumental"
"""The value of `Blueprint.voice` that asks for no voice at all."""

UNNAMED = "Section"
"""How a section without a name is written."""

MAX_BLUEPRINT_CHARACTERS = 200_000
"""Longest JSON text that is read back: ten times the longest prompt."""


class BlueprintError(ValueError):
    """A saved blueprint cannot be read; the message is one sentence for people."""


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


def listed(items: tuple[str, ...]) -> tuple[str, ...]:
    """Make list items of texts: commas separate; blanks and repetitions are dropped."""
    parts = (one_line(part) for item in items for part in re.split(r"[,、，]", item))
    return tuple(dict.fromkeys(part for part in parts if part))


def tidy(blueprint: Blueprint) -> Blueprint:
    """Bring a blueprint into the form in which it is written and read back.

    White space is trimmed; lists are split at commas; "90 bpm" becomes 90; brackets and colons in
    a section's name, and square brackets in what happens in it, become round ones or blanks,
    because they end a tag; empty sections are dropped, and one without a name is called
    "Section". No word is lost.
    """
    return replace(
        blueprint,
        genre=one_line(blueprint.genre),
        era_or_region=one_line(blueprint.era_or_region),
        moods=listed(blueprint.moods),
        instruments=listed(blueprint.instruments),
        tempo=_tempo(blueprint.tempo),
        key=one_line(blueprint.key),
        voice=_voice(blueprint.voice),
        language=one_line(blueprint.language),
        sections=tuple(_section(s) for s in blueprint.sections if not s.is_empty),
        extra=lines(blueprint.extra),
    )


_BPM = re.compile(r"([0-9]{1,3})(?: ?bpm)?", re.IGNORECASE | re.ASCII)


def _tempo(tempo: int | str | None) -> int | str | None:
    if tempo is None or isinstance(tempo, int):
        return tempo
    text = one_line(tempo)
    number = _BPM.fullmatch(text)
    return int(number[1]) if number else text or None


def _voice(voice: str | None) -> str | None:
    text = one_line(voice or "")
    return INSTRUMENTAL if text.lower() == INSTRUMENTAL else text or None


_IN_A_TAG = str.maketrans({"[": "(", "]": ")"})
_IN_A_NAME = str.maketrans({"[": " ", "]": " ", ":": " "})


def _section(section: Section) -> Section:
    return replace(
        section,
        name=one_line(section.name.translate(_IN_A_NAME)) or UNNAMED,
        start_s=_moment(section.start_s),
        end_s=_moment(section.end_s),
        what=one_line(section.what.translate(_IN_A_TAG)),
        lyrics=lines(section.lyrics),
    )


def _moment(seconds: float | None) -> float | None:
    """Round to what a timestamp can say: hundredths of a second."""
    return None if seconds is None else round(max(0.0, float(seconds)), 2)


def to_json(blueprint: Blueprint) -> str:
    """Write a blueprint as JSON, for drafts."""
    return json.dumps(asdict(blueprint), ensure_ascii=False)


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
