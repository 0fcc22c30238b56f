"""What is finished is kept, under a name that changes with everything that decides the numbers."""

from __future__ import annotations

from dataclasses import replace

from forecast.panel.pieces import Pieces, pieces_beside
from forecast.panel.request import PanelRequest

REQUEST = PanelRequest(3)


def test_what_was_kept_is_read_back(tmp_path):
    pieces = Pieces(tmp_path / "kept")
    assert pieces.read(25) is None
    pieces.write(25, b"rows")
    assert pieces.read(25) == b"rows"
    assert pieces.read(0) is None


def test_removing_leaves_nothing_but_what_others_put_there(tmp_path):
    pieces = Pieces(tmp_path / "kept")
    pieces.remove()
    pieces.write(0, b"rows")
    pieces.remove()
    assert not pieces.folder.exists()
    pieces.write(0, b"rows")
    (pieces.folder / "notes.txt").write_text("mine", "utf-8")
    pieces.remove()
    assert [path.name for path in pieces.folder.iterdir()] == ["notes.txt"]


def test_everything_that_decides_the_numbers_is_in_the_name(tmp_path):
    out = tmp_path / "out.parquet"
    changes = {"horizon": 4, "season": 7, "step": "day", "levels": (0.5,)}
    others = [replace(REQUEST, **{name: value}) for name, value in changes.items()]
    folders = {pieces_beside(out, "hash", request, "1").folder for request in [REQUEST, *others]}
    folders |= {pieces_beside(out, "other", REQUEST, "1").folder}
    folders |= {pieces_beside(out, "hash", REQUEST, "2").folder}
    assert len(folders) == 3 + len(changes)
    assert pieces_beside(out, "hash", replace(REQUEST), "1").folder in folders
    assert {folder.parent for folder in folders} == {tmp_path}
