from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.metrics import METRICS
from capacity.outcome import LEVELS, CapacityPlan, Infeasible
from capacity.planning import plan
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario

HEADLINES = ("users", "daily_queries", "gpus", "storage_pb", "peak_gbit_s", "cost")
SEEDS = 20
metrics = st.sampled_from(sorted(METRICS))
chances = st.floats(0, 1)
Plans = list[CapacityPlan]


@given(metrics, chances)
@settings(max_examples=40)
def test_a_quantile_is_the_empirical_one(
    reported_plan: CapacityPlan, metric: str, p: float
) -> None:
    expected = np.quantile(reported_plan.draws[metric], p, axis=0)
    assert reported_plan.quantile(metric, p) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(metrics, chances, chances)
@settings(max_examples=40)
def test_quantiles_never_cross(
    reported_plan: CapacityPlan, metric: str, one: float, other: float
) -> None:
    low, high = (reported_plan.quantile(metric, p) for p in sorted((one, other)))
    assert np.all(low <= high * (1 + 1e-12))


def test_asking_for_quantiles_leaves_the_draws_in_place(reported_plan: CapacityPlan) -> None:
    before = reported_plan.draws["cost"].copy()
    reported_plan.quantile("cost", 0.5)
    assert np.array_equal(reported_plan.draws["cost"], before)


def test_a_mean_is_that_of_the_draws(reported_plan: CapacityPlan) -> None:
    expected = reported_plan.draws["cost"].mean(axis=0)
    assert reported_plan.mean("cost") == pytest.approx(expected)


@pytest.mark.parametrize("p", [-0.01, 1.01, float("nan")])
def test_a_quantile_outside_0_to_1_is_refused(reported_plan: CapacityPlan, p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        reported_plan.quantile("cost", p)


def test_an_unknown_metric_names_the_nearest(reported_plan: CapacityPlan) -> None:
    for ask in (reported_plan.mean, lambda name: reported_plan.quantile(name, 0.5)):
        with pytest.raises(ValueError, match="unknown metric 'costs'; nearest: cost"):
            ask("costs")


def test_the_quantile_of_the_cost_is_below_the_sum_of_the_quantiles_of_its_lines(
    reported_plan: CapacityPlan,
) -> None:
    lines = [name for name in METRICS if name.startswith("cost_") and "_per_" not in name]
    joint = reported_plan.quantile("cost", 0.95)
    apart = sum(reported_plan.quantile(name, 0.95) for name in lines)
    assert np.all(joint < apart)
    assert joint == pytest.approx(np.quantile(reported_plan.draws["cost"], 0.95, axis=0))


def test_levels_rise_and_hold_the_median() -> None:
    assert list(LEVELS) == sorted(LEVELS)
    assert 0.5 in LEVELS


@pytest.fixture(scope="module", params=["reported", "public", "work"])
def seeds(request: pytest.FixtureRequest, reported: Scenario, public: Scenario) -> Plans:
    """The same plan under twenty seeds."""
    known = {"reported": reported, "public": public, "work": Scenario.load("work-assistant")}
    found = [plan(known[request.param], seed=seed, draws=2_000) for seed in range(SEEDS)]
    return [item for item in found if isinstance(item, CapacityPlan)]


@pytest.mark.parametrize("p", [0.5, 0.9])
@pytest.mark.parametrize("metric", HEADLINES)
def test_another_seed_moves_a_headline_by_less_than_the_printed_error(
    seeds: Plans, metric: str, p: float
) -> None:
    values = np.array([item.quantile(metric, p)[-1] for item in seeds])
    errors = np.array([item.monte_carlo_error(metric, p)[-1] for item in seeds])
    apart = np.abs(values[:, np.newaxis] - values[np.newaxis, :])
    assert len(seeds) == SEEDS
    assert np.all(apart <= errors[:, np.newaxis] * (1 + 1e-9))


def test_the_printed_error_of_a_plan_as_it_is_run_is_not_idle(reported: Scenario) -> None:
    """An error of half the value would never be exceeded either."""
    found = plan(reported)
    assert isinstance(found, CapacityPlan)
    for metric in HEADLINES:
        error = found.monte_carlo_error(metric, 0.5)[-1]
        assert error <= 0.25 * found.quantile(metric, 0.5)[-1], metric


@pytest.mark.parametrize("metric", HEADLINES)
def test_more_draws_move_a_headline_by_less_than_the_printed_error(
    reported: Scenario, reported_plan: CapacityPlan, metric: str
) -> None:
    few = plan(reported, seed=7, draws=500)
    assert isinstance(few, CapacityPlan)
    for p in (0.5, 0.9):
        apart = abs(few.quantile(metric, p)[-1] - reported_plan.quantile(metric, p)[-1])
        assert apart <= few.monte_carlo_error(metric, p)[-1] * (1 + 1e-9)


def test_a_certain_quantity_has_no_error(
    planned: Callable[..., CapacityPlan], certain: Scenario
) -> None:
    kept = {f"{name}_retention_months": 1 for name in ("conversation", "telemetry", "checkpoint")}
    found = planned(certain, Policy(**kept))
    assert all(found.monte_carlo_error(name, 0.9)[-1] <= 1e-9 for name in HEADLINES)


def test_an_infeasible_outcome_says_why_and_what_would_help(reported: Scenario) -> None:
    found = plan(reported, Policy(regions=1), draws=200)
    assert isinstance(found, Infeasible)
    assert found.reason in found.text
    assert found.remedies
    assert all(remedy in found.text for remedy in found.remedies)
    assert found.text.startswith("No plan for reported-case: ")


def test_gpus_standing_are_nodes_times_their_size(reported_plan: CapacityPlan) -> None:
    nodes = reported_plan.serving_nodes + reported_plan.training_nodes
    assert reported_plan.gpus_standing.tolist() == (nodes * 8).tolist()


def test_a_quantile_leaves_the_draws_as_they_are(planned: Callable[..., CapacityPlan]) -> None:
    """A plan of one month is contiguous either way round: sorting a view would sort the draws."""
    for start in ("2024-06", "2024-05"):
        found = planned(replace(Scenario.load("reported-case"), start=start))
        before = found.draws["users"].copy()
        found.quantile("users", 0.5)
        assert np.array_equal(found.draws["users"], before)
