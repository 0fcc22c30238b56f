from __future__ import annotations

import numpy as np
import pytest

from capacity.outcome import CapacityPlan
from capacity.planning import outlook, plan, world_of
from capacity.scenarios.scenario import Scenario

DEMAND = ("users", "daily_queries", "queries_per_user", "peak_rate", "storage_pb")


@pytest.mark.parametrize("metric", DEMAND)
def test_what_is_known_without_machines_is_what_the_plan_says(
    reported: Scenario, metric: str
) -> None:
    found = outlook(world_of(reported, reported.policy, seed=7, draws=200))
    planned = plan(reported, seed=7, draws=200)
    assert isinstance(planned, CapacityPlan)
    assert found.kinds == planned.kinds
    assert np.array_equal(found.draws[metric], planned.draws[metric])
    for p in (0.05, 0.5):
        assert np.array_equal(found.quantile(metric, p), planned.quantile(metric, p))
        error = found.at_the_end.monte_carlo_error(metric, p)
        assert np.array_equal(error, planned.at_the_end.monte_carlo_error(metric, p))


def test_machines_are_not_known_before_they_are_chosen(reported: Scenario) -> None:
    found = outlook(world_of(reported, reported.policy, seed=7, draws=100))
    with pytest.raises(KeyError):
        found.quantile("gpus", 0.5)
