from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from capacity.outcome import CapacityPlan
from capacity.report.influence import MOVED, demand_sway, influence, ranks


@given(st.lists(st.integers(0, 9), min_size=3, max_size=40))
def test_ranks_have_mean_zero_and_variance_one(values: list[int]) -> None:
    found = ranks(np.array(values, dtype=float))
    assert abs(found.mean()) < 1e-9
    assert found.std() == 0 if len(set(values)) == 1 else abs(found.std() - 1) < 1e-9


def test_influence_is_the_rank_correlation(reported_plan: CapacityPlan) -> None:
    metric, sway = influence(reported_plan)["reply_tokens"]
    draws = reported_plan.scenario.draw(2_000, reported_plan.seed)["reply_tokens"][:, 0]
    known = spearmanr(draws, reported_plan.draws[metric][:, -1]).statistic
    assert abs(sway - known) < 1e-9
    assert (metric, sway > 0.2) == ("gpus", True)


def test_a_certain_input_moves_nothing(reported_plan: CapacityPlan) -> None:
    certain = [name for name, item in reported_plan.scenario.inputs.items() if item.certain]
    found = influence(reported_plan)
    assert {found[name] for name in certain} == {("", 0.0)}


def test_the_price_moves_the_cost_and_demand_the_machines(reported_plan: CapacityPlan) -> None:
    assert influence(reported_plan)["price_factor"][0] == "cost"
    assert 0.4 < demand_sway(reported_plan) < 1.0
    assert {metric for metric, _ in influence(reported_plan).values()} <= {*MOVED, ""}
