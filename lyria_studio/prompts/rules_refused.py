"""What the gateway refuses: the only rules of the coach that block."""

from __future__ import annotations

from lyria_core import InvalidRequest, MusicRequest
from lyria_studio.model.draft import MAX_PROMPT_CHARACTERS
from lyria_studio.prompts.advice import Change, Finding
from lyria_studio.prompts.negatives import nouns
from lyria_studio.prompts.prompt_facts import PromptFacts

_CHECKED = 50  # images; more than ten are refused anyway


def empty(facts: PromptFacts) -> Finding | None:
    """Find a prompt that is missing or empty."""
    if facts.fields.prompt.strip():
        return None
    return Finding("The prompt is empty. Describe the music.")


def too_long(facts: PromptFacts) -> Finding | None:
    """More than the studio sends."""
    length = len(facts.fields.prompt)
    if length <= MAX_PROMPT_CHARACTERS:
        return None
    return Finding(f"The prompt has {length:,} characters. The limit is {MAX_PROMPT_CHARACTERS:,}.")


def unsendable(facts: PromptFacts) -> Finding | None:
    """Halves of an emoji cannot be written as UTF-8."""
    prompt, negative = facts.fields.prompt, facts.fields.negative_prompt
    change = Change(prompt=_sendable(prompt), negative_prompt=_sendable(negative))
    if (change.prompt, change.negative_prompt) == (prompt, negative):
        return None
    return Finding("The text has broken characters that can't be sent.", "Remove them", change)


def images_not_taken(facts: PromptFacts) -> Finding | None:
    """Images for a model that takes none."""
    if not facts.fields.images or facts.model.supports_images:
        return None
    return Finding(f"{facts.model.name} takes no images.", "Remove the images", Change(images=()))


def too_many_images(facts: PromptFacts) -> Finding | None:
    """More images than a model takes."""
    most, images = facts.model.max_images, facts.fields.images
    if not facts.model.supports_images or len(images) <= most:
        return None
    return Finding(
        f"{facts.model.name} takes up to {most} images. There are {len(images)}.",
        f"Keep the first {most}",
        Change(images=images[:most]),
    )


def image_address(facts: PromptFacts) -> Finding | None:
    """Find an image that is not a web address."""
    images = facts.fields.images
    if not facts.model.supports_images:
        return None
    wrong = [i for i, image in enumerate(images[:_CHECKED]) if not _is_accepted(facts, image)]
    if not wrong:
        return None
    kept = tuple(image for i, image in enumerate(images) if i not in wrong)
    return Finding(
        f"Image {wrong[0] + 1} is not an https:// address.",
        "Remove it" if len(wrong) == 1 else f"Remove these {len(wrong)} images",
        Change(images=kept),
    )


def negative_not_taken(facts: PromptFacts) -> Finding | None:
    """Find a negative prompt for a model that takes none."""
    negative = facts.fields.negative_prompt
    if not negative.strip() or facts.model.supports_negative_prompt:
        return None
    listed = nouns(negative)
    if not listed:
        change = Change(negative_prompt="")
        return Finding(f"{facts.model.name} takes no negative prompt.", "Remove it", change)
    sentence = ", ".join(f"no {noun}" for noun in listed.split(", "))
    prompt = f"{facts.fields.prompt.rstrip()}\n\n{sentence[0].upper()}{sentence[1:]}."
    return Finding(
        f"{facts.model.name} takes no negative prompt. It reads “no …” in the prompt.",
        "Move it to the prompt",
        Change(prompt=prompt.lstrip(), negative_prompt=""),
    )


def _sendable(text: str) -> str:
    return text.encode("utf-8", "ignore").decode("utf-8")


def _is_accepted(facts: PromptFacts, image: str) -> bool:
    # The client itself decides, so that the coach and the order never differ.
    try:
        MusicRequest(model=facts.model.id, prompt="music", images=(image,))
    except InvalidRequest:
        return False
    return True
