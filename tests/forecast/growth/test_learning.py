from __future__ import annotations

import csv
import tomllib

import numpy as np
import pytest

from forecast.growth.class_parameters import class_parameters, learned_parameters
from forecast.growth.curves import bass_growth, gompertz_growth
from forecast.growth.learned_toml import to_toml
from forecast.growth.learning import learn, product_weights, weighted_quantile
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


def test_the_slope_of_products_that_never_slow_down_is_one_year_in_a_year(exponentials):
    learned = learn(*exponentials)["classes"]["service"]
    assert learned["slope"] == pytest.approx([0.5, 1.0, 1.5], abs=1e-3)
    assert learned["intercept"] == pytest.approx([0.0, 0.0, 0.0], abs=1e-3)


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
    """Published for all services: cap 7x, p 0.03, q 1.0 a year, G(18) = 0.668 + 0.260 g."""
    service = class_parameters("service")
    assert service.cap_multiple == pytest.approx(7.0, rel=0.1)
    ours = bass_growth(1.8, 18.0, service.innovation, service.imitation)
    assert ours == pytest.approx(float(bass_growth(1.8, 18.0, 0.03, 1.0)), abs=0.2)
    assert service.intercept[2] + service.slope[2] * 1.8 == pytest.approx(1.136, abs=0.1)


def test_a_class_with_too_few_products_is_refused(tmp_path):
    curves = {f"p{k}": (lambda steps: 0.08 * steps) for k in range(3)}
    with pytest.raises(ValueError, match="class 'service': 1 products; allowed: at least 3"):
        learn(*write_series(tmp_path, curves))


def test_what_is_learned_survives_writing_and_reading(exponentials):
    learned = learn(*exponentials)
    assert tomllib.loads(to_toml(learned, "2026-11-23")) == learned
