"""Pictures on screen."""

from __future__ import annotations

from capacity.report import palette
from capacity.report.marks import Box, Picture
from capacity.report.picture_screen import picture_screen

PICTURE = Picture("p", "Title", "alt", (Box(0, 0, 90, 80, "a", "frame"), Box(5, 5, 8, 20, "b\nc")))


def test_a_box_is_a_shape_with_its_words() -> None:
    figure = picture_screen(PICTURE)
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(0, 90), (5, 13)]
    assert [item.text for item in figure.layout.annotations] == ["a", "b<br>c"]


def test_on_a_dark_page_the_words_are_light() -> None:
    figure = picture_screen(PICTURE, dark=True)
    assert figure.layout.annotations[0].font.color == palette.DARK[palette.INK]
