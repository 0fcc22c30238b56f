"""Pictures on paper."""

from __future__ import annotations

import re

from capacity.report.marks import Box, Picture
from capacity.report.picture_svg import SMALLEST_PT, picture_svg

PICTURE = Picture(
    "p", "The title", "alt",
    (Box(0, 0, 100, 80, "region", "frame"), Box(5, 5, 8, 20, "x" * 60), Box(50, 5, 40, 20, "zone")),
)  # fmt: skip


def test_every_label_is_real_text_and_the_bytes_are_the_same() -> None:
    text = picture_svg(PICTURE, (170, 60))
    for words in ("The title", "region", "zone", "x" * 60):
        assert f">{words}</text>" in text
    assert text == picture_svg(PICTURE, (170, 60))


def test_a_long_label_is_set_small_and_never_smaller_than_can_be_read() -> None:
    text = picture_svg(PICTURE, (170, 60))
    sizes = {float(size) for size in re.findall(r"font-size: ([\d.]+)px", text)}
    assert min(sizes) == SMALLEST_PT
    assert max(sizes) > 6
