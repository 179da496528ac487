"""Money that was spent in a period: a chart, a table, and a file of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lyria_core import MODELS
from lyria_studio.money import Spending, SpendingRow, local_day, usd
from lyria_studio.services import Services
from lyria_studio.ui import responsive_tables, session

COLUMNS = {
    "Spent": "committed",
    "Charged": "charged",
    "Reserved": "reserved",
    "Maybe charged": "maybe",
    "Not charged": "freed",
}
PURSES = {"Real money": "live", "Demo": "sandbox"}
_MOST_DAYS = 92  # that a chart shows one by one


@dataclass(frozen=True)
class Period:
    """What the chart and the table are about.

    Attributes:
        label: its button.
        days: how many days, today included; None: all.
    """

    label: str
    days: int | None

    def since(self, now: datetime, zone: tzinfo) -> datetime | None:
        """Return an instant of the first day; None: from the first order on."""
        if self.days is None:
            return None
        return datetime.combine(
            local_day(now, zone) - timedelta(days=self.days - 1), datetime.min.time(), zone
        ) + timedelta(hours=12)


PERIODS = {
    one.label: one
    for one in (
        Period("7 days", 7),
        Period("30 days", 30),
        Period("12 months", 365),
        Period("All", None),
    )
}

_FIRST_PERIOD = "30 days"


def draw(services: Services) -> None:
    """Draw the spending of the chosen period: real money, or the play money of demo mode."""
    with st.container(border=True, key="spending"):
        with st.container(
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            key="spending-head",
        ):
            st.header("Spending", width="content")
            gateway = _purse(services)
            any_orders = services.library.ledger.has_orders(gateway)
            period = _period() if any_orders else None
        if period is None:
            st.caption("Nothing spent yet.")
        else:
            _draw(services, gateway, period)


def _period() -> Period:
    label = st.segmented_control(
        "Period",
        list(PERIODS),
        default=_FIRST_PERIOD,
        required=True,
        key="spent_period",
        label_visibility="collapsed",
        persist_state="session",
    )
    return PERIODS[label or _FIRST_PERIOD]


def _purse(services: Services) -> str:
    """Return whose money to show; there is a choice only where both kinds were ordered."""
    ledger = services.library.ledger
    if not ledger.has_orders("sandbox"):
        return "live"
    real = ledger.has_orders("live") or session.access(services).gateway == "live"
    first = "Real money" if real else "Demo"
    chosen = st.segmented_control(
        "Money",
        list(PURSES),
        default=first,
        required=True,
        key="spent_purse",
        label_visibility="collapsed",
        persist_state="session",
    )
    return PURSES[chosen or first]


def _draw(services: Services, gateway: str, period: Period) -> None:
    ledger, zone = services.library.ledger, services.zone
    now = services.library.now()
    since = period.since(now, zone)
    by_month = period.days is None or period.days > _MOST_DAYS
    spending = ledger.spending(gateway, zone, since=since, months=by_month)
    if period.days is None and spending.by_day and _is_short(spending, local_day(now, zone)):
        by_month = False
        spending = ledger.spending(gateway, zone)
    if not spending.rows:
        st.caption("Nothing spent in this period.")
        return
    begin = spending.by_day[-1].day if since is None else since.date()
    st.vega_lite_chart(
        frame(spending),
        chart(begin or now.date(), local_day(now, zone), by_month=by_month),
        height=230,
        alt=f"Dollars spent a {'month' if by_month else 'day'}, by model",
        key=f"spending-{gateway}",
    )
    responsive_tables.draw(
        [_cells(row, gateway) for row in (*spending.by_model, spending.total)], "Spending by model"
    )
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.caption(
            f"Spent = charged + reserved + maybe charged. Days begin at midnight in {zone}.",
            width="stretch",
        )
        st.download_button(
            "Download CSV",
            data=partial(csv, services, gateway, since),
            file_name=f"spending-{local_day(now, zone)}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="spending-csv",
        )


def _is_short(spending: Spending, today: date) -> bool:
    first = spending.by_day[-1].day
    return first is not None and (today - first).days < _MOST_DAYS


def frame(spending: Spending) -> pd.DataFrame:
    """Return one row for each day or month and model, dollars as floats for a chart."""
    return pd.DataFrame(
        [
            {
                "day": row.day.isoformat(),
                "model": _name(row),
                "usd": float(row.committed),
                "text": usd(row.committed, spending.gateway),
            }
            for row in spending.rows
            if row.day
        ]
    )


def csv(services: Services, gateway: str, since: datetime | None) -> bytes:
    """Return a line for each day and model; amounts as plain numbers of dollars.

    Args:
        services: the services of this process.
        gateway: "live" or "sandbox".
        since: an instant of the first day; None: from the first order on.
    """
    spending = services.library.ledger.spending(gateway, services.zone, since=since)
    rows = [
        {
            "day": row.day.isoformat() if row.day else "",
            "model": row.model_id,
            "tracks": row.count,
            **{
                f"{label.lower().replace(' ', '_')}_usd": f"{getattr(row, field):.4f}"
                for label, field in COLUMNS.items()
            },
        }
        for row in spending.rows
    ]
    return str(pd.DataFrame(rows).to_csv(index=False)).encode()


def chart(begin: date, end: date, *, by_month: bool) -> dict[str, Any]:
    """Return bars on an axis of time, in Vega-Lite's words.

    Args:
        begin: the first day of the axis.
        end: the last one.
        by_month: whether a bar is a month, or a day.
    """
    unit, words = ("utcyearmonth", "%b %Y") if by_month else ("utcyearmonthdate", "%-d %b")
    after = end + timedelta(days=31 if by_month else 1)
    if by_month:
        begin, after = begin.replace(day=1), after.replace(day=1)
    domain = [
        {"year": one.year, "month": one.month, "date": one.day, "utc": True}
        for one in (begin, after)
    ]
    day: dict[str, Any] = {"field": "day", "timeUnit": unit, "type": "temporal"}
    return {
        "mark": {"type": "bar", "width": {"band": 0.7}},
        "encoding": {
            "x": {
                **day,
                "title": None,
                "scale": {"type": "utc", "domain": domain},
                "axis": {"format": words, "labelOverlap": True, "tickCount": 8, "grid": False},
            },
            "y": {
                "field": "usd",
                "aggregate": "sum",
                "type": "quantitative",
                "title": None,
                "axis": {"format": "$.2f", "tickCount": 4},
            },
            "color": {
                "field": "model",
                "type": "nominal",
                "title": None,
                "legend": {"orient": "top", "padding": 0, "offset": 4},
            },
            "tooltip": [
                {**day, "title": "Month" if by_month else "Day", "format": words},
                {"field": "model", "type": "nominal", "title": "Model"},
                {"field": "text", "type": "nominal", "title": "Spent"},
            ],
        },
    }


def _cells(row: SpendingRow, gateway: str) -> dict[str, str]:
    return {
        "Model": _name(row),
        "Tracks": f"{row.count:,}",
        **{label: usd(getattr(row, field), gateway) for label, field in COLUMNS.items()},
    }


def _name(row: SpendingRow) -> str:
    model = MODELS.get(row.model_id or "")
    return model.name if model else row.model_id or "Total"
