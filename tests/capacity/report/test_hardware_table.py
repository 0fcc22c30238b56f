from __future__ import annotations

import json

import numpy as np
import pytest

from capacity.fleet.gpu_mix import MixProblem, cheapest_mix
from capacity.fleet.mixing import MixResult, SizeClasses
from capacity.fleet.ranking import Ranked
from capacity.fleet.sizing import Option
from capacity.market.catalogue import shipped_catalogue
from capacity.market.hardware import Instance
from capacity.report.hardware_table import hardware_json, hardware_text
from capacity.serving.replica import Replica

RANKED = (
    Ranked("a TP1 fp8", "A", 1, "chosen", "cheapest that meets every target", 3, 2e5),
    Ranked("b TP1 fp8", "B", 1, "cost", "dearer by 31 %", 2, 2.62e5),
    Ranked("c TP1 fp16", "C", 1, "memory", "does not fit by 12 GiB"),
    Ranked("d TP1 fp16", "D", 1, "date", "cannot be had before 2025-05"),
    Ranked("d TP2 fp16", "D", 2, "date", "cannot be had before 2025-05"),
    Ranked("d TP4 fp16", "D", 4, "date", "cannot be had before 2025-05"),
    Ranked("e TP1 fp8", "E", 1, "latency", "misses TPOT by 12 ms even for one request"),
    Ranked("e TP1 int8", "E", 1, "latency", "misses TPOT by 12 ms even for one request"),
)


def mixed(limit: float) -> MixResult:
    known = shipped_catalogue()
    card, model = known.accelerators["L4"], known.architectures["llama-3.1-8b"]
    month = np.datetime64("2024-01")
    options = tuple(
        Option(Instance(name, "L4", 8, 1e9, 1.0, month), Replica(card, model)) for name in "ab"
    )
    problem = MixProblem(
        np.array([40.0, 8.0]),
        np.array([[10.0, 0.0], [12.0, 4.0]]),
        np.array([1.0, 3.0]),
        np.arange(2),
        np.full(2, limit),
    )
    classes = SizeClasses(np.array([40, 8]) / 48, np.array([9.0, 90.0]), np.array([5.0, 50.0]))
    return MixResult(options, problem, classes, cheapest_mix(problem), 1.0, ("A", "B"))


def test_every_option_or_its_group_has_its_line() -> None:
    text = hardware_text(RANKED)
    assert "dearer by 31 %" in text
    assert "c TP1 fp16" in text
    assert "d, 3 ways" in text
    assert "e TP1 fp8, TP1 int8" in text
    assert text.count("2025-05") == 1


def test_the_mix_prints_nodes_gap_and_the_best_single() -> None:
    text = hardware_text(RANKED, mixed(np.inf))
    assert "mix for 48 requests/s in 2 size classes" in text
    assert "a TP1 fp16" in text
    assert "at most 0.000 % above the optimum" in text
    assert "best single: b TP1 fp16, 6 nodes" in text
    assert "dearer by 80" in text


def test_an_infeasible_mix_prints_its_reason() -> None:
    text = hardware_text(RANKED, mixed(1.0))
    assert "no mix: " in text
    assert "used up: A (1 nodes), B (1 nodes)" in text
    assert "no single type serves every class within its limit" in text


def test_nothing_that_serves_is_said() -> None:
    assert "no option meets every target" in hardware_text(RANKED[2:])


def test_json_has_every_option_and_the_mix() -> None:
    document = json.loads(hardware_json(RANKED, mixed(np.inf)))
    assert [row["option"] for row in document["options"]] == [item.name for item in RANKED]
    assert document["mix"]["usd_per_month"] == pytest.approx(10 * 730.5)
    assert [row["nodes"] for row in document["mix"]["nodes"]] == [4, 2]
    assert sum(row["share_of_requests"] for row in document["mix"]["nodes"]) == pytest.approx(1.0)


def test_json_of_an_infeasible_mix_has_the_reason_and_no_price() -> None:
    document = json.loads(hardware_json(RANKED, mixed(1.0)))
    assert "used up" in document["mix"]["reason"]
    assert "usd_per_month" not in document["mix"]
    assert document["mix"]["single"] is None
