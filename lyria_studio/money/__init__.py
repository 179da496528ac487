"""Money: amounts, hard budgets, and the ledger that says where the money of every order is."""

from lyria_studio.money.amounts import InvalidAmount, parse_usd, usd
from lyria_studio.money.budget import (
    Budget,
    BudgetExceeded,
    Committed,
    Limit,
    Period,
    check,
    local_day,
    start_of_day,
)
from lyria_studio.money.reconciliation import Line, Match, Reconciliation, read_list, reconcile
from lyria_studio.money.spending import (
    Entry,
    LedgerColumn,
    Spending,
    SpendingRow,
    column_of,
    summarise,
)

__all__ = [
    "Budget",
    "BudgetExceeded",
    "Committed",
    "Entry",
    "InvalidAmount",
    "LedgerColumn",
    "Limit",
    "Line",
    "Match",
    "Period",
    "Reconciliation",
    "Spending",
    "SpendingRow",
    "check",
    "column_of",
    "local_day",
    "parse_usd",
    "read_list",
    "reconcile",
    "start_of_day",
    "summarise",
    "usd",
]
