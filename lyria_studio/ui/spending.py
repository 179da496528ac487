"""Money that was spent, by day and model."""

from datetime import date, tzinfo
from typing import Any

import pandas as pd
import streamlit as st

from lyria_core import MODELS
from lyria_studio.money import Spending, SpendingRow, usd
from lyria_studio.services import Services
from lyria_studio.ui import responsive_tables

COLUMNS = {
    "Ordered": "ordered",
    "Reserved": "reserved",
    "Charged": "charged",
    "Maybe charged": "maybe",
    "Not charged": "freed",
}


def draw(services: Services, zone: tzinfo) -> None:
    """Draw all real money that was spent, and the play money of demo mode apart from it."""
    st.header("Spent")
    _draw(services, "live", zone)
    ledger = services.library.ledger
    if ledger.spending("sandbox", zone).rows:
        with st.expander("Demo orders", key="demo-spending", icon=":material/science:"):
            st.caption("Play money of demo mode. Nobody paid this.")
            _draw(services, "sandbox", zone)


def _draw(services: Services, gateway: str, zone: tzinfo) -> None:
    """Draw the spending at one gateway: totals, a bar for each day, and a table with sums."""
    spending = services.library.ledger.spending(gateway, zone)
    if not spending.rows:
        st.caption("Nothing spent yet.")
        return
    with st.container(horizontal=True, gap="large"):
        for label, field in COLUMNS.items():
            st.metric(label, usd(getattr(spending.total, field), gateway), width="content")
    if len(spending.by_day) > 1:  # one bar alone says nothing that the numbers do not
        st.vega_lite_chart(
            frame(spending),
            _chart(spending),
            height=280,
            alt="Dollars ordered a day, by model",
            key=f"spending-{gateway}",
        )
    responsive_tables.draw(
        [_cells(row, gateway) for row in (*spending.rows, spending.total)],
        "Spent by day and model" if gateway == "live" else "Demo orders by day and model",
    )
    st.caption(
        "Ordered is the sum of the four others. Reserved: under way. Charged: the gateway took "
        "the job and it completed. Maybe charged: the gateway did not say. Days begin at midnight "
        f"in {zone}."
    )


def frame(spending: Spending) -> pd.DataFrame:
    """Return one row for each day and model, amounts in dollars as floats for charts."""
    days = {row.day: row.day.isoformat() for row in spending.rows if row.day}
    years = {day.year for day in days}
    return pd.DataFrame(
        [
            {
                "date": days[row.day],
                "day": _day(row.day) if len(years) > 1 else f"{row.day.day} {row.day:%b}",
                "model": _name(row),
                "usd": float(row.ordered),
            }
            for row in spending.rows
            if row.day
        ]
    )


def _chart(spending: Spending) -> dict[str, Any]:
    """Return a Vega-Lite chart with a bar for each day; `st.bar_chart` has no dollar axis."""
    dollars: dict[str, Any] = {"field": "usd", "aggregate": "sum", "type": "quantitative"}
    day: dict[str, Any] = {"field": "day", "type": "ordinal"}
    order = list(dict.fromkeys(frame(spending).sort_values("date")["day"]))
    return {
        "mark": {"type": "bar", "width": {"band": 0.6}},
        "encoding": {
            "x": {**day, "sort": order, "title": None, "axis": {"labelAngle": 0}},
            "y": {**dollars, "title": None, "axis": {"format": "$.2f", "tickCount": 4}},
            "color": {
                "field": "model",
                "type": "nominal",
                "title": None,
                "legend": {"orient": "bottom"},
            },
            "tooltip": [
                {**day, "title": "Day"},
                {"field": "model", "type": "nominal", "title": "Model"},
                {**dollars, "title": "Ordered", "format": "$.2f"},
            ],
        },
    }


def _cells(row: SpendingRow, gateway: str) -> dict[str, str]:
    return {
        "Day": _day(row.day) if row.day else "Total",
        "Model": _name(row),
        "Tracks": str(row.count),
        **{label: usd(getattr(row, field), gateway) for label, field in COLUMNS.items()},
    }


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _name(row: SpendingRow) -> str:
    model = MODELS.get(row.model_id or "")
    return model.name if model else row.model_id or "all"
