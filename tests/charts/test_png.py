import io
import zlib

import numpy as np
import vl_convert

from lessons_lib.charts import png

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">
<rect width="40" height="20" fill="{ground}"/><circle cx="20" cy="10" r="8" fill="#0072B2"/></svg>"""


def decoded(picture):
    """Read a palette PNG back, without the code under test."""
    width, height = png.size(picture)
    file, parts = io.BytesIO(picture[8:]), {}
    while head := file.read(8):
        body = file.read(int.from_bytes(head[:4], "big"))
        assert zlib.crc32(head[4:] + body) == int.from_bytes(file.read(4), "big")
        parts[head[4:]] = body
    colours = np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    return colours[rows[:, 1:]]


def test_a_small_picture_keeps_size_and_colours():
    whole = vl_convert.svg_to_png(SVG.format(ground="#ffffff"), scale=2)
    small = png.shrink(whole)
    assert png.size(small) == png.size(whole) == (80, 40)
    pixels = decoded(small).astype(int)
    assert abs(pixels[20, 40] - [0x00, 0x72, 0xB2]).max() <= 4
    assert (pixels[0, 0] == 255).all()
    assert len(small) < len(whole)


def test_a_picture_one_can_see_through_is_left_alone():
    whole = vl_convert.svg_to_png(SVG.format(ground="none"))
    assert png.shrink(whole) == whole
