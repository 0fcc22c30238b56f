from __future__ import annotations

import numpy as np
import pytest

from forecast.growth.class_parameters import class_parameters
from forecast.growth.fit_errors import ShortHistoryWarning, fitted_curve
from forecast.history import History


def flat(history):
    """Curve of no change."""
    return np.zeros_like


def test_a_short_history_warns_and_says_so(users):
    with pytest.warns(ShortHistoryWarning, match="2 points are too few"):
        fitted = fitted_curve(users, flat, model="no change")
    assert "24 are advised" in fitted.notes[0]
    assert "13 past services" in fitted.notes[0]


def test_a_short_history_takes_the_learned_errors_around_its_curve(queries):
    with pytest.warns(ShortHistoryWarning):
        fitted = fitted_curve(queries, flat, model="no change")
    learned = class_parameters("service").spread(queries.yearly_growth)
    assert np.allclose(fitted.spread.median, 0.0)
    assert fitted.spread.quantiles[2, -1] == pytest.approx(
        learned.quantiles[2, -1] - learned.median[2]
    )


def test_residuals_of_the_fit_widen_the_interval(queries):
    with pytest.warns(ShortHistoryWarning):
        plain, noisy = (
            fitted_curve(queries, flat, model="no change", noise=noise) for noise in (0.0, 0.5)
        )
    assert (noisy.spread.quantiles[:, -1] > plain.spread.quantiles[:, -1]).all()


def test_a_long_history_is_judged_by_its_own_past():
    """Random walk: the error of 'no change' has the sd of the steps times the root of time."""
    rng = np.random.default_rng(8)
    months = (np.datetime64("2000-01") + np.arange(400)).astype("datetime64[D]")
    walk = History("q", months, np.exp(np.cumsum(0.1 * rng.standard_normal(400))))
    fitted = fitted_curve(walk, flat, model="no change")
    level = fitted.spread.quantile(0.9, [1.0, 4.0, 18.0])
    assert np.allclose(level[1:] / level[0], np.sqrt([4.0, 18.0])[:, None].ravel(), rtol=0.35)
    assert "earlier origins" in fitted.notes[0]


def test_a_model_that_fits_no_earlier_part_is_refused(monthly):
    history = monthly(30)

    def only_whole(past):
        if len(past.values) < len(history.values):
            raise ValueError("too short")
        return np.zeros_like

    with pytest.raises(ValueError, match="fits no earlier part"):
        fitted_curve(history, only_whole, model="demanding")


def test_an_early_part_without_a_fit_is_left_out(monthly):
    def needs_twenty(past):
        if len(past.values) < 20:
            raise ValueError("too short")
        return np.zeros_like

    assert "interval from 3 earlier" in fitted_curve(monthly(30), needs_twenty, model="m").notes[0]
