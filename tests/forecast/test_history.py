from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.history import History


def history(values, *, start="2022-01", step=1, kind="flow"):
    months = np.datetime64(start) + step * np.arange(len(values))
    return History("users", months.astype("datetime64[D]"), np.array(values, float), kind)


def test_growth_of_eleven_months_is_scaled_to_twelve():
    users = History.from_points("u", {"2022-01": 120e3, "2022-12": 620e3}, kind="cumulative")
    assert users.yearly_growth == pytest.approx(np.log(620 / 120) * 12 / 11)


@given(st.floats(-0.5, 0.5), st.integers(2, 60), st.sampled_from([1, 3, 5, 12]))
def test_a_constant_rate_gives_the_same_yearly_growth_from_any_history(rate, count, step):
    regular = history(np.exp(rate * step * np.arange(count)), step=step)
    assert regular.yearly_growth == pytest.approx(12 * rate, abs=1e-9)


def test_only_the_last_twelve_months_count():
    values = [1.0] * 10 + [2.0] + [3.0] * 11 + [7.0]
    assert history(values).yearly_growth == pytest.approx(np.log(7 / 2))


def test_arrays_are_copied_and_read_only():
    values = np.array([1.0, 2.0])
    kept = History("u", np.array(["2022-01", "2022-02"], "datetime64[D]"), values)
    values[0] = 5.0
    assert kept.values[0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        kept.values[0] = 3.0


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([1.0], "at least 2"),
        ([1.0, -2.0], "above 0"),
        ([0.0, 2.0], "above 0"),
        ([1.0, float("nan")], "finite"),
        ([1.0, float("inf")], "finite"),
    ],
)
def test_values_that_cannot_be_are_refused(values, said):
    with pytest.raises(ValueError, match=said):
        history(values)


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (["2022-01-05", "2022-01-20"], "appears twice"),
        (["2022-05", "2022-01"], "comes after"),
        (["2022-01", "2022-02", "2022-04"], "even steps, here 1"),
        (["1989-12", "1990-01"], "years 1990 to 2100"),
        (["NaT", "2022-01"], "years 1990 to 2100"),
    ],
)
def test_dates_that_cannot_be_are_refused(dates, said):
    with pytest.raises(ValueError, match=said):
        History("u", np.array(dates, "datetime64[D]"), np.arange(1.0, len(dates) + 1))


def test_a_cumulative_series_never_falls():
    with pytest.raises(ValueError, match="2022-02-01: value 4 is below 5"):
        history([5.0, 4.0], kind="cumulative")
    assert history([5.0, 4.0], kind="active").values[1] == 4.0


def test_all_faults_are_named_at_once():
    with pytest.raises(ValueError, match=r"(?s)2 faults.*2022-01-01.*2022-03-01"):
        history([-1.0, 2.0, 0.0])


def test_unknown_kind_and_empty_name_are_refused():
    dates = np.array(["2022-01", "2022-02"], "datetime64[D]")
    with pytest.raises(ValueError, match=r"(?s)name is empty.*cumulative, active, flow"):
        History(" ", dates, np.array([1.0, 2.0]), "stock")


def test_a_date_that_cannot_be_read_is_named():
    with pytest.raises(ValueError, match="January"):
        History.from_points("u", {"January": 1.0, "2022-02": 2.0}, kind="flow")


def test_a_file_gives_the_same_history_as_points(tmp_path):
    path = tmp_path / "users.csv"
    path.write_bytes(b"\xef\xbb\xbfdate,value\r\n2022-01, 120000\r\n2022-12-31,6.2e5\r\n")
    read = History.from_csv(path, kind="cumulative", unit="users")
    assert (read.name, read.source) == ("users", "users.csv")
    assert read.values.tolist() == [120_000.0, 620_000.0]
    assert str(read.origin) == "2022-12"


def test_a_fault_of_the_series_in_a_file_names_its_line(tmp_path):
    path = tmp_path / "users.csv"
    path.write_text("date,value\n2022-01,5\n\n2022-02,4\n")
    with pytest.raises(ValueError, match=r"users.csv:4: value 4 is below 5"):
        History.from_csv(path, kind="cumulative")
