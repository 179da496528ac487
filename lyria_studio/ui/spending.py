"""What was spent, by day and model."""

from datetime import tzinfo

import pandas as pd
import streamlit as st

from lyria_core import MODELS
from lyria_studio.money import Spending, SpendingRow, usd
from lyria_studio.services import Services
from lyria_studio.wording import literal

COLUMNS = {
    "Ordered": "ordered",
    "Reserved": "reserved",
    "Charged": "charged",
    "Maybe charged": "maybe",
    "Not charged": "freed",
}


def draw(services: Services, gateway: str, zone: tzinfo) -> None:
    """The money of one gateway: totals, a bar for each day, and a table that adds up."""
    st.header("Spent")
    if gateway == "sandbox":
        st.caption("Sandbox play money. Nothing on this list was paid with real money.")
    spending = services.library.spending(gateway, zone)
    if not spending.rows:
        st.caption("Nothing was ordered yet.")
        return
    with st.container(horizontal=True, gap="large"):
        for label, field in COLUMNS.items():
            st.metric(label, usd(getattr(spending.total, field)), width="content")
    if len(spending.by_day) > 1:  # one bar alone says nothing that the numbers do not
        st.bar_chart(
            _by_day(spending),
            x_label="",
            y_label="dollars",
            height=280,
            alt="Dollars ordered a day, by model",
        )
    st.table(_table(spending))
    st.caption(
        "Ordered is always the sum of the four others: reserved while a job is under way, charged "
        "when it completed, maybe charged where the gateway did not say, not charged otherwise."
    )


def frame(spending: Spending) -> pd.DataFrame:
    """One row a day and model, amounts in dollars as floats for charts."""
    return pd.DataFrame(
        [
            {
                "day": row.day.isoformat() if row.day else "",
                "model": _name(row),
                "usd": float(row.ordered),
            }
            for row in spending.rows
        ]
    )


def _by_day(spending: Spending) -> pd.DataFrame:
    return frame(spending).pivot_table(
        index="day", columns="model", values="usd", aggfunc="sum", fill_value=0.0
    )


def _table(spending: Spending) -> pd.DataFrame:
    rows = [_cells(row) for row in (*spending.rows, spending.total)]
    return pd.DataFrame(rows).set_index("Day")


def _cells(row: SpendingRow) -> dict[str, str]:
    return {
        "Day": f"{row.day:%d %b %Y}" if row.day else "Together",
        "Model": _name(row),
        "Tracks": str(row.count),
        **{label: literal(usd(getattr(row, field))) for label, field in COLUMNS.items()},
    }


def _name(row: SpendingRow) -> str:
    model = MODELS.get(row.model_id or "")
    return model.name if model else row.model_id or "all"
