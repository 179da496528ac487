"""Prompts as the sandbox composer reads and plans them."""

from collections.abc import Iterable

from lyria_sandbox.composer import Order
from lyria_sandbox.composer.compose import compose
from lyria_sandbox.composer.parse import ParsedPrompt, read
from lyria_sandbox.composer.plan import Plan, make_plan
from lyria_sandbox.composer.score import Score


def parsed(prompt: str, negative: str = "", model: str = "lyria-3") -> ParsedPrompt:
    return read(Order(model, prompt, negative_prompt=negative))


def names(things: Iterable[object]) -> list[str]:
    """List the names of instruments, genres or moods."""
    return [str(getattr(thing, "name")) for thing in things]  # noqa: B009


def planned(prompt: str, model: str = "lyria-3", seed: int = 5) -> Plan:
    order = Order(model, prompt, seed=seed)
    return make_plan(order, read(order))


def written(prompt: str, model: str = "lyria-3", seed: int = 5) -> tuple[Plan, Score]:
    plan = planned(prompt, model, seed)
    return plan, compose(plan)
