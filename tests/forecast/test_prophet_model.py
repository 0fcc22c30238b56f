from __future__ import annotations

import builtins
import logging

import numpy as np
import pytest

from forecast.fit_errors import ShortHistoryWarning
from forecast.prophet_model import ProphetGrowth


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
    ],
)
def test_impossible_settings_are_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        ProphetGrowth(*arguments)
