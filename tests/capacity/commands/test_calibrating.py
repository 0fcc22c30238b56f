"""`fleetcast calibrate-serving` through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capacity.cli import main
from capacity.serving.calibration import ServingConstants
from capacity.serving.model import read_serving
from tests.capacity.serving.serving_cells import write


def test_own_rows_give_constants_and_accuracy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [
        {"concurrency_or_batch": n, "total_output_tokens_per_s": rate, "engine": "own"}
        for n, rate in ((1, 150), (4, 550), (16, 2000), (64, 5500), (128, 7500))
    ]
    file = write(tmp_path / "rows.csv", *runs)
    out = tmp_path / "out"
    assert main(["calibrate-serving", str(file), "--json", "--out", str(out)]) == 0
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert f"fleetcast plan --serving {out}" in printed.err
    assert document["fitted"]["offline_core"]["n"] == 5
    fitted = ServingConstants.from_toml(out / "serving.toml")
    assert fitted.gemm_efficiency == document["constants"]["gemm_efficiency"]
    assert (out / "calibration.csv").exists()
    model = read_serving(out)
    assert model.constants == fitted
    assert (model.covered.cards, model.covered.tp) == (("H100-SXM",), (1, 1))


def test_a_file_that_cannot_be_is_refused_with_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "rows.csv", {"gpu": "abacus"})
    assert main(["calibrate-serving", str(file)]) == 2
    assert "rows.csv, line 2, column gpu: unknown card 'abacus'" in capsys.readouterr().err
    assert main(["calibrate-serving", str(tmp_path / "none.csv")]) == 2
    assert "no such file" in capsys.readouterr().err
