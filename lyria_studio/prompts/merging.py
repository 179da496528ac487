"""Keeping what was edited by hand when the form changes."""

from __future__ import annotations

from lyria_studio.prompts.blueprint import Blueprint
from lyria_studio.prompts.writing import compose_prompt


def merge_edited(previous_generated: str, edited: str, new: Blueprint, model_id: str) -> str:
    """Carry a change of the form into a prompt that was edited by hand.

    Args:
        previous_generated: What `compose_prompt` wrote before the edit.
        edited: What stands in the visible prompt.
        new: The form now.
        model_id: A key of `lyria_core.MODELS`.

    Raises:
        KeyError: There is no such model.
    """
    generated = compose_prompt(new, model_id)
    if edited == previous_generated:
        return generated
    if generated == previous_generated:
        return edited
    added = [
        line
        for line in edited.splitlines()
        if line.strip() and line not in previous_generated.splitlines()
    ]
    return "\n".join([generated, *added])
