"""The measuring script refuses clearly where it cannot measure."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import measure_card
from capacity.serving_rows import REQUIRED


def test_without_a_card_nothing_is_measured_and_the_reason_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    no_card = SimpleNamespace(cuda=SimpleNamespace(is_available=lambda: False))
    monkeypatch.setitem(sys.modules, "torch", no_card)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    out = tmp_path / "rows.csv"
    assert measure_card.main(["--gpu", "H100-SXM", "--out", str(out)]) == 2
    assert "finds no CUDA card" in capsys.readouterr().err
    assert not out.exists()


def test_without_pytorch_the_message_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert measure_card.main(["--gpu", "H100-SXM"]) == 2
    assert "PyTorch is not installed" in capsys.readouterr().err


def test_unknown_cards_and_models_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert measure_card.main(["--gpu", "abacus"]) == 2
    assert "unknown card 'abacus'; known: A100" in capsys.readouterr().err
    assert measure_card.main(["--gpu", "H100-SXM", "--model", "mixtral-8x7b"]) == 2
    assert "only dense models" in capsys.readouterr().err


def test_its_rows_have_the_columns_that_the_calibration_reads() -> None:
    assert set(REQUIRED) <= set(measure_card.COLUMNS)
