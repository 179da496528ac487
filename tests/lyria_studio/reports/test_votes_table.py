"""The table of votes: whole, secret where it must be, and harmless in a spreadsheet."""

import csv
import io
import zipfile
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.report_samples import sample

from lyria_studio.model.listening_test import ListeningKind
from lyria_studio.reports import votes_csv, votes_zip
from lyria_studio.reports.votes_table import COLUMNS, guarded


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_every_vote_is_a_row() -> None:
    remarks: dict[int, dict[str, Any]] = {
        1: {"comment": "here, “there”\nand on", "comment_at_s": 8.25, "comment_on": "second"}
    }
    made = sample("A>B B>A A=B", remarks=remarks)
    found = rows(votes_csv(made.votes, {"secret-2": "Zoë"}))
    assert tuple(found[0]) == tuple(COLUMNS)
    assert [row["winner"] for row in found] == ["A", "B", ""]
    assert [row["choice"] for row in found] == ["first", "first", "none"]
    assert [row["listener"] for row in found] == ["1", "2", "3"]
    assert found[2]["listener_name"] == "Zoë"
    assert found[1]["comment"] == "here, “there”\nand on"
    assert found[1]["comment_at_s"] == "8.2"
    assert found[1]["comment_on"] == "A"
    assert found[0]["cast_at_utc"] == "2026-06-01T12:00:00+00:00"
    assert found[0]["heard_first_s"] == "12.2"


def test_a_second_table_says_what_each_column_holds_and_in_which_zone() -> None:
    votes = sample("A>B B>A").votes
    with zipfile.ZipFile(io.BytesIO(votes_zip(votes, {}, {"secret-1": "speaker"}))) as archive:
        assert archive.namelist() == ["votes.csv", "columns.csv"]
        cast = pd.read_csv(archive.open("votes.csv"))
        meaning = pd.read_csv(archive.open("columns.csv")).set_index("column")["meaning"]
    assert list(meaning.index) == list(cast.columns)
    assert meaning.str.len().min() > 10
    assert "UTC" in meaning["cast_at_utc"]
    assert cast["listening_on"].fillna("").tolist() == ["", "speaker"]


def test_abx_says_what_was_right() -> None:
    found = rows(votes_csv(sample("A>B A<B", kind=ListeningKind.ABX).votes))
    assert [row["correct"] for row in found] == ["true", "false"]
    assert [row["x_is"] for row in found] == ["first", "first"]


def test_ids_that_let_one_vote_are_not_in_it() -> None:
    data = votes_csv(sample("A>B B>A").votes)
    assert b"secret" not in data
    assert b"track-" not in data


def test_excel_and_pandas_read_it() -> None:
    data = votes_csv(sample("A>B", remarks={0: {"reason": "schön"}}).votes)
    assert data.startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(io.BytesIO(data))
    assert frame["reason"][0] == "schön"
    assert frame["vote"][0] == 1


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=x", "\r=x", "\n=x", "＝1", "  =1", "\u00a0@x"]
)
def test_formulas_are_words(text: str) -> None:
    assert guarded(text) == f"'{text}"


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=30))
def test_no_cell_begins_a_formula(text: str) -> None:
    if "\ud800" <= max(text, default="") <= "\udfff":
        return
    found = rows(votes_csv(sample("A>B", remarks={0: {"reason": text}}).votes))
    cell = found[0]["reason"]
    assert not cell.lstrip(" \u00a0").startswith(tuple("=+-@＝＋－＠\t\r\n"))
    assert cell in (text, f"'{text}")
