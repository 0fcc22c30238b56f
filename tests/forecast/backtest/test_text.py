from __future__ import annotations

import numpy as np

from forecast.backtest.cases import Case, Failure
from forecast.backtest.rolling_origin import Backtest
from forecast.backtest.table import BacktestResult
from forecast.growth.statistical import ConstantGrowth, LinearGrowth
from forecast.history import History


def case(model, error, crps=1.0, scale=2.0):
    quantiles = tuple(10.0 + np.arange(-4.0, 5.0))
    return Case(model, "2021-01", 3, 10.0 + error, quantiles, crps, scale)


def result(cases, failures=()):
    names = tuple(found.model for found in cases)
    return BacktestResult("q", "", names, ("ours",), tuple(cases), tuple(failures), 1)


def test_a_model_that_loses_to_a_baseline_says_so():
    (told,) = result([case("ours", 5.0), case("naive", 3.0), case("drift", 9.0, 2.0)]).verdicts
    assert told == (
        "ours does NOT beat naive on this history: MASE 2.50, CRPS 0.50 against "
        "naive: MASE 1.50, CRPS 0.50"
    )


def test_a_model_that_wins_says_by_how_much():
    (told,) = result([case("ours", 1.0, 0.5), case("naive", 3.0), case("drift", 9.0)]).verdicts
    assert told == (
        "ours beats every baseline: MASE 0.50, CRPS 0.25; the best of them, "
        "naive: MASE 1.50, CRPS 0.50"
    )


def test_a_better_median_with_a_worse_distribution_does_not_win():
    (told,) = result([case("ours", 1.0, 1.5), case("naive", 3.0)]).verdicts
    assert "does NOT beat naive" in told


def test_the_text_of_a_decelerating_series_condemns_the_constant_exponential():
    steps = np.arange(48)
    months = (np.datetime64("2018-01") + steps).astype("datetime64[D]")
    noise = np.random.default_rng(4).normal(0.0, 0.01, 48)
    history = History("users", months, np.exp(5.0 * (1.0 - np.exp(-0.08 * steps)) + noise))
    models = {"constant": ConstantGrowth(), "linear": LinearGrowth()}
    text = Backtest(models, horizon=9, paths=200).run(history).text
    assert "constant does NOT beat" in text
    assert "Backtest of users: 24 origins from 2019-01 to 2021-03, 1 to 9 months ahead" in text
    assert text.count("seasonal naive") >= 10
    table = [line for line in text.splitlines() if line.startswith(("naive", "seasonal", "drift"))]
    assert max(map(len, table)) < 140


def test_failures_are_listed_and_counted():
    failures = [Failure("ours", f"2021-0{k}", "too long") for k in range(1, 9)]
    text = result([case("naive", 3.0)], failures).text
    assert "failed: ours from 2021-05: too long" in text
    assert "failed: 3 more" in text
    assert "ours made no forecast" in text


def test_a_constant_history_gets_no_verdict():
    flat = result([case("ours", 0.0, scale=0.0), case("naive", 0.0, scale=0.0)])
    assert "never changed" in flat.verdicts[0]
    assert " - " in flat.text


def test_nothing_done_yet_is_said():
    assert "no forecast was made" in result([]).text
