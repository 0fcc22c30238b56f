from __future__ import annotations

from dataclasses import replace

from capacity.outage.countermeasures import COUNTERMEASURES
from capacity.outage.events import events
from capacity.outage.study import Outage
from capacity.report.outage_text import (
    alert_table,
    key_figures,
    label,
    outage_text,
    story,
    summary,
    table,
)


def test_every_event_is_told_in_its_minute(outage: Outage) -> None:
    lines = story(outage.told)
    for item in events(outage.told):
        (line,) = [line for line in lines if item.words in line]
        assert line.split()[0] == str(int(item.minute))


def test_the_first_half_hour_is_told_minute_by_minute(outage: Outage) -> None:
    minutes = [int(line.split()[0]) for line in story(outage.told)[1:]]
    assert minutes[:31] == list(range(31))
    assert minutes == sorted(set(minutes))


def test_every_countermeasure_stands_in_the_table(outage: Outage) -> None:
    first = {line.split()[0] for line in table(outage) if line}
    assert set(COUNTERMEASURES) <= first
    assert label(outage.effects[0]) == "as it was"
    assert label(outage.effects[-1]) == "admission-cap + cells"


def test_the_summary_names_the_budget(outage: Outage) -> None:
    assert "of the 30-day error budget of 99.95 %" in summary(outage.told)
    assert summary(outage.told) in outage_text(outage)
    assert summary(outage.chosen) in outage_text(outage)


def test_key_figures_are_those_of_the_summary(outage: Outage) -> None:
    for words in key_figures(outage.told).values():
        assert words.removesuffix(" min") in summary(outage.told)


def test_every_alert_stands_in_the_text_with_what_came_of_it(outage: Outage) -> None:
    never = replace(outage.alerts[-1], minute=float("inf"), in_time=False)
    lines = alert_table(replace(outage, alerts=(outage.alerts[0], never)))
    assert outage.alerts[0].name in lines[1]
    assert f"{outage.alerts[0].lost:,.0f}" in lines[1]
    assert lines[2].split()[-3:] == ["never", "too", "late"]
    assert lines[0] in outage_text(outage)
