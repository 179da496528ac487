"""Joins the modules of a page to one script: a slow network brings one file sooner than twenty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from posixpath import dirname, join, normpath

__all__ = ["joined"]

_COMMENT = re.compile(
    r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/[ \t]*)\n", re.MULTILINE | re.DOTALL
)
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "([^"]+)";', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
_LIST = re.compile(r"^export \{ (\w+(?:, \w+)*) \};", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def joined(entry: str, folders: Mapping[str, Path]) -> str:
    """Return a script that does what a module and all that it imports do.

    Each module becomes a function that is called once, after those that it imports. Only
    ``import { names } from "./path.js"`` and exported functions, classes, constants and lists of
    names are understood, each at the beginning of a line.

    Args:
        entry: address of the module, such as "/listen/page/listen.js".
        folders: where addresses lead, by how they begin.

    Raises:
        ValueError: a module says it in another form, imports itself or lies in none of the folders.
        OSError: a module is not there.
    """
    names: dict[str, str] = {}
    pieces: list[str] = []
    _add(entry, folders, names, pieces)
    return "".join(pieces)


def _add(
    address: str, folders: Mapping[str, Path], names: dict[str, str], pieces: list[str]
) -> str:
    """Add a module, unless it is there, and return what it is called in the script."""
    if (known := names.get(address)) is not None:
        if not known:
            raise ValueError(f"{address} imports itself")
        return known
    names[address] = ""

    def imported(found: re.Match[str]) -> str:
        name = _add(normpath(join(dirname(address), found[2])), folders, names, pieces)
        return f"const {found[1].replace(' as ', ': ')} = {name};"

    text = _COMMENT.sub("", _read(address, folders))
    exports = [found[1] for found in _EXPORT.finditer(text)]
    exports += [found[1] for found in _LIST.finditer(text)]
    text = _LIST.sub("", _EXPORT.sub("", _IMPORT.sub(imported, text)))
    if left := _LEFT.search(text):
        raise ValueError(f"{address} cannot be joined: {left[0]}")
    names[address] = f"module{len(pieces)}"
    pieces.append(
        f"const {names[address]} = (() => {{\n{text}return {{ {', '.join(exports)} }};\n}})();\n"
    )
    return names[address]


def _read(address: str, folders: Mapping[str, Path]) -> str:
    for prefix, folder in folders.items():
        if address.startswith(prefix):
            return (folder / address.removeprefix(prefix)).read_text(encoding="utf-8")
    raise ValueError(f"{address} lies in none of the folders")
