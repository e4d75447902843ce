"""Small pictures: a chart's PNG with a table of its few colours, about a tenth of the size.

A lesson with ten charts stays well under a megabyte. It knows the PNG format (W3C, "Portable
Network Graphics", third edition, 2025) and nothing of charts.
"""

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def size(png: bytes) -> tuple[int, int]:
    """A PNG's width and height in pixels."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def shrink(png: bytes) -> bytes:
    """An opaque PNG with at most 256 colours, each within a few parts in 256 of what it was.

    It reads what vl-convert writes (8 bits, red, green, blue and alpha); any other kind of picture
    comes back as it is.
    """
    pixels = _pixels(png)
    if pixels is None:
        return png
    for step in (8, 16, 32, 64):
        levels = (pixels.astype(np.uint32) + step // 2) // step
        codes = (levels[..., 0] << 16) | (levels[..., 1] << 8) | levels[..., 2]
        _, first, index = np.unique(codes, return_index=True, return_inverse=True)
        if len(first) <= 256:
            break
    colours = pixels.reshape(-1, 3)[first]
    height, width = pixels.shape[:2]
    rows = np.zeros((height, width + 1), np.uint8)  # each row starts with a 0: no filter
    rows[:, 1:] = index.reshape(height, width)
    return (
        SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", colours.tobytes())
        + _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9))
        + _chunk(b"IEND", b"")
    )


def _pixels(png: bytes) -> np.ndarray | None:
    """Decode to (height, width, 3), or give None for a form that vl-convert does not write."""
    (width, height), kind = size(png), png[24:29]
    if kind != b"\x08\x06\x00\x00\x00":
        return None
    data, at = b"", len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + 4 * width)
    if (rows[:, 0] != 1).any():  # 1: each byte is the difference to the pixel on its left
        return None
    pixels = np.cumsum(rows[:, 1:].reshape(height, width, 4), axis=1, dtype=np.uint8)
    return pixels[..., :3] if (pixels[..., 3] == 255).all() else None


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
