"""Request ids: which text is one, how it stands in an address, and where it is in broken bytes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, unquote

LONGEST_ID = 1024
"""The reference shows ids of about 50 characters and promises no form."""

_STATUS_PATH = "/v2/requests/status/"
# A string (the second group is empty where the bytes end inside it) or a bracket. Possessive, so
# that whatever the bytes are, each is read once.
_TOKEN = re.compile(r'"((?:[^"\\]++|\\.)*+)("?)|[{}\[\]]', re.DOTALL)
_VALUE = re.compile(r'\s*+:\s*+(?:"((?:[^"\\]++|\\.)*+)"|(\d{1,1024}+)(?=[\s,}\]]))', re.DOTALL)
_ANYWHERE = re.compile(rf'"request_id"\s*+:\s*+"([^"\\]{{1,{LONGEST_ID}}}+)"')


def checked_request_id(value: object) -> str | None:
    """Return a request id as it goes into an address, or ``None`` for what can be none.

    Any text of up to 1,024 characters may be one, but for characters that cannot be stored or
    shown, and paths that climb (``../keys``).
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if value.bit_length() < 4 * LONGEST_ID else None
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID or value.isspace():
        return None
    if any(c == "\ufffd" or unicodedata.category(c) in ("Cc", "Cs") for c in value):
        return None
    segments = value.split("/")
    return None if len(segments) > 1 and {".", ".."} & set(segments) else value


def status_path(request_id: str) -> str:
    """Return the path of the status endpoint for a checked request id: one segment for the id."""
    segment = quote(request_id, safe="")
    # A segment of dots would climb (RFC 3986, section 5.2.4).
    return _STATUS_PATH + (segment.replace(".", "%2E") if segment.strip(".") == "" else segment)


def id_in_bytes(body: bytes) -> str | None:
    """Find a whole request id in a body that could not be used: cut, bottomless or no JSON.

    The outermost ``request_id`` counts, and the last of several; else the one in ``polling_url``.
    """
    encodings = dict.fromkeys((json.detect_encoding(body), "utf-8"))
    for encoding in encodings:
        text = body.decode(encoding, "replace")
        found = min(_candidates(text), key=lambda candidate: candidate[0], default=None)
        if found is not None:
            return found[1]
        for match in _ANYWHERE.finditer(text):
            if (request_id := checked_request_id(match[1])) is not None:
                return request_id
    return None


def _candidates(text: str) -> list[tuple[tuple[bool, int, int], str]]:
    """Return every usable id with its rank: by name, by depth, the later first."""
    found: list[tuple[tuple[bool, int, int], str]] = []
    for number, (depth, name, value) in enumerate(_named_values(text)):
        request_id = checked_request_id(value)
        if name == "polling_url":
            _, _, tail = value.partition(_STATUS_PATH)
            request_id = checked_request_id(unquote(re.split(r"[/?#]", tail)[0]))
        if request_id is not None:
            found.append(((name == "polling_url", depth, -number), request_id))
    return found


def _named_values(text: str) -> Iterator[tuple[int, str, str]]:
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[1] is None:
            depth += 1 if token[0] in "{[" else -1
        elif not token[2]:
            return
        elif token[1] in ("request_id", "polling_url"):
            value = _VALUE.match(text, token.end())
            if value is None:
                continue
            try:
                plain = value[2] or json.loads(f'"{value[1]}"')
            except ValueError:
                continue
            yield depth, token[1], plain
