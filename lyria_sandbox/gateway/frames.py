"""What the gateway and its renderers say to each other over a pipe: a JSON head and raw bytes."""

from __future__ import annotations

import json
import struct
from typing import IO, Any, Final

_LENGTHS: Final = struct.Struct(">IQ")


def write_frame(stream: IO[bytes], head: dict[str, Any], payload: bytes = b"") -> None:
    """Write one frame.

    Args:
        stream: Where to.
        head: What can be written as JSON.
        payload: Bytes that follow it.

    Raises:
        OSError: The other side is gone.
    """
    text = json.dumps(head).encode()
    stream.write(_LENGTHS.pack(len(text), len(payload)) + text)
    stream.write(payload)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Read one frame.

    Raises:
        EOFError: The other side is gone.
    """
    head_length, payload_length = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    head = json.loads(_exactly(stream, head_length))
    return head, _exactly(stream, payload_length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data
