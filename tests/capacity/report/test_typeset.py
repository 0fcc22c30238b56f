from __future__ import annotations

from pathlib import Path

import pytest

from capacity.report.typeset import typeset

SOURCE = """#let data = json(bytes(sys.inputs.content))
#set document(title: data.title, date: datetime(year: 2023, month: 1, day: 1))
#set text(lang: "en")
#title()
#data.body
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "page.typ"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_the_same_content_gives_the_same_bytes(template: Path) -> None:
    content = {"title": "A page", "body": "#panic()"}
    one = typeset(template, content)
    assert one.startswith(b"%PDF-1.7")
    assert typeset(template, content) == one
    assert typeset(template, {**content, "body": "other"}) != one


def test_what_json_does_not_know_is_refused(template: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        typeset(template, {"title": "A page", "body": float("nan")})
