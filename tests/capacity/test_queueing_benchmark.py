"""The benchmark of the queueing formulas runs, and sorts its cells by the stated domain."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.queueing import Cell, compare, line, random_mix, summary
from capacity.fleet.gpu_mix import Mix, cheapest_mix
from capacity.market.catalogue import shipped_catalogue
from capacity.serving.replica import Replica


def cell(**changes: float) -> Cell:
    given = {"load": 0.6, "filled": 0.2, "places": 60, "reply": 200.0, **changes}
    errors = {"ttft_p50": 0.05, "tpot_p90": -0.2}
    return Cell("any", given["load"], given["filled"], int(given["places"]), given["reply"], errors)


@pytest.mark.parametrize(
    ("changes", "inside"),
    [
        ({}, True),
        ({"load": 0.9}, False),
        ({"filled": 0.5}, False),
        ({"filled": 0.5, "places": 150}, True),
        ({"load": 0.8}, True),
        ({"load": 0.8, "reply": 109.0}, False),
        ({"load": 0.6, "reply": 109.0}, True),
        ({"load": 0.3, "reply": 28.0}, False),
    ],
)
def test_the_domain_is_the_one_of_the_decision(changes: dict[str, float], inside: bool) -> None:
    assert cell(**changes).inside is inside


def test_the_summary_counts_inside_and_outside_apart() -> None:
    found = summary([cell(), cell(load=0.9), cell(load=0.9)])
    assert found["inside"]["cells"] == 1  # type: ignore[index]
    assert found["outside"]["cells"] == 2  # type: ignore[index]
    assert found["inside"]["within_tolerance"] == 0  # type: ignore[index]
    assert found["inside"]["max_abs"] == {"ttft_p50": 0.05, "tpot_p90": 0.2}  # type: ignore[index]


def test_one_real_cell_has_four_errors() -> None:
    known = shipped_catalogue()
    replica = Replica(known.accelerators["L40S"], known.architectures["llama-3.1-8b"])
    found = compare(replica, "L40S", "mlperf_llama2_70b", 0.3, requests=600)
    assert set(found.errors) == {"ttft_p50", "ttft_p90", "tpot_p50", "tpot_p90"}
    assert found.worst < 0.5
    assert "L40S mlperf_llama2_70b" in line(found)


def test_the_large_mix_has_a_hundred_classes_and_a_proven_gap() -> None:
    problem = random_mix(1)
    assert problem.capacity.shape == (10, 100)
    assert problem.rates.sum() == pytest.approx(5_000.0)
    found = cheapest_mix(problem)
    assert isinstance(found, Mix)
    assert 0.0 <= found.gap <= 1e-3
    assert found.shares.sum(axis=0) == pytest.approx(np.ones(100))
