"""A calibration as text, JSON, CSV and files that the model reads."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from capacity.market.catalogue import Catalogue
from capacity.planning import shipped_constants
from capacity.report.calibration_table import (
    FITTED,
    accuracy_tables,
    calibration_csv,
    calibration_json,
    calibration_text,
    constants_toml,
    covered,
    range_toml,
)
from capacity.serving.calibration import ServingConstants
from capacity.serving.fit import Calibration
from capacity.serving.flags import CalibratedRange
from capacity.serving.prediction import Observations, log_errors
from capacity.serving.rows import parse_row
from tests.capacity.serving.serving_cells import row

KNOWN = Catalogue.load()


@pytest.fixture(scope="module")
def found() -> Calibration:
    constants = shipped_constants()
    rows = [parse_row(row(gpu=gpu), KNOWN) for gpu in ("H100-SXM", "H200-SXM", "H200-SXM")]
    observed = Observations.of(rows, constants)
    errors, ends = log_errors(observed, constants), np.array([0.8, 1.0, 0.9])
    return Calibration(constants, observed, errors, np.log([1.2, 0.9, 1.0]), (ends, 1.2 + 0 * ends))


def test_groups_and_scopes_are_judged_on_unseen_rows(found: Calibration) -> None:
    tables = accuracy_tables(found)
    assert tables["groups"]["Llama-3.1-8B x H100-SXM"].bias == 0.2
    assert tables["groups"]["Llama-3.1-8B x H200-SXM"].n == 2
    assert tables["scopes"]["offline_core"].median == 0.1
    assert tables["fitted"]["offline_core"].median != 0.1


def test_text_csv_and_json_hold_the_same_rows(found: Calibration) -> None:
    text, csv = calibration_text(found), calibration_csv(found)
    document = json.loads(calibration_json(found))
    assert document["schema"] == "fleetcast.calibration/1"
    for group, figures in document["groups"].items():
        assert group in text
        assert f'groups,"{group}",{figures["n"]},' in csv
    assert set(document["constants"]) == set(FITTED)


def test_the_written_files_are_read_back_as_they_were(found: Calibration, tmp_path: Path) -> None:
    constants, span = tmp_path / "serving.toml", tmp_path / "serving_range.toml"
    constants.write_text(constants_toml(found), encoding="utf-8")
    span.write_text(range_toml(found), encoding="utf-8")
    assert ServingConstants.from_toml(constants) == found.constants
    assert CalibratedRange.from_toml(span) == covered(found)
