from __future__ import annotations

import builtins
import logging

import numpy as np
import pytest

from forecast.growth.fit_errors import ShortHistoryWarning
from forecast.growth.prophet_inputs import ProphetEvent
from forecast.growth.prophet_model import ProphetGrowth
from forecast.history import History

MONTHS = np.datetime64("2021-01") + np.arange(23)


def growing(effect):
    """A history that grows by 2 % a month, times an effect in log."""
    values = 100.0 * np.exp(0.02 * np.arange(23) + effect)
    return History("q", MONTHS.astype("datetime64[D]"), values)


@pytest.fixture
def prophet():
    return pytest.importorskip("prophet", reason="prophet is an optional extra")


def test_a_missing_package_names_the_extra(monkeypatch, monthly):
    real = builtins.__import__

    def without_prophet(name, *rest, **named):
        if name == "prophet":
            raise ImportError("No module named 'prophet'")
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without_prophet)
    with pytest.raises(ImportError, match=r"pip install 'fleetcast\[prophet\]'"):
        ProphetGrowth().fit(monthly(14))


@pytest.mark.usefixtures("prophet")
def test_a_logistic_forecast_stays_below_its_cap(monthly):
    with pytest.warns(ShortHistoryWarning):
        fitted = ProphetGrowth("logistic", cap_multiple=3.0).fit(monthly(14))
    central = np.exp(fitted.curve(np.arange(1.0, 121.0)))
    assert central[17] > 1.0
    assert central[-1] < 3.2


@pytest.mark.usefixtures("prophet")
def test_its_own_interval_is_not_used_and_that_is_said(monthly):
    with pytest.warns(ShortHistoryWarning):
        forecast = ProphetGrowth().fit(monthly(14)).predict(18, 500, seed=1)
    low, high = forecast.interval(0.8)[:, -1]
    assert high / low > 2.0
    assert any("own interval is not used" in note for note in forecast.notes)


@pytest.mark.usefixtures("prophet")
def test_fitting_is_quiet_and_leaves_the_loggers_as_they_were(monthly, capfd):
    before = logging.getLogger("cmdstanpy").disabled
    with pytest.warns(ShortHistoryWarning):
        ProphetGrowth().fit(monthly(14))
    assert logging.getLogger("cmdstanpy").disabled == before
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.usefixtures("prophet")
def test_a_long_history_is_judged_by_its_own_past(monthly):
    assert "earlier origins" in ProphetGrowth().fit(monthly(26)).notes[0]


@pytest.mark.usefixtures("prophet")
def test_three_points_are_too_few(monthly):
    with pytest.raises(ValueError, match="3 points; allowed for Prophet: 4 or more"):
        ProphetGrowth().fit(monthly(3))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("flat",), "allowed: linear, logistic"),
        (("linear", 3.0), "linear growth has no cap"),
        (("logistic",), "needs a cap_multiple above 1"),
        (("logistic", 0.5), "needs a cap_multiple above 1"),
        (("logistic", 2.0, 5.0), "got 2 caps"),
        (("linear", None, 5.0), "linear growth has no cap"),
    ],
)
def test_impossible_settings_are_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        ProphetGrowth(*arguments)


@pytest.mark.usefixtures("prophet")
def test_the_effect_of_an_event_comes_back_when_it_does():
    launch = ProphetEvent("launch", ("2021-06", "2022-04", "2023-02"))
    past = growing(0.3 * np.isin(MONTHS, np.array(["2021-06", "2022-04"], dtype="datetime64[M]")))
    with pytest.warns(ShortHistoryWarning):
        ahead = ProphetGrowth(events=(launch,)).fit(past).curve(np.arange(1.0, 5.0))
    assert ahead == pytest.approx([0.02, 0.04, 0.36, 0.08], abs=0.01)


@pytest.mark.usefixtures("prophet")
def test_a_known_regressor_moves_the_forecast():
    wave = np.sin(1.3 * np.arange(30.0))
    known = {str(np.datetime64("2021-01") + step): value for step, value in enumerate(wave)}
    with pytest.warns(ShortHistoryWarning):
        fitted = ProphetGrowth(regressors={"price": known}).fit(growing(0.2 * wave[:23]))
    ahead = fitted.curve(np.arange(1.0, 8.0))
    wanted = 0.02 * np.arange(1, 8) + 0.2 * (wave[23:] - wave[22])
    assert ahead == pytest.approx(wanted, abs=0.01)
    with pytest.raises(ValueError, match="regressor 'price': no number for 2023-07; allowed"):
        fitted.curve(np.arange(1.0, 9.0))


@pytest.mark.usefixtures("prophet")
def test_no_path_exceeds_a_capacity(monthly):
    past = monthly(14)
    highest = 1.5 * past.values.max()
    with pytest.warns(ShortHistoryWarning):
        fitted = ProphetGrowth("logistic", capacity=highest, holidays="DE").fit(past)
    values = fitted.predict(36, 500, seed=1).values
    assert values.max() <= highest * (1.0 + 1e-12)
    assert values.max() > 0.99 * highest


@pytest.mark.usefixtures("prophet")
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"growth": "logistic", "capacity": 1.0}, "allowed: a capacity above that, got 1.0"),
        ({"events": (ProphetEvent("launch", ("2030-01",)),)}, "effect cannot be learned"),
        ({"holidays": "XX"}, "holidays 'XX': no such country"),
        ({"regressors": {"price": {"2021-01": 1.0}}}, "no number for 2021-02, .* and 17 more"),
        ({"regressors": {"trend": {}}}, "allowed: a name that Prophet does not use"),
    ],
)
def test_what_cannot_be_learned_from_the_history_is_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        ProphetGrowth(**settings).fit(growing(0.0))


def test_a_name_used_twice_is_refused():
    event = ProphetEvent("launch", ("2021-02",))
    with pytest.raises(ValueError, match="launch: named twice"):
        ProphetGrowth(events=(event, event))


@pytest.mark.usefixtures("prophet")
def test_units_do_not_matter(monthly):
    past = monthly(14)
    other = History("series", past.dates, 1e6 * past.values, past.kind)
    ahead = np.arange(1.0, 19.0)
    with pytest.warns(ShortHistoryWarning):
        here, there = (ProphetGrowth().fit(one).curve(ahead) for one in (past, other))
    assert there == pytest.approx(here, abs=1e-6)
