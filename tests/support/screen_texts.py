"""Every text of the product that reaches a screen, found in its sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pages", "lyria_studio", "lyria_core")
FOREIGN = ("wavesurfer", "migrations")
_WORDS = re.compile(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}|^[A-Z][a-z]+")
_JS_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`')
_JS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)


class Found(NamedTuple):
    """A text and where it stands."""

    where: str
    text: str


def screen_texts() -> Iterator[Found]:
    """Find the texts of widgets, messages, page scripts and templates; no docstrings, no logs."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if any(part in FOREIGN for part in path.parts):
                continue
            name = str(path.relative_to(ROOT))
            if path.suffix == ".py":
                found = _python_texts(ast.parse(path.read_text(encoding="utf-8")))
            elif path.suffix == ".js":
                found = _script_texts(path.read_text(encoding="utf-8"))
            elif path.suffix == ".html":
                found = _template_texts(path.read_text(encoding="utf-8"))
            else:
                continue
            for line, text in found:
                if _WORDS.search(text):
                    yield Found(f"{name}:{line}", " ".join(text.split()))


def _python_texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))  # a docstring
        elif isinstance(node, ast.Call) and _is_log(node.func):
            silent.update(id(part) for part in ast.walk(node))
        elif isinstance(node, ast.JoinedStr):
            silent.update(id(part) for part in node.values)
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            parts = (
                str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values
            )
            yield node.lineno, "".join(parts)


def _is_log(called: ast.expr) -> bool:
    owner = called.value if isinstance(called, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id in ("log", "logger", "_log", "re")


def _script_texts(source: str) -> Iterator[tuple[int, str]]:
    plain = _JS_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source)
    for found in _JS_TEXT.finditer(plain):
        yield plain.count("\n", 0, found.start()) + 1, found[0][1:-1]


def _template_texts(source: str) -> Iterator[tuple[int, str]]:
    texts: list[tuple[int, str]] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            texts.append((self.getpos()[0], data))

        def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
            texts.extend(
                (self.getpos()[0], value)
                for name, value in attrs
                if value and name in ("aria-label", "title", "placeholder", "alt")
            )

    Reader().feed(source)
    yield from texts
