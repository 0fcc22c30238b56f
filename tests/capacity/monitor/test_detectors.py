from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.monitor.control_charts import cusum_arl, ewma_arl
from capacity.monitor.detection import ALARM, Detector, alarms, watch
from capacity.monitor.detectors import (
    Cusum,
    Ewma,
    Exhaustion,
    RobustZ,
    SeasonalResidual,
    Standardiser,
)
from capacity.monitor.novelty import Novelty

MAKERS = {
    "cusum": Cusum,
    "ewma": Ewma,
    "robust z": RobustZ,
    "seasonal": lambda: SeasonalResidual(period=24),
    "exhaustion": lambda: Exhaustion(limit=1e3, ahead=10.0, window=20),
    "novelty": Novelty,
}
each = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
streams = st.lists(st.integers(-1000, 1000), min_size=1, max_size=120)


@each
@given(values=streams)
def test_every_score_lies_between_nought_and_one(make, values: list[int]) -> None:
    detector: Detector = make()
    scores = watch(detector, values)
    assert scores.shape == (len(values),)
    assert np.all((scores >= 0.0) & (scores <= 1.0))


@each
@given(values=streams, split=st.integers(0, 120))
def test_a_stream_in_two_parts_is_one_stream(make, values: list[int], split: int) -> None:
    parts = make()
    first, rest = watch(parts, values[:split]), watch(parts, values[split:])
    assert np.array_equal(np.concatenate([first, rest]), watch(make(), values))


@each
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e200])
def test_a_value_that_cannot_be_computed_with_is_refused(make, value: float) -> None:
    with pytest.raises(ValueError, match="between -1e100 and 1e100"):
        make().update(value)


@each
def test_a_flat_line_is_never_an_alarm(make) -> None:
    assert alarms(watch(make(), [45.0] * 1500)) == []


@pytest.mark.parametrize("name", ["cusum", "ewma", "robust z", "seasonal", "novelty"])
@given(unit=st.sampled_from([0.125, 8.0, 1024.0]))
def test_the_unit_of_a_stream_does_not_matter(name: str, unit: float) -> None:
    values = np.random.default_rng(2).integers(0, 100, 200) * 1.0
    make = MAKERS[name]
    assert watch(make(), values * unit) == pytest.approx(watch(make(), values), abs=1e-9)


@pytest.mark.parametrize("name", ["cusum", "ewma", "robust z", "seasonal", "novelty"])
def test_a_lasting_shift_is_found(name: str) -> None:
    values = np.random.default_rng(4).standard_normal(700)
    values[600:] += 8.0
    raised = alarms(watch(MAKERS[name](), values), quiet=0)
    assert any(600 <= place < 605 for place in raised)


def test_a_standardised_stream_has_level_nought_and_spread_one() -> None:
    standard = Standardiser(memory=2000.0)
    values = 50.0 + 3.0 * np.random.default_rng(6).standard_normal(20_000)
    found = np.array([standard.update(value) for value in values])[1000:]
    assert found.mean() == pytest.approx(0.0, abs=0.05)
    assert found.std() == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(
    ("detector", "run_length"),
    [(Cusum(0.5, 4.0, memory=1e6), cusum_arl(4.0, 0.5)), (Ewma(0.2, 2.5), ewma_arl(0.2, 2.5))],
)
def test_false_alarms_come_about_as_often_as_the_chart_promises(
    detector: Detector, run_length: float
) -> None:
    values = np.random.default_rng(8).standard_normal(60_000)
    high = watch(detector, values) >= ALARM
    starts = np.flatnonzero(high[1:] & ~high[:-1])
    # A moving average stays outside for a while; a sum starts anew at each alarm.
    assert len(values) / len(starts) == pytest.approx(run_length, rel=0.25)


def test_a_change_of_the_season_is_seen_where_the_value_itself_is_usual() -> None:
    day = np.round(50.0 + 40.0 * np.sin(np.arange(24) / 24 * 2 * np.pi), 3)
    values = [*day] * 20
    values[19 * 24 + 18] = values[19 * 24 + 6]  # the day's high at the hour of its low
    assert 19 * 24 + 18 in alarms(watch(SeasonalResidual(period=24), values), quiet=0)
    assert alarms(watch(RobustZ(), values)) == []


@pytest.mark.parametrize("limit", [0.0, 500.0])
def test_exhaustion_is_told_as_long_ahead_as_asked(limit: float) -> None:
    free = [1000.0 - 2.0 * hour for hour in range(500)]
    ahead = 24.0
    first = alarms(watch(Exhaustion(limit, ahead, window=10), free), quiet=10_000)[0]
    assert first == math.ceil((1000.0 - limit) / 2.0 - ahead)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Standardiser(memory=0.5),
        lambda: Cusum(reference=-1.0),
        lambda: Cusum(interval=0.0),
        lambda: Ewma(weight=0.0),
        lambda: Ewma(limit=math.nan),
        lambda: RobustZ(window=3),
        lambda: RobustZ(limit=-1.0),
        lambda: SeasonalResidual(period=0),
        lambda: Exhaustion(limit=0.0, ahead=0.0),
        lambda: Exhaustion(limit=0.0, ahead=1.0, window=1),
        lambda: Novelty(limit=1.0),
    ],
)
def test_a_setting_with_which_it_could_never_work_is_refused(make) -> None:
    with pytest.raises(ValueError, match="must be at least"):
        make()
