from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from forecast.backtest import cases as backtest_cases
from forecast.backtest import rolling_origin as backtest
from forecast.backtest.cases import LeakError
from forecast.backtest.rolling_origin import Backtest
from forecast.growth.baselines import Drift, Naive
from forecast.growth.reference_class import ReferenceClass
from forecast.growth.sampling import growth_forecast
from forecast.growth.statistical import ConstantGrowth, LinearGrowth
from forecast.history import History


@dataclass
class Certain:
    """Model whose paths all follow one curve of log growth; notes what it is given."""

    growth: object
    history: History | None = None
    seen: list = field(default_factory=list)

    def fit(self, history):
        self.seen.append(history)
        return Certain(self.growth, history)

    def predict(self, months, paths, seed, shocks=None):
        curve = self.growth(self.history, np.arange(1, months + 1))
        drawn = np.tile(curve, (paths, 1))
        return growth_forecast(self.history, drawn, model="certain", seed=seed, notes=())


def doubling(history, months):
    return np.log(2.0) * months


def peeking(whole):
    """Curve of a model that shares the whole history with the test."""

    def curve(past, months):
        last = int((past.origin - whole.months[0]).astype(int))
        return np.log(whole.values[last + months] / past.values[-1])

    return curve


def series(count=40, seed=1):
    steps = np.arange(count)
    noise = np.random.default_rng(seed).normal(0.0, 0.05, count)
    months = (np.datetime64("2020-01") + steps).astype("datetime64[D]")
    return History("queries", months, np.exp(0.04 * steps + noise), unit="calls")


def test_a_model_sees_nothing_after_the_origin():
    spy, history = Certain(doubling), series()
    result = Backtest({"spy": spy}, horizon=6, paths=9).run(history)
    assert {str(past.origin) for past in spy.seen} == set(result.origins)
    for past in spy.seen:
        count = len(past.values)
        assert past.origin == history.months[count - 1]
        assert count <= len(history.values) - 6
        for array in (past.values, past.dates):
            assert array.base is None
            assert not np.shares_memory(array, history.values)


def test_a_model_that_peeks_through_a_shared_object_is_caught():
    history = series()
    peek = Certain(peeking(history))
    with pytest.raises(LeakError, match=r"'oracle': told in another unit.*another forecast"):
        Backtest({"oracle": peek}, horizon=6, paths=9).run(history)


def test_a_harness_that_hands_over_too_much_is_caught(monkeypatch):
    history, honest = series(), backtest_cases.truncated

    def leaking(whole, count, unit=1.0):
        return honest(whole, count + 1, unit)

    monkeypatch.setattr(backtest_cases, "truncated", leaking)
    with pytest.raises(LeakError, match="the past reaches 2021-02, not 2021-01"):
        Backtest({"linear": LinearGrowth()}, horizon=6, paths=9).run(history)


def test_a_model_that_answers_from_a_later_origin_is_caught():
    """It was told by someone else where the series ends, and starts there."""
    history = series()

    class Late:
        def fit(self, past):
            later = History(past.name, past.dates + np.timedelta64(62, "D"), past.values)
            return LinearGrowth().fit(later)

    with pytest.raises(LeakError, match=r"'late' was given months to 2021-01.*from 2021-03"):
        Backtest({"late": Late()}, horizon=6, paths=9).run(history)


def test_the_future_does_not_change_a_forecast():
    history = series()
    cut = History("queries", history.dates[:30], history.values[:30], unit="calls")
    whole, short = (
        Backtest({"linear": LinearGrowth()}, horizon=5, paths=50).run(given)
        for given in (history, cut)
    )
    first = {(c.model, c.origin, c.horizon): c for c in whole.cases}
    assert short.cases
    assert all(first[c.model, c.origin, c.horizon] == c for c in short.cases)


