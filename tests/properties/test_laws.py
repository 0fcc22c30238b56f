"""Laws of the whole chain, on plans with few draws.

On a fixed option (node type and parallelism) they hold draw by draw. Parallelism is chosen for
the median draw, so that a comparison in which it changes is left out here; that the automatic
choice never gets cheaper is tested where it is made, in `test_choice`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.policy import Policy
from capacity.scenarios.parts import Override
from capacity.scenarios.scenario import Scenario

Planner = Callable[..., CapacityPlan]
NEEDS = ("load_gpus", "serving_gpus", "gpus", "cost", "cost_serving", "power_kw")
FEW = settings(max_examples=12)
FIXED = {"instance": "p4d.24xlarge"}
factors = st.floats(1, 50)


def never_less(less: CapacityPlan, more: CapacityPlan, names: tuple[str, ...] = NEEDS) -> None:
    """Every draw of every month needs and costs at least as much."""
    assume(less.option == more.option)
    for name in names:
        assert np.all(more.draws[name] >= less.draws[name] * (1 - 1e-12)), name
    assert np.all(more.serving_nodes >= less.serving_nodes)


@given(st.floats(0.1, 5), factors)
@FEW
def test_more_users_never_need_or_cost_less(
    short: Scenario, planned: Planner, base: float, factor: float
) -> None:
    few = planned(short, Policy(**FIXED), demand_factor=base)
    many = planned(short, Policy(**FIXED), demand_factor=base * factor)
    everything = tuple(name for name in METRICS if "_per_" not in name and name != "utilisation")
    never_less(few, many, everything)


@given(st.floats(60, 400), st.floats(1.3, 4))
@FEW
def test_replies_a_third_longer_never_need_or_cost_less(
    short: Scenario, planned: Planner, reply: float, factor: float
) -> None:
    """Batches are whole: a reply longer by less than one place of a batch may fit better."""
    brief = planned(short, Policy(**FIXED), reply_tokens=reply)
    never_less(brief, planned(short, Policy(**FIXED), reply_tokens=reply * factor))


@given(st.floats(200, 1500), st.floats(1.3, 3))
@FEW
def test_prompts_a_third_longer_never_need_or_cost_less(
    short: Scenario, planned: Planner, prompt: float, factor: float
) -> None:
    brief = planned(short, Policy(**FIXED), prompt_tokens=prompt)
    never_less(brief, planned(short, Policy(**FIXED), prompt_tokens=prompt * factor))


@given(st.floats(0.9, 0.9997), st.floats(0.9, 0.9997))
@FEW
def test_more_nines_never_need_or_cost_less(
    short: Scenario, planned: Planner, one: float, other: float
) -> None:
    low, high = (
        planned(short, Policy(availability=value, **FIXED)) for value in sorted((one, other))
    )
    never_less(low, high)


@given(st.sampled_from([("ttft_s", 0.5, 3), ("tpot_s", 0.06, 0.3)]), st.floats(0, 1), factors)
@FEW
def test_a_tighter_latency_never_needs_or_costs_less(
    short: Scenario, planned: Planner, lever: tuple[str, float, float], place: float, more: float
) -> None:
    name, low, high = lever
    tight = low + place * (high - low)
    strict = Policy(**{name: tight}, **FIXED)
    loose = Policy(**{name: min(tight * more, high)}, **FIXED)
    never_less(planned(short, loose), planned(short, strict))


@given(st.floats(0.5, 0.9999), st.floats(0.5, 0.9999))
@FEW
def test_fewer_waits_never_need_or_cost_less(
    short: Scenario, planned: Planner, one: float, other: float
) -> None:
    low, high = (
        planned(short, Policy(latency_share=value, **FIXED)) for value in sorted((one, other))
    )
    never_less(low, high)


@given(st.floats(0.5, 0.999), st.floats(0.5, 0.999))
@FEW
def test_more_confidence_never_stands_or_costs_less(
    short: Scenario, planned: Planner, one: float, other: float
) -> None:
    low, high = (
        planned(short, Policy(confidence=value, **FIXED)) for value in sorted((one, other))
    )
    never_less(low, high)
    assert np.array_equal(low.draws["gpus"], high.draws["gpus"])


@given(st.floats(0.01, 10))
@FEW
def test_scaling_prices_scales_cost_and_nothing_else(
    short: Scenario, planned: Planner, factor: float
) -> None:
    one, other = planned(short, price_factor=1.0), planned(short, price_factor=factor)
    for name in METRICS:
        k = factor if name.startswith("cost") else 1.0
        assert other.draws[name] == pytest.approx(one.draws[name] * k), name


@given(st.floats(0.05, 0.95), st.floats(0.5, 20))
@FEW
def test_two_services_never_need_fewer_machines_than_one_that_pools_them(
    short: Scenario, planned: Planner, share: float, size: float
) -> None:
    whole, one, other = (
        planned(short, Policy(**FIXED), demand_factor=size * part)
        for part in (1.0, share, 1.0 - share)
    )
    assume(whole.option == one.option == other.option)
    for name in ("load_gpus", "serving_gpus"):
        apart = one.draws[name] + other.draws[name]
        assert np.all(whole.draws[name] <= apart * (1 + 1e-12)), name


@given(st.integers(0, 2**31), st.sampled_from(sorted(METRICS)), st.floats(0, 1), st.floats(0, 1))
@FEW
def test_quantiles_never_cross_whatever_the_seed(
    short: Scenario, seed: int, metric: str, one: float, other: float
) -> None:
    found = plan(short, seed=seed, draws=200)
    assert isinstance(found, CapacityPlan)
    low, high = (found.quantile(metric, p) for p in sorted((one, other)))
    assert np.all(low <= high * (1 + 1e-12))


@given(st.permutations(["reply_tokens", "prompt_tokens", "price_factor", "dataset_tb"]))
@FEW
def test_the_order_in_which_inputs_are_given_does_not_matter(
    short: Scenario, planned: Planner, order: list[str]
) -> None:
    values = {name: replace(short.inputs[name], source="x") for name in order}
    one = planned(replace(short, estimates=values))
    other = planned(replace(short, estimates=dict(sorted(values.items()))))
    assert all(np.array_equal(one.draws[name], other.draws[name]) for name in METRICS)


@given(
    st.sampled_from(["reply_tokens", "price_factor", "dataset_tb", "node_repair_h"]),
    st.floats(0.5, 2),
)
@FEW
def test_an_override_and_its_undoing_are_no_change(
    short: Scenario, planned: Planner, name: str, factor: float
) -> None:
    known = short.inputs[name]
    numbers = {key: getattr(known, key) * factor for key in ("low", "mid", "high")}
    there = Override("there", {name: replace(known, **numbers)})
    back = Override("back", {name: known})
    one, other = planned(short), planned(replace(short, overrides=(there, back)))
    assert all(np.array_equal(one.draws[name], other.draws[name]) for name in METRICS)


@given(st.integers(1, 6), st.integers(2, 4), st.floats(0.5, 0.99))
@FEW
def test_every_metric_is_finite_and_not_negative_under_every_layout(
    short: Scenario, planned: Planner, zones: int, regions: int, confidence: float
) -> None:
    policy: dict[str, Any] = {"zones": zones, "regions": regions, "confidence": confidence}
    found = planned(short, Policy(**policy))
    for name in METRICS:
        assert np.all(np.isfinite(found.draws[name]))
        assert found.draws[name].min() >= 0
    assert found.availability >= found.policy.availability


def test_more_demand_never_costs_less_when_the_hardware_is_chosen_anew(
    reported: Scenario,
) -> None:
    """Totals over the plan at the bids' own prices; judged on the draws that judge the bids."""
    totals = []
    for factor in (0.152, 0.17, 0.3, 1.0, 3.0):
        found = plan(reported.override("x", demand_factor=factor, price_factor=1.0), draws=800)
        assert isinstance(found, CapacityPlan)
        totals.append(float(np.median((found.draws["cost_serving"]).sum(axis=1))))
    assert totals == sorted(totals)
