"""What differs between two variants: in words, and in everything that is not words."""

from __future__ import annotations

from dataclasses import dataclass

from lyria_core import MODELS
from lyria_studio.model.comparison import Variant
from lyria_studio.prompts import word_diff

__all__ = ["Differences", "Place", "differences", "model_name", "sent"]

_QUOTED = 40  # characters of a changed place that a title may quote
_COUNTED = {1: "one place", 2: "two places", 3: "three places", 4: "four places"}


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a prompt that was changed: what stood there and what stands there now."""

    before: str
    after: str

    @property
    def short_before(self) -> str:
        """What stood there, on one line and cut for a title."""
        return _short(self.before)

    @property
    def short_after(self) -> str:
        """What stands there now, on one line and cut for a title."""
        return _short(self.after)

    def __str__(self) -> str:
        before, after = self.short_before, self.short_after
        if not before:
            return f"added {after}"
        return f"{before} → {after}" if after else f"removed {before}"


@dataclass(frozen=True, slots=True)
class Differences:
    """How one variant differs from another in what their models read.

    Attributes:
        words: the changed places of the prompt.
        models: the names of both models; None: the same one.
        negative: whether what to leave out differs.
        images: whether the images differ.
        seeds: whether both have a seed and not the same one.
    """

    words: tuple[Place, ...] = ()
    models: tuple[str, str] | None = None
    negative: bool = False
    images: bool = False
    seeds: bool = False

    @property
    def things(self) -> tuple[str, ...]:
        """What differs, each as a few words for a sentence; every one could be the cause."""
        found = []
        if self.words:
            count = len(self.words)
            places = _COUNTED.get(count, f"{count} places")
            found.append("the words" if count == 1 else f"the words in {places}")
        if self.models:
            found.append("the model")
        if self.negative:
            found.append("the negative prompt")
        if self.images:
            found.append("the images")
        return tuple(found)

    @property
    def causes(self) -> int:
        """How many separate changes could be the reason for a difference that is heard."""
        return len(self.words) + sum((self.models is not None, self.negative, self.images))

    @property
    def title(self) -> str:
        """The change in one line, as a name for it."""
        parts = []
        if self.words:
            parts.append(f"{self.words[0]}{' and more' if len(self.words) > 1 else ''}")
        if self.models:
            parts.append(" → ".join(self.models))
        if self.negative:
            parts.append("negative prompt")
        if self.images:
            parts.append("other images")
        if not parts and self.seeds:
            parts.append("another seed")
        return ", ".join(parts) or "the same request twice"


def differences(one: Variant, other: Variant) -> Differences:
    """Return how `other` differs from `one`, in the fields that the model reads."""
    a, b = sent(one), sent(other)
    return Differences(
        words=_places(a.prompt.strip(), b.prompt.strip()),
        models=None
        if a.model_id == b.model_id
        else (model_name(a.model_id), model_name(b.model_id)),
        negative=a.negative_prompt != b.negative_prompt,
        images=a.images != b.images,
        seeds=a.seed is not None and b.seed is not None and a.seed != b.seed,
    )


def sent(variant: Variant) -> Variant:
    """Return the variant with only what its model reads; the letter and the offset stay."""
    model = MODELS.get(variant.model_id)
    if model is None:
        return variant
    negative = (variant.negative_prompt or "").strip() or None
    return Variant(
        letter=variant.letter,
        model_id=variant.model_id,
        prompt=variant.prompt,
        negative_prompt=negative if model.supports_negative_prompt else None,
        seed=variant.seed if model.supports_seed else None,
        images=variant.images if model.supports_images else (),
        offset_s=variant.offset_s,
    )


def model_name(model_id: str) -> str:
    """Return the name of a model, or its id if the catalogue no longer has it."""
    model = MODELS.get(model_id)
    return model.name if model else model_id


def _places(a: str, b: str) -> tuple[Place, ...]:
    found: list[Place] = []
    before = after = ""
    for op, text in [*word_diff(a, b), ("equal", "")]:
        if op == "delete":
            before += text
        elif op == "insert":
            after += text
        else:
            if before.strip() or after.strip():
                found.append(Place(before.strip(), after.strip()))
            before = after = ""
    return tuple(found)


def _short(text: str) -> str:
    line = " ".join(text.split()).strip(" ,.;:")
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED].rstrip()}…"
