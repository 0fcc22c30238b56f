from __future__ import annotations

import csv

import numpy as np
import pytest

from forecast.growth.origins import origins_of_series, read_origins


def write(path, rows):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def files(tmp_path):
    """Two products: one doubles a year, one is calm."""
    months = np.datetime64("2015-01") + np.arange(40)
    series = [
        {"series_id": name, "date": f"{month}-28", "value": np.exp(rate * step / 12)}
        for name, rate in (("fast", 0.8), ("calm", 0.1))
        for step, month in enumerate(months)
    ]
    meta = [
        {"series_id": name, "frequency": "monthly", "group": name, "broad": broad, "may_commit": ok}
        for name, broad, ok in (("fast", "service", "yes"), ("calm", "developer", "no"))
    ]
    return write(tmp_path / "series.csv", series), write(tmp_path / "meta.csv", meta)


def test_a_constant_rate_is_found_before_and_after_every_origin():
    months = np.arange(48.0)
    for growth, halfway, ahead, _, volatility in origins_of_series(
        months, np.exp(0.07 * months), "monthly"
    ):
        known = ~np.isnan(ahead)
        assert growth == pytest.approx(0.84)
        assert halfway == pytest.approx(0.0, abs=1e-9)
        assert volatility == pytest.approx(0.0, abs=1e-9)
        assert np.allclose(ahead[known], 0.07 * np.array([6.0, 12.0, 18.0])[known])


def test_origins_stand_at_least_a_quarter_apart():
    months = np.arange(48.0)
    indices = [found[3] for found in origins_of_series(months, 1.1**months, "monthly")]
    assert indices == list(range(12, 42, 3))


def test_values_are_interpolated_only_in_a_short_bracket():
    values = np.array([1.0, 2.0, 4.0, 8.0])
    yearly = np.array([0.0, 12.0, 24.0, 36.0])
    (first, *_) = origins_of_series(yearly, values, "annual")
    assert first[2] == pytest.approx(np.log(2.0) * np.array([0.5, 1.0, 1.5]))
    (first, *_) = origins_of_series(yearly, values, "quarterly")
    assert np.isnan(first[2]).tolist() == [True, False, True]


def test_an_observation_a_few_days_off_counts_as_it_is():
    months = np.array([0.0, 12.5, 18.0])
    (found,) = origins_of_series(months, np.array([1.0, 3.0, 6.0]), "irregular")
    assert found[0] == pytest.approx(np.log(3.0))


def test_calm_origins_are_left_out(files):
    assert set(read_origins(*files, np.log(2.0)).product) == {"fast"}
    everything = read_origins(*files, -np.inf)
    assert set(everything.product) == {"fast", "calm"}
    assert set(everything.of_class("developer").product) == {"calm"}
    assert len(everything.of_class("all")) == len(everything)
    assert everything.may_ship.tolist() == (everything.product == "fast").tolist()


def test_the_published_series_give_the_published_origins(reference):
    """Counts per series are part of the meta file, made independently."""
    files = reference / "growth_series.csv", reference / "growth_series_meta.csv"
    with files[1].open() as file:
        meta = [row for row in csv.DictReader(file) if row["broad"] == "service"]
    high = read_origins(*files, np.log(2.0)).of_class("service")
    assert len(high) == sum(int(row["n_high_growth_origins"]) for row in meta)
    assert len(read_origins(*files, -np.inf).of_class("service")) == sum(
        int(row["n_origins"]) for row in meta
    )


def test_unknown_frequency_series_and_columns_are_refused(files, tmp_path):
    with pytest.raises(ValueError, match="unknown frequency 'daily'"):
        origins_of_series(np.arange(3.0), np.ones(3), "daily")
    series, meta = files
    with pytest.raises(ValueError, match="columns frequency, group, broad are missing"):
        read_origins(series, series, 0.0)
    with pytest.raises(ValueError, match="no such file"):
        read_origins(series, tmp_path / "absent.csv", 0.0)
    other = write(tmp_path / "other.csv", [{"series_id": "x", "date": "2020-01-01", "value": 1}])
    with pytest.raises(ValueError, match="no row for series x"):
        read_origins(other, meta, 0.0)


def test_a_value_that_has_no_logarithm_is_refused(files, tmp_path):
    rows = [{"series_id": "fast", "date": "2020-01-01", "value": 0.0}]
    with pytest.raises(ValueError, match="series fast: every value"):
        read_origins(write(tmp_path / "zero.csv", rows), files[1], 0.0)


def test_a_date_that_is_given_twice_is_refused(tmp_path):
    rows = [{"series_id": "a", "date": d, "value": 1.0} for d in ("2020-01-31", "2020-01-31")]
    meta = [{"series_id": "a", "frequency": "monthly", "group": "a", "broad": "service"}]
    files = write(tmp_path / "s.csv", rows), write(tmp_path / "m.csv", meta)
    with pytest.raises(ValueError, match="series a: 2020-01-31 is given twice"):
        read_origins(*files, 0.0)
