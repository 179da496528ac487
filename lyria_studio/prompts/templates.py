"""Starting points: ours, and those that a user saved."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from lyria_core import MODELS, Charge, LyriaError
from lyria_studio.limits import LONGEST
from lyria_studio.model.draft import MAX_PROMPT_CHARACTERS
from lyria_studio.prompts.tokens import folded

MAX_TEMPLATES = 500
MAX_TAGS = 20
_LONGEST = {
    "id": 80,
    "title": LONGEST["name of a template"],
    "use": 60,
    "genre": 60,
    "tag": 40,
    "prompt": MAX_PROMPT_CHARACTERS,
    "negative_prompt": 2_000,
}
"""Largest number of characters of each field."""

# Whatever can be stored can be exported and read again; JSON doubles line breaks and quotes.
MAX_FILE_CHARACTERS = 2 * MAX_TEMPLATES * (sum(_LONGEST.values()) + MAX_TAGS * _LONGEST["tag"])

_VERSION = 1
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class TemplateError(LyriaError, ValueError):
    """Templates cannot be read or made; the message is one sentence for people."""

    default_charge = Charge.NO
    default_advice = ""


@dataclass(frozen=True)
class Template:
    """A starting point.

    Attributes:
        id: Its name in addresses and files: lower-case words joined with hyphens.
        title: Its name for people.
        use: What it is for, such as "advert".
        genre: Its genre.
        model: A key of `lyria_core.MODELS`.
        prompt: The prompt.
        tags: Further words to find it by.
        negative_prompt: What to leave out, for the models that take that.
    """

    id: str
    title: str
    use: str
    genre: str
    model: str
    prompt: str
    tags: tuple[str, ...] = ()
    negative_prompt: str = ""


@dataclass(frozen=True)
class Imported:
    """What was read from a file.

    Attributes:
        templates: the templates that can be used.
        left: a sentence for each template that was left out or changed.
    """

    templates: tuple[Template, ...]
    left: tuple[str, ...]


@cache
def all_templates() -> tuple[Template, ...]:
    """Return the templates that come with the studio, in the order of the file."""
    text = Path(__file__).with_name("templates.json").read_text(encoding="utf-8")
    return tuple(import_json(text))


def search(text: str, templates: Sequence[Template] | None = None) -> list[Template]:
    """Find the templates in which every word of a text begins a word; case and accents are folded.

    Those that say the words in their title come first, then those with them in use, genre or
    tags, then those with them in the prompt only.

    Args:
        text: The words, in any order; none gives all templates.
        templates: Where to look; the studio's own if not given.
    """
    chosen = all_templates() if templates is None else templates
    wanted = _words(text)
    ranked = [(rank, template) for template in chosen if (rank := _rank(template, wanted)) < 3]
    return [template for _, template in sorted(ranked, key=lambda pair: pair[0])]


def _rank(template: Template, wanted: list[str]) -> int:
    model = MODELS.get(template.model)
    parts = [
        template.title,
        " ".join([template.use, template.genre, *template.tags, model.name if model else ""]),
        f"{template.prompt} {template.negative_prompt}",
    ]
    for rank in range(len(parts)):
        # Blanks before words make "begins a word" a plain search.
        text = " " + " ".join(_words(" ".join(parts[: rank + 1])))
        if all(f" {word}" in text for word in wanted):
            return rank
    return len(parts)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", folded(text))


def new_template(
    title: str,
    prompt: str,
    model: str,
    *,
    use: str = "",
    genre: str = "",
    tags: Sequence[str] = (),
    negative_prompt: str = "",
    taken: Sequence[str] = (),
) -> Template:
    """Make a template of one's own, with an id made of its title that is not taken.

    Args:
        title: Its name.
        prompt: The prompt.
        model: A key of `lyria_core.MODELS`.
        use: What it is for.
        genre: Its genre.
        tags: Further words to find it by.
        negative_prompt: What to leave out.
        taken: Ids that are in use.

    Raises:
        TemplateError: A field is empty, too long or not known.
    """
    row = {
        "title": title,
        "use": use,
        "genre": genre,
        "model": model,
        "prompt": prompt,
        "tags": list(tags),
        "negative_prompt": negative_prompt,
    }
    return _free(_template(row, "The template"), taken)


def export_json(templates: Sequence[Template]) -> str:
    """Write templates as JSON, to be kept or given away; `import_json` reads it."""
    rows = [asdict(template) for template in templates]
    return json.dumps(
        {"lyria_templates": _VERSION, "templates": rows}, ensure_ascii=False, indent=1
    )


def validated(template: Template) -> Template:
    """Return a template as it may be stored, its id untouched.

    Raises:
        TemplateError: A field is empty, too long or not known.
    """
    return replace(_template(asdict(template), "The template"), id=template.id)


def import_json(text: str | bytes) -> list[Template]:
    """Read templates that `export_json` wrote, all of them.

    Raises:
        TemplateError: What is wrong with the first one that cannot be used, in one sentence for
            people; nothing was taken over.
    """
    found = import_some(text)
    if found.left:
        raise TemplateError(found.left[0])
    return list(found.templates)


def import_some(text: str | bytes) -> Imported:
    """Read the templates that can be used from what `export_json` wrote, or from a plain list.

    Templates without an id, or with one that came before, get a new one. The prompt may be a
    list of lines. Fields that are not known are passed over. A name that is too long is cut.

    Raises:
        TemplateError: Nothing can be read, in one sentence for people.
    """
    rows = _rows(_parsed(text))
    templates: list[Template] = []
    left: list[str] = []
    taken: set[str] = set()
    for number, row in enumerate(rows[:MAX_TEMPLATES], start=1):
        which = f"Template {number} of the file"
        try:
            template = _free(_template(_with_short_name(row, which, left), which), taken)
        except TemplateError as error:
            left.append(error.message)
            continue
        taken.add(template.id)
        templates.append(template)
    if len(rows) > MAX_TEMPLATES:
        left.append(
            f"The file holds {len(rows)} templates, and at most {MAX_TEMPLATES} can be read at "
            "once; split it."
        )
    return Imported(tuple(templates), tuple(left))


def _with_short_name(row: object, which: str, left: list[str]) -> object:
    """Cut a name that an earlier version let grow too long, and say so."""
    name = row.get("title") if isinstance(row, Mapping) else None
    longest = _LONGEST["title"]
    if not isinstance(row, Mapping) or not isinstance(name, str) or len(name) <= longest:
        return row
    left.append(
        f"{which} has a title of {len(name):,} characters, and at most {longest} are kept: it "
        "was cut."
    )
    return {**row, "title": name[:longest]}


def _parsed(text: str | bytes) -> object:
    if len(text) > MAX_FILE_CHARACTERS:
        raise TemplateError("The file is too large to hold templates; choose another one.")
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        parsed: object = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise TemplateError(
            "The file is not JSON; choose one that was exported from Templates."
        ) from None
    return parsed


def _rows(data: object) -> list[object]:
    if isinstance(data, dict):
        version = data.get("lyria_templates")
        if isinstance(version, int) and version > _VERSION:
            raise TemplateError("The file was written by a newer version of the studio; update it.")
        data = data.get("templates")
    if not isinstance(data, list):
        raise TemplateError("The file holds no templates; choose one exported from Templates.")
    return data


def _template(row: object, which: str) -> Template:
    if not isinstance(row, Mapping):
        raise TemplateError(f"{which} cannot be read.")
    values: dict[str, Any] = {
        name: _text(row, name, which) for name in ("id", "title", "use", "genre", "model")
    }
    for name in ("prompt", "negative_prompt"):
        values[name] = _text(row, name, which, lines=True)
    for name in ("title", "prompt"):
        if not values[name].strip():
            raise TemplateError(f"{which} has no {name}.")
    if values["model"] not in MODELS:
        raise TemplateError(f"{which} is for a model that is not known here.")
    tags = row.get("tags") or []
    if not isinstance(tags, list | tuple) or len(tags) > MAX_TAGS:
        raise TemplateError(f"{which} has no list of at most {MAX_TAGS} tags.")
    values["tags"] = tuple(_checked(tag, "tag", which).strip() for tag in tags)
    if not _ID.fullmatch(values["id"]):
        values["id"] = _slug(values["title"])
    return Template(**values)


def _text(row: Mapping[str, object], name: str, which: str, *, lines: bool = False) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if lines and isinstance(value, list):
        value = "\n".join(_checked(line, name, which) for line in value)
    text = _checked(value, name, which)
    return text if lines else " ".join(text.split())


def _checked(value: object, name: str, which: str) -> str:
    what = name.replace("_", " ")
    if not isinstance(value, str):
        raise TemplateError(f"{which} has a {what} that is no text.")
    if len(value) > _LONGEST.get(name, 80):
        raise TemplateError(
            f"{which} has a {what} of {len(value):,} characters, and at most "
            f"{_LONGEST.get(name, 80):,} are allowed."
        )
    if not _is_sendable(value):
        raise TemplateError(f"{which} has a {what} with broken characters.")
    return value


def _is_sendable(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _slug(title: str) -> str:
    words = re.findall(r"[a-z0-9]+", folded(title))
    return "-".join(words)[: _LONGEST["id"] - 5].strip("-") or "template"


def _free(template: Template, taken: Sequence[str] | set[str]) -> Template:
    base = template.id or _slug(template.title)
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return replace(template, id=name)
