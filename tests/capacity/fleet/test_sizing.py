from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from capacity.fleet.redundancy_rule import design_failures
from capacity.fleet.sizing import Need, Option, Traffic, batch_at_limits, size
from capacity.market.catalogue import shipped_catalogue
from capacity.planning import shipped_constants
from capacity.policy import Policy
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.serving.replica import Replica, TokenLengths

CATALOGUE, CONSTANTS = shipped_catalogue(), shipped_constants()
INPUTS = {name: item.estimate for name, item in ASSUMPTIONS.items()}
NODE = CATALOGUE.instances["p4d.24xlarge"]
rates = st.floats(0.01, 1e5)


def option(tp: int = 2, model: str = "llama-2-13b") -> Option:
    card = CATALOGUE.accelerators[NODE.accelerator]
    return Option(NODE, Replica(card, CATALOGUE.architectures[model], tp))


def traffic(rate: float, reply: float = 210.0, speed: float = 0.65, spread: float = 1.1) -> Traffic:
    one = np.ones((1, 1))
    lengths = TokenLengths(one * 1150, one * 0, one * reply)
    return Traffic(one * rate, lengths, one * speed, one * spread)


def need(load: Traffic, policy: Policy, tp: int = 2) -> Need:
    point = batch_at_limits(option(tp), load, policy, CONSTANTS)
    assume(point.concurrency.item() > 0)
    return size(option(tp), point, load, policy, design_failures(INPUTS, policy))


def nodes(load: Traffic, policy: Policy, tp: int = 2) -> int:
    return int(need(load, policy, tp).nodes.item())


def test_a_replica_larger_than_its_node_is_refused() -> None:
    small = CATALOGUE.instances["g5.12xlarge"]
    card = CATALOGUE.accelerators[small.accelerator]
    with pytest.raises(ValueError, match=r"a replica of 8 GPUs does not fit g5.12xlarge"):
        Option(small, Replica(card, CATALOGUE.architectures["llama-2-13b"], 8))


@given(rates, st.floats(1, 100))
@settings(max_examples=40)
def test_more_queries_never_need_fewer_nodes(rate: float, factor: float) -> None:
    assert nodes(traffic(rate), Policy()) <= nodes(traffic(rate * factor), Policy())


@given(st.floats(1, 1e4), st.floats(30, 1500), st.floats(1.25, 4))
@settings(max_examples=40)
def test_replies_a_quarter_longer_never_need_fewer_nodes(
    rate: float, reply: float, factor: float
) -> None:
    """A batch is a whole number: a reply longer by less than one place of it may fit better."""
    assert nodes(traffic(rate, reply), Policy()) <= nodes(traffic(rate, reply * factor), Policy())


@given(rates, st.floats(0.3, 1), st.floats(1, 3))
@settings(max_examples=40)
def test_a_faster_engine_never_needs_more_nodes(rate: float, speed: float, more: float) -> None:
    slow, fast = traffic(rate, speed=speed), traffic(rate, speed=speed * more)
    assert nodes(fast, Policy()) <= nodes(slow, Policy())


@given(rates, st.floats(0.1, 5), st.floats(1, 10))
@settings(max_examples=40)
def test_wilder_arrivals_never_need_fewer_nodes(rate: float, spread: float, more: float) -> None:
    calm, wild = traffic(rate, spread=spread), traffic(rate, spread=spread * more)
    assert nodes(calm, Policy()) <= nodes(wild, Policy())


@given(rates, st.floats(0.9, 0.9997), st.floats(0.9, 0.9997))
@settings(max_examples=40)
def test_more_nines_never_need_fewer_nodes(rate: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    load = traffic(rate)
    assert nodes(load, Policy(availability=low)) <= nodes(load, Policy(availability=high))


@given(rates, st.sampled_from(["ttft_s", "tpot_s"]), st.floats(0.15, 1), st.floats(1, 5))
@settings(max_examples=60)
def test_a_tighter_latency_never_needs_fewer_nodes(
    rate: float, name: str, tight: float, more: float
) -> None:
    strict, loose = (Policy(**{name: min(tight * k, 2.0)}) for k in (1.0, more))
    assert nodes(traffic(rate), loose) <= nodes(traffic(rate), strict)


@given(rates, st.floats(0.5, 0.9999), st.floats(0.5, 0.9999))
@settings(max_examples=40)
def test_fewer_waits_never_need_fewer_nodes(rate: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    load = traffic(rate)
    assert nodes(load, Policy(latency_share=low)) <= nodes(load, Policy(latency_share=high))


@given(rates, st.floats(0.05, 0.95))
@settings(max_examples=60)
def test_two_pools_never_need_fewer_nodes_than_one(rate: float, share: float) -> None:
    whole, one, other = (
        need(traffic(rate * part), Policy(regions=2)) for part in (1.0, share, 1 - share)
    )
    assert whole.load_gpus <= one.load_gpus + other.load_gpus
    assert whole.region_nodes <= one.region_nodes + other.region_nodes
    assert whole.zone_nodes <= one.zone_nodes + other.zone_nodes


@given(rates, st.integers(1, 6), st.integers(2, 4))
@settings(max_examples=30)
def test_nodes_are_spread_evenly_over_zones_and_regions(
    rate: float, zones: int, regions: int
) -> None:
    found = need(traffic(rate), Policy(zones=zones, regions=regions))
    assert found.nodes.item() == found.zone_nodes.item() * zones * regions
    assert found.nodes.item() >= found.region_nodes.item() * regions


def test_no_load_needs_the_least_redundancy() -> None:
    load, policy = traffic(0.0), Policy()
    point = batch_at_limits(option(), load, policy, CONSTANTS)
    found = size(option(), point, load, policy, design_failures(INPUTS, policy))
    assert found.region_nodes.item() == 1
    assert found.nodes.item() == 6


@pytest.mark.parametrize("tp", [1, 2, 4, 8])
def test_gpus_busy_at_the_peak_fit_on_the_nodes_that_must_be_up(tp: int) -> None:
    load = traffic(200.0)
    point = batch_at_limits(option(tp), load, Policy(regions=1), CONSTANTS)
    if point.concurrency.item() == 0:
        pytest.skip("the model does not fit")
    policy = Policy(regions=2)
    found = size(option(tp), point, load, policy, design_failures(INPUTS, policy))
    assert found.load_gpus.item() <= found.region_nodes.item() * NODE.gpus
