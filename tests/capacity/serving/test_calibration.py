"""Constants of the serving model and their file."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from capacity.market.catalogue import Catalogue
from capacity.serving.calibration import MEASURES, ServingConstants
from forecast.shipped.place import data_path

SHIPPED = data_path("serving.toml")
CONSTANTS = ServingConstants.from_toml(SHIPPED)
LEVELS = CONSTANTS.quantile_levels


def test_file_holds_every_constant_with_unit_basis_and_meaning() -> None:
    tables = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    assert set(tables) == {field.name for field in fields(ServingConstants)}
    for name, table in tables.items():
        assert set(table) == {"value", "unit", "basis", "meaning"}, name
        assert table["basis"] in {"calibrated", "assumed"}


def test_constants_equal_the_file() -> None:
    tables = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    for name, table in tables.items():
        assert np.array_equal(getattr(CONSTANTS, name), table["value"]), name


@pytest.mark.parametrize("name", ["moe", "attention", "link"])
def test_efficiencies_over_peak_rates_are_shares(name: str) -> None:
    assert 0.3 < getattr(CONSTANTS, f"{name}_efficiency") <= 1.0


def test_no_card_exceeds_its_peak_rate_or_bandwidth() -> None:
    for card in Catalogue.load().accelerators.values():
        for efficiency in (CONSTANTS.bandwidth_efficiency, CONSTANTS.kv_efficiency):
            assert 0.3 < efficiency * card.memory_efficiency <= 1.0, card.name
        for dtype, share in card.efficiency.items():
            assert 0.3 < CONSTANTS.gemm_efficiency * share <= 1.0, (card.name, dtype)


def test_flagged_intervals_hold_the_plain_ones() -> None:
    low, high = CONSTANTS.interval(0.9)
    assert (low, high) == pytest.approx(CONSTANTS.throughput_quantiles[:: len(LEVELS) - 1])
    wide_low, wide_high = CONSTANTS.interval(0.9, flagged=True)
    assert wide_low < low < 1.0 < high < wide_high
    with pytest.raises(ValueError, match="level must be between 0 and 1, got 90"):
        CONSTANTS.interval(90)


def test_every_fault_of_a_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "serving.toml"
    text = SHIPPED.read_text(encoding="utf-8").replace("[max_batch]", "[max_bach]")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="max_batch is missing; max_bach is unknown"):
        ServingConstants.from_toml(file)


def test_values_out_of_range_are_refused_together() -> None:
    with pytest.raises(ValueError, match=r"max_batch must be above 0.*roofline_exponent"):
        replace(CONSTANTS, max_batch=0, roofline_exponent=0.5)


@pytest.mark.parametrize("measure", MEASURES)
def test_intervals_reproduce_their_quantiles_and_grow_with_the_level(measure: str) -> None:
    quantiles = getattr(CONSTANTS, f"{measure}_quantiles")
    assert CONSTANTS.interval(0.5, measure) == pytest.approx((quantiles[1], quantiles[3]))
    ends = np.array([CONSTANTS.interval(level, measure) for level in np.linspace(0.01, 0.99, 50)])
    assert np.all(np.diff(ends[:, 0]) <= 0)
    assert np.all(np.diff(ends[:, 1]) >= 0)
    assert ends[-1] == pytest.approx((quantiles[0], quantiles[-1]))


def test_what_the_model_knows_less_well_has_the_wider_interval() -> None:
    width = {name: np.ptp(np.log(CONSTANTS.interval(measure=name))) for name in MEASURES}
    assert width["throughput"] < width["old_engine"] < width["idle_ttft"]
    with pytest.raises(ValueError, match=r"measure must be one of throughput, .*, got 'tokens'"):
        CONSTANTS.interval(measure="tokens")


def test_each_measure_needs_a_quantile_for_each_level() -> None:
    with pytest.raises(ValueError, match="quantile_levels and ttft_quantiles must be equally"):
        replace(CONSTANTS, ttft_quantiles=(0.9, 1.1))
