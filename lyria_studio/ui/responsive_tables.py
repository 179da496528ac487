"""Tables that can be read on a phone too: there each row becomes a small card.

Streamlit's own table scrolls sideways instead, which no keyboard reaches.
"""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st


def draw(rows: Sequence[Mapping[str, str]], caption: str) -> None:
    """Draw rows that have the same columns; the first names its row.

    Args:
        rows: text by the name of the column. Nothing in it is read as HTML.
        caption: what the table is, for those who cannot see it.
    """
    head = "".join(
        f'<th role="columnheader" scope="col">{escape(name)}</th>' for name in (rows or [{}])[0]
    )
    body = "".join(f'<tr role="row">{_row(row)}</tr>' for row in rows)
    # The roles say again what the elements mean: shown as a card, they would lose it.
    st.html(
        f'<table class="lyria-table" role="table" aria-label="{escape(caption, quote=True)}">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def _row(row: Mapping[str, str]) -> str:
    (_, name), *cells = row.items()
    return f'<th role="rowheader" scope="row">{escape(name)}</th>' + "".join(
        f'<td role="cell"><span class="of" aria-hidden="true">{escape(column)}</span>'
        f"{escape(text)}</td>"
        for column, text in cells
    )
