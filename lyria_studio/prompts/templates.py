"""Starting points: ours, and those that a user saved."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path


class TemplateError(ValueError):
    """Templates cannot be read; the message is one sentence for people."""


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


@cache
def all_templates() -> tuple[Template, ...]:
    """The templates that come with the studio, in the order of the file."""
    text = Path(__file__).with_name("templates.json").read_text(encoding="utf-8")
    return tuple(import_json(text))


def folded(text: str) -> str:
    """Lower case without accents, for searching."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def search(text: str, templates: Sequence[Template] | None = None) -> list[Template]:
    """Templates in which every word of the text begins a word, in any order.

    Args:
        text: The words; none gives all templates.
        templates: Where to look; the studio's own if not given.
    """
    chosen = all_templates() if templates is None else templates
    wanted = folded(text).split()
    return [t for t in chosen if all(_has(t, word) for word in wanted)]


def _has(template: Template, word: str) -> bool:
    said = folded(" ".join([template.title, template.use, template.genre, *template.tags]))
    return word in said


def export_json(templates: Sequence[Template]) -> str:
    """Write templates as JSON, to be kept or given away."""
    return json.dumps(
        {"lyria_templates": 1, "templates": [asdict(t) for t in templates]},
        ensure_ascii=False,
        indent=1,
    )


def import_json(text: str) -> list[Template]:
    """Read templates that `export_json` wrote.

    Raises:
        TemplateError: The text is not such a file, in one sentence for people.
    """
    try:
        data = json.loads(text)
        rows = data["templates"]
        return [Template(**{**row, "tags": tuple(row.get("tags", ()))}) for row in rows]
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        raise TemplateError("This is not a file of templates.") from None
