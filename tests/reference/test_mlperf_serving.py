"""MLPerf results that nothing was fitted to: the model's errors on them, stated and held."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import serving
from forecast.shipped.tables import read_file

ROWS = list(read_file(Path(__file__).parent / "mlperf_serving.csv").rows)
TUNED = "TensorRT-LLM"


@pytest.fixture(scope="module")
def scores() -> list[serving.Score]:
    usable, _ = serving.judged(ROWS)
    return serving.scores(usable)


def test_only_rows_without_parallel_degrees_are_left_out() -> None:
    found = serving.measure(ROWS)
    assert found["left_out"] == {"column tp: empty": 2}
    assert found["rows"] == {"read": len(ROWS), "scored": len(ROWS) - 2, "left_out": 2}


@pytest.mark.parametrize(
    ("model", "median", "p90"), [("Llama-2-70B", 0.09, 0.40), ("Llama-3.1-405B", 0.04, 0.09)]
)
def test_large_dense_models_are_predicted_as_published_here(
    scores: list[serving.Score], model: str, median: float, p90: float
) -> None:
    found = [
        abs(np.expm1(score.error))
        for score in scores
        if score.row.replica.architecture.name == model
        and score.row.engine == TUNED
        and score.row.scenario == "offline"
    ]
    assert np.median(found) <= median
    assert np.quantile(found, 0.9) <= p90
