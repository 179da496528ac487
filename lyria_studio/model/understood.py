"""What an answer of the sandbox says of its composer."""

from collections.abc import Mapping
from typing import Any


def understood(raw: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what the sandbox's composer understood of a prompt; None where no answer says it."""
    if raw is None:
        return None
    output = raw.get("output")
    for place in (raw, output if isinstance(output, Mapping) else {}):
        found = place.get("understood")
        if isinstance(found, Mapping):
            return dict(found)
    return None
