"""What a generation cost, as far as it is known."""

from enum import StrEnum


class Charge(StrEnum):
    """Whether money was spent.

    Attributes:
        NO: Nothing was charged, for certain.
        MAYBE: It may have been charged; count it as reserved until it is settled.
        YES: It was charged.
    """

    NO = "NO"
    MAYBE = "MAYBE"
    YES = "YES"
