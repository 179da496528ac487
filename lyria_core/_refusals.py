"""What a refused order means: the request, the key or the wallet."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lyria_core._answers import message_of, retry_after, status_and_message
from lyria_core._errors import (
    AuthenticationError,
    InsufficientBalance,
    InvalidRequest,
    LyriaError,
    RateLimited,
    Refusal,
)
from lyria_core._money import dollars_required
from lyria_core._redact import Redactor
from lyria_core._wire import Answer

LONGEST_RETRY_AFTER_S = 60.0

# Words by which gateways tell that the money is spent or the quota used up, whatever the code:
# the reference ("wallet", "balance"), Azure API Management ("Out of call volume quota", a 403),
# docs.kie.ai ("The current credits are insufficient", a 200).
_SPENT = re.compile(
    r"\b(wallet|balance|credits?|funds|quota|billing|payment|top[ -]?up)\b", re.IGNORECASE
)
_CODE_FIELDS = ("code", "status_code", "statusCode")  # docs.kie.ai, Azure API Management
_CHECK_ACCOUNT = "Check the balance and quota of your gateway account, then try again."


def refused(answer: Answer, redactor: Redactor, now: datetime) -> LyriaError:
    """Return the error for an order that a gateway answered with a client error: never taken.

    Args:
        answer: Its answer.
        redactor: Hides the key and the prompt.
        now: The time, for a Retry-After that is a date.
    """
    reason = status_and_message(answer, redactor)
    status = answer.status
    words = message_of(answer) or ""
    if status in (403, 429) and _SPENT.search(words):
        kind = AuthenticationError if status == 403 else RateLimited
        error = kind(
            f"The gateway refused the request ({reason}), so nothing was made or charged.",
            http_status=status,
            advice=_CHECK_ACCOUNT,
        )
        error.refusal = Refusal.CREDIT
        if isinstance(error, RateLimited):
            error.retry_after = retry_after(answer, now)
            if _is_brief_quota(words, error.retry_after):
                error.refusal = None
        return error
    if status in (401, 403):
        return AuthenticationError(
            f"The gateway did not accept the API key ({reason}), so nothing was charged.",
            http_status=status,
        )
    if status == 402:
        required = dollars_required(words)
        needs = f": ${required:,} needed" if required is not None else f" ({reason})"
        return InsufficientBalance(
            f"Not enough credit{needs}. Nothing was charged.",
            http_status=status,
            required=required,
        )
    if status == 429:
        wait = retry_after(answer, now)
        return RateLimited(
            f"The gateway asks to slow down ({reason}), so nothing was made or charged.",
            http_status=status,
            retry_after=wait,
            advice=(
                "Wait a little and try again."
                if wait is None
                else f"Wait {math.ceil(wait)} s and try again."
            ),
        )
    return InvalidRequest(
        f"The gateway refused the request ({reason}), so nothing was made or charged.",
        http_status=status,
    )


def refusal_in(payload: Mapping[str, Any], words: str) -> Refusal | None:
    """Return what an answer that looks like a success refuses, by its code or its words.

    Args:
        payload: The JSON of the answer.
        words: What it says for people; may be empty.
    """
    codes = {str(payload.get(name)) for name in _CODE_FIELDS}
    if "402" in codes or _SPENT.search(words):
        return Refusal.CREDIT
    return Refusal.KEY if codes & {"401", "403"} else None


def _is_brief_quota(words: str, wait_s: float | None) -> bool:
    """Return whether a quota is only one of requests a minute, which comes back by itself."""
    brief = wait_s is not None and wait_s <= LONGEST_RETRY_AFTER_S
    return brief and {found.lower() for found in _SPENT.findall(words)} == {"quota"}
