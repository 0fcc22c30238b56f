from __future__ import annotations

from capacity.outage.study import Outage
from capacity.report.outage_charts import outage_charts
from capacity.report.timeline_screen import timeline_screen
from capacity.report.timelines import Timeline


def test_the_screen_shows_what_paper_shows(outage: Outage) -> None:
    for chart in outage_charts(outage).values():
        if isinstance(chart, Timeline):
            figure = timeline_screen(chart)
            shown = {item.name: tuple(item.y) for item in figure.data}
            for curve in chart.curves:
                assert shown[curve.label] == curve.values
            assert figure.layout.meta["alt"] == chart.alt
            assert figure.layout.yaxis.title.text == chart.unit


def test_phases_are_named_on_screen(outage: Outage) -> None:
    chart = outage_charts(outage)["goodput"]
    assert isinstance(chart, Timeline)
    named = {item.text for item in timeline_screen(chart).layout.annotations}
    assert named == {phase.label for phase in chart.phases}
