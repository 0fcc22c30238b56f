from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from forecast.growth.reference_class import ReferenceClass
from forecast.history import History
from forecast.joint import predict_jointly

MODELS = (ReferenceClass(), ReferenceClass())


@pytest.fixture(scope="module")
def joint(users, queries):
    return predict_jointly(MODELS, (users, queries), 18, 4_000, seed=7, correlation=0.6)


def test_paths_run_from_the_first_report_to_the_last_forecast(joint):
    for forecast in joint:
        assert (str(forecast.months[0]), str(forecast.months[-1])) == ("2022-01", "2024-06")
        assert forecast.values.shape == (4_000, 30)
        assert [forecast.kinds.count(kind) for kind in ("reported", "reconstructed")] == [2, 10]
        assert forecast.kinds[-18:] == ("forecast",) * 18


def test_reported_months_are_exact(joint):
    assert (joint[0].at("2022-01") == 120_000).all()
    assert (joint[0].at("2022-12") == 620_000).all()
    assert (joint[1].at("2022-12") == 1_800_000).all()


@pytest.mark.parametrize("wanted", [-0.5, 0.0, 0.75])
def test_the_wanted_correlation_is_achieved(users, queries, wanted):
    flow = History(users.name, users.dates, users.values, "active")
    first, second = predict_jointly(MODELS, (flow, queries), 18, 8_000, 7, wanted)
    rank = 6 / np.pi * np.arcsin(wanted / 2)
    for month in ("2022-06", "2023-01", "2024-06"):
        found = spearmanr(first.at(month), second.at(month)).statistic
        assert found == pytest.approx(rank, abs=0.035)


def test_users_do_not_depend_on_the_queries(users, queries):
    alone, beside = (
        predict_jointly(MODELS, (users, other), 6, 200, 7, correlation)[0].values
        for other, correlation in (
            (queries, 0.2),
            (History("calls", queries.dates, queries.values * 3, "flow"), 0.9),
        )
    )
    assert (alone == beside).all()


def test_each_quantity_keeps_its_own_distribution(joint, users, queries):
    for forecast, history in zip(joint, (users, queries), strict=True):
        alone = ReferenceClass().fit(history).predict(months=18, paths=4_000, seed=11)
        found, expected = (made.quantile([0.25, 0.5, 0.9])[:, -1] for made in (forecast, alone))
        assert np.allclose(found, expected, rtol=0.04)


def test_queries_per_user_is_certain_where_both_are_reported(joint):
    ratio = joint[1].values / joint[0].values
    assert np.allclose(ratio[:, 0], 250 / 120)
    assert np.allclose(ratio[:, 11], 1800 / 620)
    assert np.ptp(ratio[:, -1]) > 1.0


def test_histories_may_begin_in_different_months(users):
    late = History.from_points("queries", {"2022-08": 9e5, "2022-12": 1.8e6}, kind="flow")
    first, second = predict_jointly(MODELS, (users, late), 6, 2_000, 7, correlation=0.9)
    assert (len(first.months), len(second.months)) == (18, 11)
    together = spearmanr(first.at("2022-10"), second.at("2022-10")).statistic
    assert 0.55 < together < 0.95


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"months": 0}, "months must be"),
        ({"paths": 1}, "paths must be"),
        ({"seed": -3}, "seed must be"),
        ({"correlation": 1.5}, "between -1 and 1"),
    ],
)
def test_impossible_arguments_are_refused(users, queries, change, said):
    arguments = {"months": 6, "paths": 20, "seed": 1, "correlation": 0.5} | change
    with pytest.raises(ValueError, match=said):
        predict_jointly(MODELS, (users, queries), **arguments)


def test_histories_must_end_together_under_two_names(users):
    early = History.from_points("queries", {"2022-01": 1.0, "2022-11": 2.0}, kind="flow")
    for other in (early, users):
        with pytest.raises(ValueError, match="two names and one last month"):
            predict_jointly(MODELS, (users, other), 6, 20, 1)
