import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lyria_studio.listening import topic
from lyria_studio.listening.vote_rules import (
    HEARD_S,
    clean_text,
    comment_time_s,
    must_hear_s,
    not_heard,
    one_line,
)


@pytest.mark.parametrize(
    ("copy_s", "must"),
    [(None, 5.0), (180.0, 5.0), (5.6, 5.0), (4.0, 3.6), (0.0, 0.0), (-3.0, 0.0)],
)
def test_five_seconds_of_each_or_all_there_is(copy_s: float | None, must: float) -> None:
    assert must_hear_s(copy_s) == pytest.approx(must)


@pytest.mark.parametrize(
    ("first", "second", "elapsed", "counts"),
    [
        (5.0, 5.0, 10.0, True),
        (5.0, 5.0, 9.5, True),
        (5.0, 5.0, 9.4, False),
        (4.9, 5.0, 60.0, False),
        (5.0, 4.9, 60.0, False),
        (60.0, 60.0, None, False),
        (60.0, 60.0, 3.0, False),
        (60.0, 60.0, -3600.0, False),
        (math.nan, 5.0, 60.0, False),
        (5.0, math.nan, 60.0, False),
        (math.inf, math.inf, 10.0, True),
    ],
)
def test_when_a_vote_counts(
    first: float, second: float, elapsed: float | None, counts: bool
) -> None:
    problem = not_heard(first, second, elapsed, HEARD_S)
    assert (problem is None) is counts
    if problem is not None:
        assert "at least 5 seconds" in problem


def test_a_recording_of_a_second_is_called_so() -> None:
    assert "at least 1 second before" in (not_heard(0, 0, 60.0, 0.9) or "")


@example("0\r\x1b\x850")
@given(st.text())
def test_a_line_is_one_line(text: str) -> None:
    line = one_line(text)
    if line is not None:
        assert line
        assert line == line.strip()
        assert line.splitlines() == [line]
        assert one_line(line) == line


@given(st.text())
def test_a_text_keeps_its_lines_and_no_other_controls(text: str) -> None:
    cleaned = clean_text(text)
    if cleaned is not None:
        assert cleaned
        assert all(sign == "\n" or sign.isprintable() or ord(sign) > 0x9F for sign in cleaned)
        assert clean_text(cleaned) == cleaned


def test_words_of_any_script_stay_as_they_are() -> None:
    for text in ("Größe", "日本語の歌", "שלום", "नमस्ते", "👩‍🎤 🇮🇳", "e\u0301"):
        assert one_line(text) == text


def test_what_hides_or_turns_text_is_taken_out() -> None:
    assert one_line("a\u202eb\u2066c\x1b[31m\x00d\x9b") == "abc[31md"
    assert clean_text("one\r\ntwo\x0b\x08three") == "one\ntwo\nthree"
    assert one_line(None) is None
    assert clean_text(" \n ") is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [(0, 0.0), (12.5, 12.5), (None, None), (-1.0, None), (math.nan, None), (1e9, None)],
)
def test_a_time_in_the_track_is_possible_or_left_out(
    said: float | None, kept: float | None
) -> None:
    assert comment_time_s(said) == kept


def test_every_test_has_its_own_topic() -> None:
    assert topic("one") != topic("two")
