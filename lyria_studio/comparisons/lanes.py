"""Short names of variants: what each one has that the others do not."""

from __future__ import annotations

from collections.abc import Sequence

from lyria_studio.comparisons.differences import Place, differences, model_name, sent
from lyria_studio.model.comparison import Variant

__all__ = ["joined", "lane_names"]

_UNCHANGED = "original"
_PLACES = 2  # changed places that a name quotes


def lane_names(variants: Sequence[Variant]) -> tuple[str, ...]:
    """Name each variant by what differs: the changed words, the model, the seed, else its take.

    Args:
        variants: of one comparison, A first.
    """
    first = variants[0]
    against = [differences(first, one) for one in variants]
    read = [sent(one) for one in variants]
    parts: list[list[str]] = [[] for _ in variants]
    if any(found.words for found in against):
        changed = {tuple(place.before for place in one.words) for one in against if one.words}
        # One name for A only where all others changed the same words of it.
        before = next(iter(changed)) if len(changed) == 1 else ()
        parts[0].append(_quoted(before) or _UNCHANGED)
        for names, found in zip(parts[1:], against[1:], strict=True):
            names.append(_after(found.words) or parts[0][0])
    if len({one.model_id for one in read}) > 1:
        _add(parts, [model_name(one.model_id) for one in read])
    if len({one.negative_prompt for one in read}) > 1:
        _add(
            parts,
            [f"without {one.negative_prompt}" if one.negative_prompt else "" for one in read],
        )
    if len({one.images for one in read}) > 1:
        _add(parts, [f"images of {one.letter}" if one.images else "no images" for one in read])
    if not any(parts) and len({one.seed for one in read} - {None}) > 1:
        _add(parts, ["" if one.seed is None else f"seed {one.seed}" for one in read])
    if not any(parts):
        return tuple(f"Take {number}" for number, _ in enumerate(variants, start=1))
    return tuple(", ".join(names) or _UNCHANGED for names in parts)


def joined(names: Sequence[str]) -> str:
    """Return names as a choice between them, e.g. `Cello, harp or harmonium`."""
    *rest, last = names
    text = f"{', '.join(rest)} or {last}" if rest else last
    return text[:1].upper() + text[1:]


def _add(parts: list[list[str]], names: Sequence[str]) -> None:
    for own, name in zip(parts, names, strict=True):
        if name:
            own.append(name)


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(Place("", text).short_after for text in texts[:_PLACES] if text)


def _after(places: Sequence[Place]) -> str:
    return ", ".join(
        place.short_after or f"without {place.short_before}" for place in places[:_PLACES]
    )
