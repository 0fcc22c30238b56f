from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.outcome import CapacityPlan
from capacity.questions.sensitivity import sensitivity


def additive(plan: CapacityPlan, weights: dict[str, float]) -> CapacityPlan:
    """The plan with a cost whose logarithm is a sum of logarithms of inputs."""
    drawn = plan.scenario.draw(2_000, plan.seed)
    parts = [weight * np.log(drawn[name]) / np.log(drawn[name]).std()
             for name, weight in weights.items()]  # fmt: skip
    cost = np.exp(np.sum(parts, axis=0)) * np.ones((1, len(plan.months)))
    return replace(plan, draws={**plan.draws, "cost": cost})


def test_a_sum_with_a_known_answer_is_shared_as_it_should(reported_plan: CapacityPlan) -> None:
    weights = {"reply_tokens": 3.0, "prompt_tokens": 2.0, "price_factor": 1.0}
    found = sensitivity(additive(reported_plan, weights), "cost")
    shares = {item.name: item.share for item in found.influences}
    alone = {item.name: item.alone for item in found.influences}
    for name, weight in weights.items():
        assert shares[name] == pytest.approx(weight**2 / 14, abs=0.03)
        assert alone[name] == pytest.approx(weight**2 / 14, abs=0.03)
    assert list(shares)[:3] == list(weights)
    assert found.explained == pytest.approx(1.0, abs=0.02)
    assert "of the uncertainty in cost is reply tokens; prompt tokens is " in found.sentence


def test_shares_add_up_to_what_the_surface_explains(reported_plan: CapacityPlan) -> None:
    for metric in ("needed_cost", "cost", "storage_pb", "cost_per_user"):
        found = sensitivity(reported_plan, metric)
        assert sum(item.share for item in found.influences) == pytest.approx(found.explained)
        assert 0.85 < found.explained <= 1.01


def test_growth_leads_the_cost_of_the_need_and_the_price_that_of_the_order(
    reported_plan: CapacityPlan,
) -> None:
    assert sensitivity(reported_plan).influences[0].name == "growth"
    assert sensitivity(reported_plan, "cost").influences[0].name == "price_factor"


def test_growth_of_users_counts_only_where_users_do(reported_plan: CapacityPlan) -> None:
    def names(metric: str) -> set[str]:
        return {item.name for item in sensitivity(reported_plan, metric).influences}

    assert "growth of users" in names("cost_per_user")
    assert "growth of users" not in names("gpus")


def test_measuring_saves_no_more_than_knowing_everything(reported_plan: CapacityPlan) -> None:
    found = sensitivity(reported_plan)
    assert all(0.0 <= item.worth_usd <= found.worth_usd for item in found.influences)
    assert found.influences[0].worth_usd > 0.0


def test_what_is_certain_is_said_to_be(reported_plan: CapacityPlan) -> None:
    found = sensitivity(reported_plan, "users", "2022-01")
    assert found.sentence == "Users in 2022-01 is hardly uncertain."
    assert found.explained == 0.0


def test_unknown_metrics_are_refused(reported_plan: CapacityPlan) -> None:
    with pytest.raises(ValueError, match="unknown metric 'costs'; nearest: cost"):
        sensitivity(reported_plan, "costs")
