from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.outcome import CapacityPlan
from capacity.questions.breaks import RESOURCES, breaks
from capacity.scenarios.scenario import Scenario


def test_a_limit_once_exceeded_stays_broken(reported_plan: CapacityPlan) -> None:
    for item in breaks(reported_plan):
        assert list(item.probability) == sorted(item.probability)
        assert item.months[0] == "2023-01"


def test_the_probability_is_that_of_the_highest_month_so_far(reported_plan: CapacityPlan) -> None:
    (found,) = breaks(reported_plan, {"gpus": 500.0})
    highest = reported_plan.draws["gpus"][:, 12:].max(axis=1)
    assert found.probability[-1] == pytest.approx(float(np.mean(highest > 500.0)))


def test_a_lower_limit_never_breaks_later(reported_plan: CapacityPlan) -> None:
    firsts = [breaks(reported_plan, {"gpus": limit})[0].first() or "never" for limit in
              (100.0, 300.0, 600.0, 1e9)]  # fmt: skip
    assert firsts == sorted(firsts)
    assert firsts[-1] == "never"


def test_the_default_is_what_stands_in_the_last_reported_month(reported_plan: CapacityPlan) -> None:
    found = {item.metric: item.limit for item in breaks(reported_plan)}
    assert set(found) == set(RESOURCES)
    assert found["gpus"] == reported_plan.gpus_standing[11]


def test_the_most_urgent_comes_first(reported_plan: CapacityPlan) -> None:
    found = breaks(reported_plan, {"gpus": 1e9, "storage_pb": 0.0})
    assert [item.metric for item in found] == ["storage_pb", "gpus"]


def test_unknown_metrics_and_plans_of_the_past_are_refused(
    reported_plan: CapacityPlan, reported: Scenario
) -> None:
    with pytest.raises(ValueError, match="unknown metric 'gpu'; nearest: gpus"):
        breaks(reported_plan, {"gpu": 1.0})
    past = replace(reported_plan, months=reported_plan.months[:12])
    with pytest.raises(ValueError, match="before any forecast month"):
        breaks(past)
