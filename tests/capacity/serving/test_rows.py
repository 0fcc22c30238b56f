"""Files of measurements, good and hostile."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from capacity.market.catalogue import Catalogue
from capacity.serving.rows import MAX_BYTES, REQUIRED, parse_row, read_measured
from tests.capacity.serving.serving_cells import CELLS, row, write

KNOWN = Catalogue.load()


def test_a_row_is_read_with_its_units() -> None:
    found = parse_row(row(gpus=8, tp=2, ttft_ms=50, tpot_ms=""), KNOWN)
    assert (found.copies, found.tokens_per_s, found.ttft_s) == (4.0, 2500.0, 0.05)
    assert math.isnan(found.tpot_s)
    assert found.batch == math.inf
    assert found.group == "Llama-3.1-8B x H100-SXM"


def test_what_a_planner_may_leave_out_has_a_default(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    names = [*REQUIRED, "tp", "tpot_ms"]
    file.write_text(f"{','.join(names)}\n{','.join(CELLS[name] for name in names)}\n")
    (found,) = read_measured(file, KNOWN)
    assert (found.scope, found.quality, found.replica.pp) == ("offline_core", "ok", 1)
    assert found.replica.kv_dtype == "fp8"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gpu": "H100-SMX"}, "unknown card 'H100-SMX'; nearest: H100-SXM"),
        ({"tp": "", "gpus": "8"}, "column tp: empty"),
        ({"model": "llama-3.1-8b", "hidden": ""}, "column hidden: empty"),
        ({"gpu": ""}, "unknown card ''"),
        ({"tp": "0"}, "column tp: 0 is too small"),
        ({"tp": "1.5"}, "expected a whole number, got 1.5"),
        ({"tp": "1e300"}, "is more than 1e"),
        ({"layers": "-3"}, "column layers: -3 is too small"),
        ({"weight_dtype": "FP7"}, "'FP7'; allowed: FP16"),
        ({"weight_dtype": "FP4"}, "H100-SXM has no 'fp4' arithmetic"),
        ({"input_tokens": "lots"}, "expected a number, got 'lots'"),
        ({"input_tokens": "0.2"}, "0.2 is too small"),
        ({"total_output_tokens_per_s": "-1"}, "-1 is too small"),
        ({"ttft_ms": "0"}, "0 is too small"),
        ({"quality": "bad"}, "'bad'; allowed: ok"),
        ({"n_experts": "4", "topk": "9"}, "experts_per_token must be from 0 to n_experts"),
        ({"model": ""}, "column model: empty"),
    ],
)
def test_an_impossible_cell_is_named_with_its_place(
    change: dict[str, object], message: str, tmp_path: Path
) -> None:
    file = write(tmp_path / "rows.csv", {}, change)
    with pytest.raises(ValueError, match=r"rows\.csv, line 3") as error:
        read_measured(file, KNOWN)
    assert message in str(error.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", *({"tp": "0"} for _ in range(30)))
    with pytest.raises(ValueError, match="and 10 faults more"):
        read_measured(file, KNOWN)


def test_files_that_are_no_tables_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    with pytest.raises(ValueError, match="no such file"):
        read_measured(file, KNOWN)
    file.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ValueError, match="not UTF-8"):
        read_measured(file, KNOWN)
    file.write_text("model,gpu\n")
    with pytest.raises(ValueError, match=r"column missing: weight_dtype.*one of total_output"):
        read_measured(file, KNOWN)
    file.write_text(",".join(CELLS) + "\n")
    with pytest.raises(ValueError, match="no rows"):
        read_measured(file, KNOWN)


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    with file.open("wb") as handle:
        handle.truncate(MAX_BYTES + 1)
    with pytest.raises(ValueError, match="larger than"):
        read_measured(file, KNOWN)
