"""Typed text on the Compare screen, shown as typed, whatever characters it has."""

import html
from collections.abc import Sequence

import streamlit as st

from lyria_studio.comparisons import differences, sent
from lyria_studio.model.comparison import Variant
from lyria_studio.prompts import word_diff

SAME = "Same as"
TAGS = {"insert": "ins", "delete": "del", "equal": "span"}


def plain(text: str) -> str:
    """Typed text inside Markdown, where nothing else will do: each sign stands for itself."""
    line = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+-.!|$:~" else sign for sign in line)


def heading(text: str, level: int = 2) -> None:
    """Draw a heading of typed text."""
    st.html(f'<h{level} class="lyria-name" dir="auto">{html.escape(text)}</h{level}>')


def letter(name: str) -> None:
    """Draw the letter of a variant in large type."""
    st.html(f'<span class="lyria-letter">{html.escape(name)}</span>', width="content")


def diff(first: Variant, other: Variant, advice: str = "") -> None:
    """Draw how a variant differs from the first: word by word, and in its other fields.

    Args:
        first: with which it is compared.
        other: the variant.
        advice: what to say more where nothing differs.
    """
    found = differences(first, other)
    a, b = sent(first), sent(other)
    same = f"{SAME} {first.letter}. {advice}".rstrip()
    # The words come first: while somebody types the browser puts the newest here.
    lines = [diff_html(a.prompt.strip(), b.prompt.strip()) if found.words else ""]
    if found.models:
        lines.append(f"Model: {_instead(*found.models)}")
    if found.negative:
        changed = diff_html(a.negative_prompt or "", b.negative_prompt or "")
        lines.append(f"Negative prompt: {changed}")
    if found.images:
        lines.append(f"Images: {diff_html(chr(10).join(a.images), chr(10).join(b.images))}")
    if found.seeds:
        lines.append(f"Seed: {_instead(str(a.seed), str(b.seed))}")
    if lines == [""]:
        lines = [html.escape(same)]
    st.html("".join(f'<div class="lyria-diff" dir="auto">{line}</div>' for line in lines))


def once(variants: Sequence[Variant]) -> None:
    """Draw the prompt of all variants once, with the change in it where two differ in words."""
    first, *others = variants
    told = {sent(one).prompt.strip() for one in variants}
    shown = html.escape(sent(first).prompt.strip())
    if len(told) > 1 and len(others) == 1:
        shown = diff_html(sent(first).prompt.strip(), sent(others[0]).prompt.strip())
    st.html(f'<p class="lyria-diff lyria-once" dir="auto">{shown}</p>')


def asked(variant: Variant, *, prompt: bool = True) -> None:
    """Draw all fields of a variant, as typed."""
    if prompt:
        st.text(variant.prompt)
    shown = sent(variant)
    if shown.negative_prompt:
        st.text(f"Negative prompt: {shown.negative_prompt}")
    if shown.images:
        st.text("Images: " + "\n".join(shown.images))


def remark(number: int, text: str, about: str) -> None:
    """Draw what a listener wrote: a stranger's words, shown as text and never as markup.

    Args:
        number: as it stands on the waveform.
        text: what was written.
        about: who wrote it, and on what.
    """
    st.html(
        f'<p class="lyria-remark"><b>{number}</b> <q dir="auto">{html.escape(text)}</q> '
        f'<small dir="auto">{html.escape(about)}</small></p>'
    )


def diff_html(before: str, after: str) -> str:
    """Return how one text becomes another as HTML, word by word."""
    return "".join(_piece(op, text) for op, text in word_diff(before, after))


def _instead(before: str, after: str) -> str:
    return f"{_piece('delete', before)} {_piece('insert', after)}"


def _piece(op: str, text: str) -> str:
    """Return one piece; the blank behind a changed word is not marked with it."""
    word = text.rstrip(" ")
    return f"<{TAGS[op]}>{html.escape(word)}</{TAGS[op]}>{text[len(word) :]}"
