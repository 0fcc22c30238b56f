from __future__ import annotations

import numpy as np
import pytest

from capacity.outcome import CapacityPlan
from capacity.questions.economics import ANCHORS, anchors, runway, unit_costs


def test_units_of_a_metric_are_its_quantiles(reported_plan: CapacityPlan) -> None:
    found = {item.name: item for item in unit_costs(reported_plan, "2023-12")}
    for name, metric in (
        ("cost per user", "cost_per_user"),
        ("cost per 1,000 queries", "cost_per_1000_queries"),
        ("cost per hour of conversation", "cost_per_conversation_hour"),
    ):
        expected = [reported_plan.quantile(metric, p)[23] for p in (0.1, 0.5, 0.9)]
        assert [found[name].low, found[name].mid, found[name].high] == pytest.approx(expected)


def test_tokens_of_all_draws_cost_the_bill(reported_plan: CapacityPlan) -> None:
    """Tokens at the mean rate over the month, from the peak rates of the plan."""
    draws = {name: values[:, -1] for name, values in reported_plan.draws.items()}
    busy = draws["daily_queries"] / 86_400 / draws["peak_rate"]
    tokens = draws["token_rate"] * busy * 30.4375 * 86_400
    found = {item.name: item for item in unit_costs(reported_plan)}
    expected = float(np.median(draws["cost"] / tokens * 1e6))
    assert found["cost per million reply tokens"].mid == pytest.approx(expected)
    both = found["cost per million tokens, prompts included"]
    assert both.mid < found["cost per million reply tokens"].mid


def test_every_anchor_names_a_unit_cost_and_has_source_and_caveat(
    reported_plan: CapacityPlan,
) -> None:
    names = {item.name for item in unit_costs(reported_plan)}
    assert set(ANCHORS) <= names
    for items in anchors().values():
        for item in items:
            assert item.value > 0
            assert item.source
            assert item.what
            assert item.sense in ("about", "under", "over")


def test_a_budget_is_spent_when_the_draws_have_spent_it(reported_plan: CapacityPlan) -> None:
    spent = reported_plan.draws["cost"][:, 12:].sum(axis=1)
    found = runway(reported_plan, float(np.quantile(spent, 0.3)))
    assert found.probability[-1] == pytest.approx(0.7, abs=0.001)
    assert list(found.probability) == sorted(found.probability)
    assert found.months[0] == "2023-01"


def test_a_larger_budget_never_ends_earlier(reported_plan: CapacityPlan) -> None:
    ends = [runway(reported_plan, budget).first() or "later" for budget in (1e6, 5e6, 2e7, 1e9)]
    assert ends == sorted(ends)
    assert ends[-1] == "later"


@pytest.mark.parametrize("budget", [0.0, -1.0, float("nan"), float("inf")])
def test_a_budget_of_nothing_is_refused(reported_plan: CapacityPlan, budget: float) -> None:
    with pytest.raises(ValueError, match="must be above 0 USD"):
        runway(reported_plan, budget)
