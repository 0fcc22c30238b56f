from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.fleet.choice import Market, choose, dearer, median_traffic
from capacity.fleet.redundancy_rule import design_failures
from capacity.fleet.sizing import Option, Traffic, batch_at_limits, size
from capacity.market.catalogue import shipped_catalogue
from capacity.money.cost import hosted_usd
from capacity.planning import shipped_constants
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario
from capacity.serving.replica import Replica, TokenLengths

ONE = np.ones((1, 1))


def traffic(rate: float = 200.0, reply: float = 210.0) -> Traffic:
    return Traffic(ONE * rate, TokenLengths(ONE * 1150, ONE * 0, ONE * reply), ONE * 0.65, ONE)


def market(scenario: Scenario, **levers: Any) -> Market:
    policy = Policy(**levers)
    failures = design_failures(scenario.inputs, policy)
    return Market(shipped_catalogue(), shipped_constants(), scenario, policy, failures)


@pytest.fixture(scope="module")
def early(reported: Scenario) -> Scenario:
    return replace(reported, start="2022-06", end="2024-06")


def test_every_node_of_the_provider_is_chosen_or_rejected_once(early: Scenario) -> None:
    candidates, rejections = choose(market(early), traffic())
    names = list(dict.fromkeys(item.option.instance.name for item in candidates))
    names += [item.option.split(" ")[0] for item in rejections]
    nodes = shipped_catalogue().instances.values()
    assert sorted(names) == sorted(node.name for node in nodes if node.provider == "AWS")


def test_candidates_are_the_cheapest_parallelism_of_each_node_by_brute_force(
    early: Scenario,
) -> None:
    stage = market(early)
    candidates, _ = choose(stage, traffic())
    for found in candidates:
        node = found.option.instance
        price = stage.catalogue.price(node.name, "1y", "2024-06").value
        costs = []
        for tp in (tp for tp in (1, 2, 4, 8) if node.gpus % tp == 0):
            option = Option(node, replace(found.option.replica, tp=tp))
            point = batch_at_limits(option, traffic(), stage.policy, stage.constants)
            if point.concurrency.item():
                need = size(option, point, traffic(), stage.policy, stage.failures)
                costs.append(float(hosted_usd(need.nodes.item(), price)))
        best = next(item for item in candidates if item.option.instance is node)
        assert best.usd_per_month == min(costs)


def test_candidates_come_cheapest_first(early: Scenario) -> None:
    candidates, _ = choose(market(early), traffic())
    costs = [item.usd_per_month for item in candidates]
    assert len(costs) > 2
    assert costs == sorted(costs)


@pytest.mark.parametrize("start", ["2022-01", "2022-05", "2023-07", "2024-06"])
def test_no_node_is_bought_before_it_can_be_had(reported: Scenario, start: str) -> None:
    candidates, rejections = choose(market(replace(reported, start=start)), traffic())
    first = np.datetime64(start)
    assert all(item.option.instance.purchasable_from <= first for item in candidates)
    late = {item.option.split(" ")[0] for item in rejections if item.binding == "date"}
    for node in shipped_catalogue().instances.values():
        if node.provider == "AWS" and node.purchasable_from > first:
            assert node.name in late


def test_a_rejection_by_date_says_from_when_the_node_can_be_had(reported: Scenario) -> None:
    _, rejections = choose(market(reported), traffic())
    p5 = next(item for item in rejections if item.option.startswith("p5.48xlarge"))
    assert "2023-07" in p5.reason


@pytest.mark.parametrize(
    ("levers", "binding"),
    [
        ({"precision": "fp8", "instance": "p4d.24xlarge"}, "precision"),
        ({"ttft_s": 0.05, "instance": "p4d.24xlarge"}, "latency"),
        ({"tpot_s": 0.005, "instance": "p4d.24xlarge"}, "latency"),
        ({"provider": "GCP", "instance": "a2-highgpu-8g"}, "price"),
    ],
)
def test_a_rejection_names_what_binds(
    reported: Scenario, levers: dict[str, Any], binding: str
) -> None:
    candidates, rejections = choose(market(reported, **levers), traffic())
    assert candidates == []
    assert [item.binding for item in rejections] == [binding]


def test_a_model_too_large_for_memory_is_rejected_by_memory(reported: Scenario) -> None:
    large = replace(reported, architecture="llama-3.1-405b")
    candidates, rejections = choose(market(large), traffic())
    assert candidates == []
    assert {item.binding for item in rejections} == {"memory", "date"}


