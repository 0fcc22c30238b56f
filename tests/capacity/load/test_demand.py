from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from capacity.arrays import Floats
from capacity.load.demand import demand, forecast_demand, growth_model
from capacity.scenarios.parts import GROWTH_MODELS, Growth
from capacity.scenarios.scenario import Scenario

DRAWS = 500


def ones(draws: int) -> dict[str, Floats]:
    return dict.fromkeys(("demand_factor", "growth_factor"), np.ones((draws, 1)))


ONE = ones(DRAWS)


def test_reported_months_are_as_reported_in_every_draw(reported: Scenario) -> None:
    found = demand(reported, ONE, DRAWS, 7)
    for values, history in ((found.users, reported.users), (found.queries, reported.queries)):
        assert values.shape == (DRAWS, 30)
        for column, value in ((0, history.values[0]), (11, history.values[1])):
            assert values[:, column] == pytest.approx(np.full(DRAWS, value))
    assert [found.kinds[place] for place in (0, 1, 10, 11, 12, 29)] == [
        "reported",
        "reconstructed",
        "reconstructed",
        "reported",
        "forecast",
        "forecast",
    ]


def test_a_factor_multiplies_users_and_queries_alike(reported: Scenario) -> None:
    factor = np.linspace(0.5, 3, DRAWS)[:, np.newaxis]
    one, other = (
        demand(reported, ONE, DRAWS, 7),
        demand(reported, ONE | {"demand_factor": factor}, DRAWS, 7),
    )
    assert other.users == pytest.approx(one.users * factor)
    assert other.queries == pytest.approx(one.queries * factor)


def test_a_growth_factor_counts_once_for_each_year_after_the_last_report(
    reported: Scenario,
) -> None:
    faster = ONE | {"growth_factor": np.full((DRAWS, 1), 1.5)}
    one, other = demand(reported, ONE, DRAWS, 7), demand(reported, faster, DRAWS, 7)
    assert np.array_equal(other.queries[:, :12], one.queries[:, :12])
    assert other.queries[:, 23] == pytest.approx(1.5 * one.queries[:, 23])
    assert other.users[:, 29] == pytest.approx(1.5**1.5 * one.users[:, 29])


def test_a_window_cuts_months_out_and_moves_no_number(reported: Scenario) -> None:
    whole = demand(reported, ONE, DRAWS, 7)
    late = replace(reported, start="2023-06")
    part = demand(late, ONE, DRAWS, 7)
    assert np.array_equal(part.users, whole.users[:, 17:])
    assert part.kinds == whole.kinds[17:]


def test_a_longer_window_moves_no_number_of_the_shorter(reported: Scenario) -> None:
    whole = demand(reported, ONE, DRAWS, 7)
    short = demand(replace(reported, end="2023-06"), ONE, DRAWS, 7)
    assert short.queries == pytest.approx(whole.queries[:, :18])


def test_a_plan_of_the_past_needs_no_forecast(reported: Scenario) -> None:
    past = demand(replace(reported, end="2022-05"), ONE, DRAWS, 7)
    assert past.users.shape == (DRAWS, 5)
    assert set(past.kinds) == {"reported", "reconstructed"}


def test_registered_users_never_fall(reported: Scenario) -> None:
    users = demand(reported, ONE, DRAWS, 7).users
    assert np.all(np.diff(users, axis=1) >= -1e-6 * users[:, :-1])


@pytest.mark.parametrize("wanted", [-0.6, 0.0, 0.75])
def test_users_and_queries_grow_together_as_stated(reported: Scenario, wanted: float) -> None:
    changed = replace(reported, growth=Growth(correlation=wanted))
    found = demand(changed, ones(4_000), 4_000, 7)
    ranks = spearmanr(found.users[:, -1], found.queries[:, -1]).statistic
    assert ranks == pytest.approx(6 / np.pi * np.arcsin(wanted / 2), abs=0.08)


@pytest.mark.parametrize("name", [name for name in GROWTH_MODELS if name != "prophet"])
def test_every_growth_model_can_be_fitted(name: str) -> None:
    fitted = growth_model(Growth(name)).fit
    assert callable(fitted)


def test_a_history_too_short_for_its_model_is_a_clear_error(reported: Scenario) -> None:
    with pytest.raises(ValueError, match="2 points cannot determine"):
        forecast_demand(replace(reported, growth=Growth("logistic")), DRAWS, 7)


def test_a_plan_too_long_for_its_model_is_a_clear_error(reported: Scenario) -> None:
    with pytest.raises(ValueError, match="months ahead; allowed"):
        forecast_demand(replace(reported, end="2040-01"), DRAWS, 7)


def test_the_platform_shift_lies_outside_every_interval_of_the_reference_class(
    reported: Scenario,
) -> None:
    shift = Scenario.load("platform-shift")
    assert "outside every interval of the reference class" in shift.description
    factor = shift.inputs["demand_factor"]
    assert (factor.low, factor.high) == (10.0, 1000.0)
    for told, as_told in ((shift.users, reported.users), (shift.queries, reported.queries)):
        assert told.values.tolist() == as_told.values.tolist()
    assert shift.growth == reported.growth
    usual = forecast_demand(reported, 2_000, 7)[1].at("2024-06")
    shifted = factor.mid * forecast_demand(shift, 2_000, 7)[1].at("2024-06")
    assert np.quantile(shifted, 0.025) > np.quantile(usual, 0.975)
    assert factor.low * np.median(usual) > np.quantile(usual, 0.975)
