from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from capacity.market.prices import TERMS, PriceList
from forecast.shipped.place import data_folder

PRICES = PriceList.load()


@pytest.mark.parametrize(
    ("month", "value"), [("2023-07", 98.32), ("2025-05", 98.32), ("2025-06", 55.04)]
)
def test_a_price_is_that_of_its_month(month: str, value: float) -> None:
    assert PRICES.price("p5.48xlarge", "on-demand", month).value == value


def test_no_price_before_the_launch_and_the_error_says_when_there_is_one() -> None:
    message = r"no on-demand price of 'p5.48xlarge' in 2022-12; known: 2023-07 to 2025-05, 2025-06"
    with pytest.raises(ValueError, match=message):
        PRICES.price("p5.48xlarge", "on-demand", "2022-12")


def test_an_unknown_item_names_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"unknown price item 'p5.48xlrge'; nearest: p5.48xlarge"):
        PRICES.price("p5.48xlrge", "on-demand", "2024-01")


def test_an_unknown_term_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="known terms: on-demand, spot"):
        PRICES.price("ND96asr_v4", "3y", "2024-01")


def test_a_series_is_the_price_of_each_month() -> None:
    months = np.arange("2025-03", "2025-09", dtype="datetime64[M]")
    series = PRICES.series("p4d.24xlarge", "on-demand", months)
    assert series.tolist() == [PRICES.price("p4d.24xlarge", "on-demand", m).value for m in months]
    assert len(set(series)) == 2


def test_the_order_of_rows_does_not_matter() -> None:
    backwards = PriceList(tuple(reversed(PRICES.prices)))
    for row in PRICES.prices:
        month = row.period.first
        assert backwards.price(row.item, row.term, month) == row


def test_tiers_of_an_item_without_tiers_name_the_nearest() -> None:
    with pytest.raises(ValueError, match="no tiers of 'egres'; nearest: egress"):
        PRICES.tariff("egres", "2024-01")


def test_every_term_is_known_and_every_price_above_zero() -> None:
    assert {row.term for row in PRICES.prices} == set(TERMS)
    assert min(row.value for row in PRICES.prices) > 0


def test_a_broken_price_is_named_with_its_place(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(data_folder(), tmp_path / "data"))
    path = folder / "prices.csv"
    text = path.read_text(encoding="utf-8").replace("on-demand,32.7726", "on-demand,dear", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"prices.csv, line \d+, column value: .*'dear'"):
        PriceList.load(folder)
