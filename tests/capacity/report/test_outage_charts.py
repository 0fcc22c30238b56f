from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from capacity.outage.study import Outage
from capacity.report.marks import Bars
from capacity.report.outage_charts import outage_charts, phases_of, ranking, until
from capacity.report.timelines import Timeline


def test_the_story_and_its_countermeasures_share_their_axes(outage: Outage) -> None:
    charts = outage_charts(outage)
    for name in ("goodput", "nodes", "temperatures", "backlog"):
        one, other = charts[name], charts[f"{name}_with"]
        assert isinstance(one, Timeline)
        assert isinstance(other, Timeline)
        assert (one.top, one.minutes, one.unit) == (other.top, other.minutes, other.unit)


def test_without_countermeasures_there_is_nothing_beside(outage: Outage) -> None:
    alone = replace(outage, names=(), chosen=outage.told)
    assert [name for name in outage_charts(alone) if name.endswith("_with")] == []


def test_every_chart_is_described_with_its_figures(outage: Outage) -> None:
    for chart in outage_charts(outage).values():
        assert len(chart.alt) > 60
        assert any(letter.isdigit() for letter in chart.alt)


def test_the_band_of_temperatures_holds_the_mean(outage: Outage) -> None:
    chart = outage_charts(outage)["temperatures"]
    assert isinstance(chart, Timeline)
    band, mean = chart.bands[0], chart.curves[0]
    triples = zip(band.low, mean.values, band.high, strict=True)
    assert all(low - 1e-9 <= mid <= high + 1e-9 for low, mid, high in triples)


def test_phases_follow_one_another(outage: Outage) -> None:
    parts = phases_of(outage.told)
    assert [part.label for part in parts] == ["broken", "cascade", "offline", "ramp", "normal"]
    assert all(one.end <= other.start for one, other in itertools.pairwise(parts))


def test_the_ranking_has_a_bar_for_each_countermeasure(outage: Outage) -> None:
    chart = ranking(outage)
    assert isinstance(chart, Bars)
    assert len(chart.bars) == 13
    assert chart.bars[-1].tone == "over"


def test_a_shortened_replay_keeps_its_totals(outage: Outage) -> None:
    short = until(outage.told, 30.0)
    assert short.times[-1] == pytest.approx(30.0)
    assert short.lost is outage.told.lost
