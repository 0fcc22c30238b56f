from __future__ import annotations

import numpy as np
import pytest

from forecast.backtest.cases import LEVELS, Case
from forecast.backtest.table import BacktestResult
from forecast.scores import interval_score, pinball_loss

WIDTHS = np.array([-9.0, -7.0, -4.0, -2.0, 0.0, 1.0, 3.0, 5.0, 8.0])


def case(model, origin, horizon, actual, median, scale=2.0):
    return Case(model, origin, horizon, actual, tuple(median + WIDTHS), 1.5, scale)


def result(*cases, candidates=("ours",)):
    names = tuple(dict.fromkeys(found.model for found in cases))
    return BacktestResult("q", "calls", names, candidates, tuple(cases), (), 1)


@pytest.fixture
def found():
    return result(
        case("ours", "2021-01", 1, 20.0, 17.0),
        case("ours", "2021-02", 1, 24.0, 29.0, scale=4.0),
        case("ours", "2021-02", 2, 31.0, 26.0, scale=4.0),
        case("naive", "2021-01", 1, 20.0, 15.0),
        case("naive", "2021-02", 1, 24.0, 20.0, scale=4.0),
        case("naive", "2021-02", 2, 31.0, 20.0, scale=4.0),
        case("naive", "2021-03", 1, 70.0, 31.0),
    )


def test_scores_are_means_over_the_cases_that_all_models_have(found):
    """Errors 3, 5, 5 over 2, 4, 4; the naive 70 from March has no rival and does not count."""
    row, naive = found.row("ours"), found.row("naive")
    assert row["mase"] == pytest.approx((1.5 + 1.25 + 1.25) / 3)
    assert naive["mase"] == pytest.approx((2.5 + 1.0 + 2.75) / 3)
    smape = 2 * (3 / 37 + 5 / 53 + 5 / 57) / 3
    naive_smape = 2 * (5 / 35 + 4 / 44 + 11 / 51) / 3
    assert row["smape"] == pytest.approx(smape)
    expected = (smape / naive_smape + row["mase"] / naive["mase"]) / 2
    assert row["owa"] == pytest.approx(expected)
    assert naive["owa"] == pytest.approx(1.0)
    assert row["male"] == pytest.approx(np.mean(np.log([20 / 17, 29 / 24, 31 / 26])))
    assert row["log_bias"] == pytest.approx(np.mean(np.log([17 / 20, 29 / 24, 26 / 31])))
    assert row["crps"] == pytest.approx((0.75 + 0.375 + 0.375) / 3)
    assert row["n"] == naive["n"] == 3


def test_scores_of_the_distribution_are_those_of_its_quantiles(found):
    row = found.row("ours", 2)
    assert row["interval_score"] == pytest.approx(float(interval_score(31, 22, 29, 0.8)) / 4)
    assert row["pinball"] == pytest.approx(pinball_loss(31.0, 26 + WIDTHS, LEVELS).mean() / 4)
    assert (row["cover80"], row["cover95"]) == (0.0, 1.0)
    assert row["cover80_error"] == pytest.approx(0.4)


def test_rows_come_for_all_horizons_and_for_each(found):
    assert [(row["model"], row["horizon"]) for row in found.rows] == [
        ("ours", None), ("naive", None), ("ours", 1), ("naive", 1), ("ours", 2), ("naive", 2),
    ]  # fmt: skip
    assert found.to_frame()["mase"].notna().all()
    with pytest.raises(ValueError, match="no forecast of 'other' at any months"):
        found.row("other")


def test_the_figure_is_a_line_a_model_and_a_sentence(found):
    assert found.lines[0] == {"model": "ours", "x": 1, "y": pytest.approx(1.375)}
    assert len(found.lines) == 4
    assert "ours 1.38 to 1.25, naive 1.75 to 2.75" in found.description
    assert "1 to 2 months ahead, from 2 origins" in found.description


def test_a_history_that_never_changed_has_no_scale():
    flat = result(*(case(name, "2021-01", 1, 5.0, 5.0, scale=0.0) for name in ("ours", "naive")))
    row = flat.row("ours")
    assert (row["mase"], row["crps"], row["owa"]) == (None, None, None)
    assert row["smape"] == 0.0
    assert flat.lines == ()
    assert "no score has a scale" in flat.description
