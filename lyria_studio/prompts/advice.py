"""The coach's tips: a line, its severity, and a remedy that can be applied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["tip", "warning", "refused"]


@dataclass(frozen=True)
class Fields:
    """The fields of the Create form that the coach reads and may change."""

    prompt: str
    negative_prompt: str
    images: tuple[str, ...]
    model_id: str


@dataclass(frozen=True)
class Change:
    """New values for some fields; None leaves a field as it is."""

    prompt: str | None = None
    negative_prompt: str | None = None
    images: tuple[str, ...] | None = None
    model_id: str | None = None


@dataclass(frozen=True)
class Advice:
    """One line of the coach.

    Attributes:
        id: Name of the rule, for keys of widgets.
        severity: "tip", "warning", or "refused" where the gateway would refuse.
        message: One line for people.
        source: Who states the fact, for people.
        remedy: What stands on the button, or None where only the writer can help.
        change: What the button changes, or None.
    """

    id: str
    severity: Severity
    message: str
    source: str = ""
    remedy: str | None = None
    change: Change | None = None

    def apply(self, fields: Fields) -> Fields:
        """Return the fields after the remedy, or the same fields if there is none."""
        if self.change is None:
            return fields
        changed = {name: value for name, value in vars(self.change).items() if value is not None}
        return replace(fields, **changed)


@dataclass(frozen=True)
class Finding:
    """What a rule found: the tip to show, and a remedy if there is one."""

    message: str
    remedy: str | None = None
    change: Change | None = None
