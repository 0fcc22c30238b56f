from __future__ import annotations

import csv
import tomllib

import numpy as np
import pytest

from forecast.growth.class_parameters import class_parameters, learned_parameters
from forecast.growth.curves import gompertz_growth
from forecast.growth.learned_toml import to_toml
from forecast.growth.learning import _line, learn, product_weights, weighted_quantile
from forecast.shipped.place import data_path


def write_series(folder, curves):
    """CSV files of monthly series, one product for each curve of log level over months."""
    steps = np.arange(61)
    months = np.datetime64("2010-01") + steps
    with (folder / "series.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["series_id", "date", "value"])
        for name, curve in curves.items():
            values = np.exp(curve(steps.astype(float)))
            writer.writerows((name, f"{m}-15", v) for m, v in zip(months, values, strict=True))
    with (folder / "meta.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["series_id", "frequency", "group", "broad", "may_commit"])
        for index, name in enumerate(curves):
            broad = "service" if index % 2 else "developer"
            writer.writerow([name, "monthly", name, broad, "yes"])
    return folder / "series.csv", folder / "meta.csv"


@pytest.fixture
def exponentials(tmp_path):
    """Products that grow on at last year's rate."""
    rates = np.linspace(0.06, 0.12, 8)
    curves = {f"p{k}": (lambda steps, rate=rate: rate * steps) for k, rate in enumerate(rates)}
    return write_series(tmp_path, curves)


def test_the_shipped_parameters_are_what_the_series_teach(reference):
    files = reference / "growth_series.csv", reference / "growth_series_meta.csv"
    assert learn(*files) == learned_parameters()


def test_the_shipped_file_is_what_the_writer_writes(reference):
    files = reference / "growth_series.csv", reference / "growth_series_meta.csv"
    shipped = data_path("reference_class.toml").read_text(encoding="utf-8")
    assert to_toml(learn(*files), "2026-11-23") == shipped


def test_the_line_meets_products_that_never_slow_down(exponentials):
    """What lies ahead is no line over the logarithm, but a flat one would be off by 0.2."""
    learned = learn(*exponentials)["classes"]["all"]
    growth = np.linspace(0.75, 1.4, 9)[:, None]
    line = np.array(learned["intercept"]) + np.array(learned["slope"]) * np.log(growth)
    assert np.abs(line - growth * [0.5, 1.0, 1.5]).max() < 0.08


def test_the_line_has_the_least_absolute_deviations():
    """No line of a fine grid is better, and one wild point does not move it."""
    rng = np.random.default_rng(5)
    x = rng.uniform(-0.3, 1.5, 25)
    y = 0.4 + 0.5 * x + 0.1 * rng.standard_normal(25)
    weights = rng.uniform(0.1, 1.0, 25)
    intercept, slope = _line(x, y, weights)
    best = np.abs(intercept + slope * x - y) @ weights
    a, b = (axis[..., None] for axis in np.meshgrid(np.linspace(0, 1, 201), np.linspace(0, 1, 201)))
    assert best <= (np.abs(a + b * x - y) @ weights).min() + 1e-12
    wild = y.copy()
    wild[np.argmax(y - intercept - slope * x)] += 50.0
    assert _line(x, wild, weights) == pytest.approx((intercept, slope))


def test_a_line_never_falls():
    x = np.array([0.0, 1.0, 2.0])
    assert _line(x, np.array([3.0, 2.0, 1.0]), np.ones(3)) == (2.0, 0.0)


def test_standardised_errors_of_wild_products_are_no_wider_than_those_of_calm_ones(tmp_path):
    """Two kinds of products: growth ahead strays as much as the year before did."""
    rng = np.random.default_rng(8)
    curves = {}
    for k in range(24):
        walk = np.cumsum((0.02, 0.3)[k % 4 // 2] * rng.standard_normal(61))
        curves[f"p{k}"] = lambda steps, walk=walk: 0.09 * steps + walk
    learned = learn(*write_series(tmp_path, curves))["classes"]["all"]["residuals"]
    raw, standardised = (np.array(learned[name])[2] for name in ("combination", "standardised"))
    assert tail_weight(standardised) < 0.8 * tail_weight(raw)


def tail_weight(quantiles):
    """Width of the central 95 % over that of the central half."""
    return (quantiles[-2] - quantiles[1]) / (quantiles[30] - quantiles[10])


def test_an_exponential_that_is_right_has_no_errors(exponentials):
    learned = learn(*exponentials)["classes"]["all"]
    assert np.allclose(learned["residuals"]["exponential"], 0.0, atol=1e-6)
    assert np.min(learned["residuals"]["linear"]) > 0.0


def test_the_cap_of_gompertz_products_is_found(tmp_path):
    """Products whose log distance to the cap shrinks by a tenth a year around the same level."""
    curves = {
        f"p{k}": (lambda steps, k=k: -6.0 * np.exp(-(0.02 + 0.004 * k) * steps)) for k in range(6)
    }
    learned = learn(*write_series(tmp_path, curves))
    service = class_parameters("service", learned)
    growth, horizon = 1.0, 12.0
    curve = gompertz_growth(growth, horizon, service.cap_multiple)
    assert curve == pytest.approx(float(service.log_growth(growth, horizon)), abs=0.12)


def test_each_product_counts_once():
    products = np.array(["a", "b", "a", "a"])
    weights = product_weights(products)
    assert weights[products == "a"].sum() == pytest.approx(weights[products == "b"].sum())


def test_weighted_quantiles_agree_with_repetition():
    rng = np.random.default_rng(4)
    values, counts = rng.normal(size=40), rng.integers(1, 5, 40)
    repeated = np.repeat(values, counts)
    p = np.array([0.2, 0.45, 0.8])
    expected = np.quantile(repeated, p, method="hazen")
    assert weighted_quantile(values, counts.astype(float), p) == pytest.approx(expected, abs=0.08)


def test_shipped_errors_never_narrow_with_the_horizon():
    for table in learned_parameters()["classes"].values():
        for rows in table["residuals"].values():
            distance = np.array(rows) - np.array(rows)[:, [20]]
            assert (np.diff(np.abs(distance), axis=0) >= -2e-4).all()


def test_shipped_figures_agree_with_the_published_ones():
    """Published for all services: cap 7x, and G(18) = 0.668 + 0.260 g at a growth of 6x."""
    service = class_parameters("service")
    assert service.cap_multiple == pytest.approx(7.0, rel=0.1)
    line = service.intercept[2] + service.slope[2] * np.log(1.8)
    assert line == pytest.approx(0.668 + 0.260 * 1.8, abs=0.1)


def test_a_class_with_too_few_products_is_refused(tmp_path):
    curves = {f"p{k}": (lambda steps: 0.08 * steps) for k in range(3)}
    with pytest.raises(ValueError, match="class 'service': 1 products; allowed: at least 3"):
        learn(*write_series(tmp_path, curves))


def test_series_of_yearly_reports_alone_are_refused(tmp_path):
    curves = {f"p{k}": (lambda steps, k=k: (0.08 + 0.01 * k) * steps) for k in range(6)}
    series, meta = write_series(tmp_path, curves)
    meta.write_text(meta.read_text().replace("monthly", "annual"))
    with pytest.raises(ValueError, match="no service is reported every month or quarter"):
        learn(series, meta)


def test_what_is_learned_survives_writing_and_reading(exponentials):
    learned = learn(*exponentials)
    assert tomllib.loads(to_toml(learned, "2026-11-23")) == learned
