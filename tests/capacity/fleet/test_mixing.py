from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from capacity.fleet.choice import Market
from capacity.fleet.gpu_mix import Mix
from capacity.fleet.mixing import MixResult, mix, size_classes
from capacity.fleet.ranking import rank
from capacity.fleet.redundancy_rule import design_failures
from capacity.fleet.sizing import Traffic
from capacity.market.catalogue import shipped_catalogue
from capacity.planning import shipped_constants
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario
from capacity.serving.length_presets import length_preset
from capacity.serving.replica import TokenLengths

ONE = np.ones((1, 1))
LENGTHS = length_preset("azure2023_conv").model


def stage(scenario: Scenario, rate: float, **levers: Any) -> tuple[Market, Traffic]:
    policy = Policy(**{"term": "on-demand", **levers})
    failures = design_failures(scenario.inputs, policy)
    load = Traffic(ONE * rate, TokenLengths(ONE * 1150, ONE * 0, ONE * 210), ONE, ONE)
    return Market(shipped_catalogue(), shipped_constants(), scenario, policy, failures), load


@pytest.fixture(scope="module")
def late(reported: Scenario) -> Scenario:
    return replace(reported, start="2025-06", end="2025-12", architecture="llama-3.1-8b")


def solved(late: Scenario, rate: float = 300.0, **arguments: Any) -> MixResult:
    market, load = stage(late, rate)
    return mix(market, load, rank(market, load, ["fp8"]), LENGTHS, bins=4, **arguments)


@pytest.mark.parametrize("bins", [1, 3, 10])
def test_classes_keep_the_mean_lengths(bins: int) -> None:
    classes = size_classes(LENGTHS, bins)
    prompt, reply = LENGTHS.spread_evenly(13)
    assert classes.share.sum() == pytest.approx(1.0)
    assert classes.share.size <= bins * bins
    assert classes.share @ classes.prompt == pytest.approx(prompt.mean())
    assert classes.share @ classes.reply == pytest.approx(reply.mean())


def test_no_class_is_refused() -> None:
    with pytest.raises(ValueError, match="bins must be at least 1, got 0"):
        size_classes(LENGTHS, 0)


def test_the_mix_of_real_nodes_serves_all_and_is_no_dearer_than_one(late: Scenario) -> None:
    result = solved(late)
    assert isinstance(result.found, Mix)
    assert result.found.shares.sum(axis=0) == pytest.approx(np.ones(16))
    assert result.single is not None
    assert result.found.usd_per_h <= result.single[2]
    assert result.problem.rates.sum() == pytest.approx(300.0 * result.headroom)
    assert result.reason == ""


def test_the_lengths_are_those_of_the_load(late: Scenario) -> None:
    classes = solved(late).classes
    assert classes.share @ classes.prompt == pytest.approx(1150.0, rel=1e-3)
    assert classes.share @ classes.reply == pytest.approx(210.0, rel=1e-3)


def test_a_limit_moves_load_to_other_cards_and_costs_more(late: Scenario) -> None:
    free = solved(late)
    assert isinstance(free.found, Mix)
    most = free.pools[free.problem.pool[int(np.argmax(free.found.nodes))]]
    limited = solved(late, limits={most: 1.0})
    assert isinstance(limited.found, Mix)
    assert limited.found.usd_per_h >= free.found.usd_per_h * (1 - 1e-4)
    pool = limited.pools.index(most)
    assert limited.found.nodes[limited.problem.pool == pool].sum() <= 1


def test_limits_that_forbid_the_load_are_a_result_with_the_reason(late: Scenario) -> None:
    pools = solved(late).pools
    result = solved(late, 6000.0, limits=dict.fromkeys(pools, 1.0))
    assert not isinstance(result.found, Mix)
    assert "% of the load can be served; used up: " in result.reason
    assert all(pool in result.reason for pool in pools)


def test_requests_that_fit_no_type_are_a_result_with_their_size(late: Scenario) -> None:
    market, load = stage(late, 300.0, ttft_s=0.05)
    load = replace(load, speed=ONE * 0.3, lengths=TokenLengths(ONE * 9000, ONE * 0, ONE * 210))
    result = mix(market, load, rank(market, load, ["fp8"]), LENGTHS, bins=4)
    assert "fit no type within the targets; the first has" in result.reason


def test_an_unknown_limit_is_refused(late: Scenario) -> None:
    with pytest.raises(ValueError, match="unknown limit 'H100'; nearest: H100-SXM"):
        solved(late, limits={"H100": 3.0})


def test_a_market_without_options_is_refused(late: Scenario) -> None:
    market, load = stage(late, 300.0)
    with pytest.raises(ValueError, match="no option can be had"):
        mix(market, load, (), LENGTHS)
