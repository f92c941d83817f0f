"""How numbers travel to the page: a length, a small header in JSON, then 32-bit floats, one frame after another."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

MEDIA_TYPE = "application/x-suasion-frames"


def frame(words: Mapping[str, Any], arrays: Mapping[str, NDArray[np.float32]]) -> bytes:
    """One frame: bytes of the header and of the whole as two little-endian 32-bit numbers, the header, the floats.

    The header is filled with spaces to a multiple of four bytes, so that the floats can be read where they lie.
    """
    listed = [{"name": name, "shape": list(array.shape)} for name, array in arrays.items()]
    header = json.dumps({**words, "arrays": listed}, ensure_ascii=False, allow_nan=False).encode()
    header += b" " * (-len(header) % 4)
    body = b"".join(np.ascontiguousarray(array, dtype="<f4").tobytes() for array in arrays.values())
    return struct.pack("<II", len(header), len(body)) + header + body
