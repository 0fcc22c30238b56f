"""The measuring script refuses clearly where it cannot measure."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import measure_card
from capacity.market.catalogue import Catalogue
from capacity.serving.rows import REQUIRED, SHAPE


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
    assert {*REQUIRED, *SHAPE, "tp"} <= set(measure_card.COLUMNS)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--batches", "4", "0"], "--batches must be at least 1, got 0"),
        (["--prompt", "-5"], "--prompt must be at least 1, got -5"),
        (["--batches", "4", "5000"], "batch 5000 needs"),
        (
            ["--model", "llama-3.1-405b", "--gpu", "L4", "--prompt", "32000"],
            "of the 22.5 GiB of L4",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused_before_anything_is(
    more: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measure_card.main(["--gpu", "H100-SXM", *more]) == 2
    assert message in capsys.readouterr().err


def test_the_standard_batches_fit_on_a_card_of_80_gb() -> None:
    known = Catalogue.load()
    asked = measure_card.parser().parse_args(["--gpu", "H100-SXM"])
    card = known.accelerators["H100-SXM"]
    assert measure_card.impossible(known.architectures[asked.model], card, asked) == ""
