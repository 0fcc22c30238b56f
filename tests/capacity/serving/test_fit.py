"""Fitting of the serving model's constants."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from capacity.market.catalogue import Catalogue
from capacity.planning import shipped_constants
from capacity.report.calibration_table import accuracy_tables, covered
from capacity.serving.fit import BOUNDS, Calibration, calibrate, engine_of, groups_of
from capacity.serving.flags import CalibratedRange
from capacity.serving.prediction import Observations, log_errors
from capacity.serving.rows import MeasuredRow, parse_row, read_measured
from forecast.shipped.place import data_path
from tests.capacity.serving.serving_cells import row

KNOWN = Catalogue.load()
SHIPPED = shipped_constants()
PUBLISHED = Path(__file__).parents[4] / "shared" / "reference" / "llm_throughput.csv"


def own_rows(speed: float) -> list[MeasuredRow]:
    """Measurements of an engine that runs at a share of the modelled speed."""
    plain = [
        parse_row(row(line, gpu=gpu, concurrency_or_batch=batch, input_tokens=prompt), KNOWN)
        for line, (gpu, batch, prompt) in enumerate(
            (gpu, batch, prompt)
            for gpu in ("H100-SXM", "H200-SXM")
            for batch in (1, 16, 128)
            for prompt in (200, 4000)
        )
    ]
    errors = log_errors(Observations.of(plain, SHIPPED), SHIPPED)
    return [
        replace(one, tokens_per_s=speed * one.tokens_per_s * float(np.exp(error)))
        for one, error in zip(plain, errors, strict=True)
    ]


def test_an_engine_of_other_speed_is_learned_within_bounds() -> None:
    found = calibrate(own_rows(0.8), SHIPPED)
    assert np.median(np.abs(found.errors)) < 0.02
    for name, (_, low, high) in BOUNDS.items():
        assert low <= getattr(found.constants, name) <= high, name


def test_constants_that_no_row_tells_anything_about_stay_typical() -> None:
    found = calibrate(own_rows(1.0), SHIPPED).constants
    for name in ("expert_spread", "old_engine_rate", "link_efficiency", "moe_efficiency"):
        assert getattr(found, name) == pytest.approx(BOUNDS[name][0], rel=5e-3), name


def test_the_same_rows_give_the_same_constants_in_any_order() -> None:
    rows = own_rows(0.9)
    again = calibrate(rows, SHIPPED).constants
    assert calibrate(rows, SHIPPED).constants == again
    turned = calibrate(rows[::-1], SHIPPED).constants
    for name in BOUNDS:
        assert getattr(turned, name) == pytest.approx(getattr(again, name), rel=0.02), name


def test_one_group_is_judged_as_fitted() -> None:
    found = calibrate([one for one in own_rows(0.9) if "H100" in one.group], SHIPPED)
    assert np.allclose(found.unseen, found.errors)


def test_an_interval_from_few_numbers_of_a_measure_is_that_of_all() -> None:
    found = calibrate(own_rows(0.9), SHIPPED)
    assert found.constants.ttft_quantiles == found.constants.throughput_quantiles
    low, high = found.interval
    assert low.shape == high.shape == found.unseen.shape
    for group in set(groups_of(found.observed)):
        out = groups_of(found.observed) == group
        others = np.sqrt(np.mean(found.unseen[~out] ** 2))
        assert np.allclose(np.log(high[out]), -np.log(low[out]))
        assert np.all(np.log(high[out]) > 1.645 * others)


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="4 measurements of engine 'TensorRT-LLM' can be fitted"):
        calibrate(own_rows(1.0)[:4], SHIPPED)
    with pytest.raises(ValueError, match="0 measurements of engine 'vLLM'"):
        calibrate(own_rows(1.0), SHIPPED, engine="vLLM")


def test_the_engine_with_most_rows_is_fitted_unless_the_tuned_one_is_there() -> None:
    rows = [replace(one, engine="vLLM") for one in own_rows(1.0)]
    assert engine_of([*rows, replace(rows[0], engine="own")]) == "vLLM"
    assert engine_of([*rows, replace(rows[0], engine="TensorRT-LLM")]) == "TensorRT-LLM"


@pytest.fixture(scope="module")
def published() -> Calibration:
    if not PUBLISHED.is_file():
        pytest.skip("the published rows lie outside the repository and are not on this machine")
    return calibrate(read_measured(PUBLISHED, KNOWN), SHIPPED)


@pytest.mark.slow
def test_shipped_constants_are_what_the_published_rows_give(published: Calibration) -> None:
    for field in fields(SHIPPED):
        fitted = getattr(published.constants, field.name)
        assert fitted == pytest.approx(getattr(SHIPPED, field.name), rel=0.01), field.name
    kept = CalibratedRange.from_toml(data_path("serving_range.toml"))
    assert covered(published) == kept


@pytest.mark.slow
def test_unseen_groups_are_predicted_within_the_promised_error(published: Calibration) -> None:
    scopes = accuracy_tables(published)["scopes"]
    offline, static = scopes["offline_core"], scopes["static"]
    assert (offline.n, offline.groups) == (369, 12)
    assert offline.median <= 0.06
    assert offline.p90 <= 0.13
    assert static.median <= 0.08
    assert static.p90 <= 0.20
    assert scopes["online"].median <= 0.08
    assert scopes["online"].p90 <= 0.15


@pytest.mark.slow
def test_intervals_made_of_other_groups_hold_what_they_promise_in_every_scope(
    published: Calibration,
) -> None:
    for name, scope in accuracy_tables(published)["scopes"].items():
        assert 0.86 <= scope.cover90 <= 0.94, name
