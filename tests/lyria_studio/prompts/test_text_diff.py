from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lyria_studio.prompts import word_diff

prose = st.lists(st.sampled_from(["slow ", "blues", ", ", "by", " Prince", "\n", "é", "  "])).map(
    "".join
)
texts = st.one_of(st.text(max_size=80), prose)


@given(texts, texts)
def test_the_pieces_give_both_texts(a: str, b: str) -> None:
    diff = word_diff(a, b)
    assert "".join(text for op, text in diff if op != "insert") == a
    assert "".join(text for op, text in diff if op != "delete") == b


@given(texts, texts)
def test_pieces_are_not_empty_and_differ_in_kind_from_the_next(a: str, b: str) -> None:
    diff = word_diff(a, b)
    assert all(text for _, text in diff)
    assert all(x[0] != y[0] for x, y in pairwise(diff))


@given(texts)
def test_equal_texts_are_equal_as_a_whole(text: str) -> None:
    assert word_diff(text, text) == ([("equal", text)] if text else [])


def test_words_are_compared_not_letters() -> None:
    assert word_diff("a slow blues in A", "a fast blues in A") == [
        ("equal", "a "),
        ("delete", "slow "),
        ("insert", "fast "),
        ("equal", "blues in A"),
    ]


def test_a_change_too_large_to_compare_is_shown_as_a_whole() -> None:
    a, b = "a b " * 3000, "b a a " * 100
    assert word_diff(f"go {a}now", f"go {b}now") == [
        ("equal", "go "),
        ("delete", a),
        ("insert", b),
        ("equal", "now"),
    ]


def test_words_added_at_the_end_are_added_to_the_last_word() -> None:
    assert word_diff("Calm piano", "Calm piano at night") == [
        ("equal", "Calm piano"),
        ("insert", " at night"),
    ]
    assert word_diff("Calm piano", "Calm pianos") == [
        ("equal", "Calm "),
        ("delete", "piano"),
        ("insert", "pianos"),
    ]