@pytest.mark.parametrize(
    ("levers", "message"),
    [
        ({"provider": "AWSS"}, "unknown provider 'AWSS'; nearest: AWS"),
        ({"instance": "p4d.24xlrge"}, "unknown instance 'p4d.24xlrge'; nearest: p4d.24xlarge"),
    ],
)
def test_an_unknown_name_is_an_error_with_the_nearest(
    reported: Scenario, levers: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        choose(market(reported, **levers), traffic())


LOADS = list(product((1.0, 200.0), (60.0, 210.0, 500.0)))


@given(st.sampled_from(LOADS), st.floats(1, 50))
@settings(max_examples=15)
def test_the_cheapest_choice_never_costs_less_for_more_queries(
    reported: Scenario, load: tuple[float, float], factor: float
) -> None:
    rate, reply = load
    few = choose(market(reported), traffic(rate, reply))[0][0]
    many = choose(market(reported), traffic(rate * factor, reply))[0][0]
    assert many.usd_per_month >= few.usd_per_month


@given(st.sampled_from(LOADS), st.floats(1.25, 4))
@settings(max_examples=15)
def test_the_cheapest_choice_never_costs_less_for_longer_replies(
    reported: Scenario, load: tuple[float, float], factor: float
) -> None:
    rate, reply = load
    few = choose(market(reported), traffic(rate, reply))[0][0]
    many = choose(market(reported), traffic(rate, reply * factor))[0][0]
    assert many.usd_per_month >= few.usd_per_month


@given(st.floats(0.9, 0.9997), st.floats(0.9, 0.9997))
@settings(max_examples=15)
def test_the_cheapest_choice_never_costs_less_for_more_nines(
    reported: Scenario, one: float, other: float
) -> None:
    low, high = (
        choose(market(reported, availability=value), traffic())[0][0].usd_per_month
        for value in sorted((one, other))
    )
    assert low <= high


def test_what_is_dearer_says_by_how_much(early: Scenario) -> None:
    candidates, _ = choose(market(early), traffic())
    words = dearer(candidates[1], candidates[0])
    share = candidates[1].usd_per_month / candidates[0].usd_per_month - 1
    assert words.binding == "cost"
    assert words.reason.startswith(f"{100 * share:.0f} % dearer")


def test_the_median_load_is_that_of_the_last_month() -> None:
    rates = np.array([[1.0, 5.0], [2.0, 9.0], [3.0, 70.0]])
    column = np.array([[1.0], [2.0], [30.0]])
    load = Traffic(rates, TokenLengths(column + 10, column, column), column, column)
    found = median_traffic(load)
    assert (found.rate.item(), found.speed.item(), found.lengths.prompt.item()) == (9, 2, 12)


def test_a_replica_of_the_choice_has_the_precision_and_cache_of_the_plan(public: Scenario) -> None:
    found = choose(market(public, precision="int8", ttft_s=5.0), traffic())[0][0]
    replica: Replica = found.option.replica
    assert (replica.weight_dtype, replica.kv_dtype) == ("int8", "int8")
    assert replica.cache == public.cache


@pytest.mark.parametrize("gpus", [1, 2, 4, 8])
def test_asked_parallelism_is_that_part_of_the_free_choice(early: Scenario, gpus: int) -> None:
    free, _ = choose(market(early), traffic())
    asked, _ = choose(market(early, tensor_parallel=str(gpus)), traffic())
    told = [(item.option.name, item.nodes, item.usd_per_month) for item in asked]
    assert told == [
        (item.option.name, item.nodes, item.usd_per_month)
        for item in free
        if item.option.replica.gpus == gpus
    ]


def test_impossible_parallelism_is_rejected_with_the_nearest_that_serves(early: Scenario) -> None:
    large = replace(early, start="2024-06", architecture="llama-2-70b")
    stage = market(large, tensor_parallel="1", instance="p4de.24xlarge")
    candidates, rejections = choose(stage, traffic())
    assert not candidates
    assert rejections[0].binding == "parallelism"
    free, _ = choose(market(large, instance="p4de.24xlarge"), traffic())
    nearest = min(item.option.replica.gpus for item in free)
    assert rejections[0].reason.endswith(f"; {nearest} would serve")


def test_parallelism_that_does_not_divide_the_node_says_so(early: Scenario) -> None:
    small = next(
        node for node in shipped_catalogue().instances.values()
        if node.provider == "AWS" and node.gpus == 4
    )  # fmt: skip
    stage = market(early, tensor_parallel="8", instance=small.name)
    _, rejections = choose(stage, traffic())
    assert "8 GPUs a replica do not divide the 4 of the node" in rejections[0].reason