def test_errors_are_those_worked_by_hand():
    """Values 1, 2, 4, 8, 10, 30. From month 3 (4) doubling gives 8, 16; from month 4 16, 32."""
    months = (np.datetime64("2020-01") + np.arange(6)).astype("datetime64[D]")
    history = History("q", months, np.array([1.0, 2.0, 4.0, 8.0, 10.0, 30.0]))
    test = Backtest({"twice": Certain(doubling)}, horizon=2, shortest=2, paths=9)
    result = test.run(history)
    assert result.origins == ("2020-03", "2020-04")
    assert [(c.horizon, c.actual, c.quantiles[4]) for c in result.cases if c.model == "twice"] == [
        (1, 8.0, pytest.approx(8.0)),
        (2, 10.0, pytest.approx(16.0)),
        (1, 10.0, pytest.approx(16.0)),
        (2, 30.0, pytest.approx(32.0)),
    ]
    # mean steps before the origins: 3 / 2 and 7 / 3
    expected = (0.0 + 6.0 / 1.5 + 6.0 / (7 / 3) + 2.0 / (7 / 3)) / 4
    assert result.row("twice")["mase"] == pytest.approx(expected)
    assert result.row("naive", 1)["mase"] == pytest.approx((4.0 / 1.5 + 2.0 / (7 / 3)) / 2)


def test_values_far_apart_are_tested_at_the_months_they_have():
    months = (np.datetime64("2020-01") + 3 * np.arange(14)).astype("datetime64[D]")
    history = History("q", months, np.exp(0.1 * np.arange(14.0)))
    result = Backtest({}, horizon=5, paths=9).run(history)
    assert result.horizons == (3, 6)
    yearly = History(
        "q", np.arange("2010", "2020", dtype="M8[Y]").astype("M8[D]"), months[:10].astype(float)
    )
    assert Backtest({}, horizon=6, paths=9).run(yearly).horizons == (12,)


def test_origins_are_spread_evenly_with_the_first_and_the_last():
    result = Backtest({}, horizon=4, origins=4, paths=9).run(series(40))
    assert result.origins == ("2021-01", "2021-09", "2022-04", "2022-12")


def test_an_interrupted_backtest_goes_on_where_it_stopped(tmp_path):
    keep, history = tmp_path / "kept.jsonl", series()
    test = Backtest({"constant": ConstantGrowth()}, horizon=3, paths=50)
    whole = test.run(history)
    steps = test.steps(history, keep=keep)
    for _ in range(5):
        next(steps)
    steps.close()
    done = keep.read_text(encoding="utf-8").splitlines()
    with keep.open("a", encoding="utf-8") as file:
        file.write('{"model": "constant", "origin": "20')  # cut off in the middle
    spy = Certain(doubling)
    seen = []
    again = test.run(history, lambda *told: seen.append(told), keep)
    assert again.cases == whole.cases
    assert len(done) == 1 + 2 * 5
    assert seen[-1][:2] == (len(seen), len(seen))
    assert not spy.seen
    text = keep.read_text(encoding="utf-8")
    assert test.run(history, keep=keep).cases == whole.cases
    assert keep.read_text(encoding="utf-8") == text


def test_a_kept_file_of_other_settings_is_refused(tmp_path):
    keep, history = tmp_path / "kept.jsonl", series()
    Backtest({}, horizon=3, paths=9, origins=1).run(history, keep=keep)
    with pytest.raises(ValueError, match="another history, other models or settings"):
        Backtest({}, horizon=4, paths=9, origins=1).run(history, keep=keep)


def test_a_model_that_fails_is_reported_and_the_others_are_scored():
    result = Backtest({"class": ReferenceClass(longest=3)}, horizon=5, paths=9).run(series())
    assert {found.model for found in result.failures} == {"class"}
    assert "allowed: 1 to 3" in result.failures[0].reason
    assert result.row("naive")["n"] == 5 * len(result.origins)
    assert "class made no forecast" in result.text


def test_too_short_a_history_says_what_is_needed(users):
    with pytest.raises(ValueError, match=r"2 points over 11 months.*12 months before.*23 in all"):
        Backtest({}, horizon=6).run(users)


def test_impossible_settings_are_refused():
    with pytest.raises(ValueError, match="horizon must be at least 1, got 0"):
        Backtest({}, horizon=0)
    with pytest.raises(ValueError, match="paths must be at least 2"):
        Backtest({}, paths=1)
    with pytest.raises(ValueError, match="drift, naive: tested in any case"):
        Backtest({"naive": Naive(), "drift": Drift()})


def test_a_kept_file_from_before_the_classes_were_learned_anew_is_refused(tmp_path, monkeypatch):
    keep, test = tmp_path / "kept.jsonl", Backtest({}, horizon=3, paths=9, origins=1)
    test.run(series(), keep=keep)
    monkeypatch.setattr(backtest, "learned_parameters", lambda: {"classes": {}})
    with pytest.raises(ValueError, match="another history, other models or settings"):
        test.run(series(), keep=keep)
