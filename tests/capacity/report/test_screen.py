from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from plotly.graph_objects import Figure

from capacity.outcome import CapacityPlan
from capacity.report import palette
from capacity.report.charts import FANS, charts, cost_stack, fan
from capacity.report.marks import Bar, Bars
from capacity.report.screen import screen
from capacity.report.svg import svg
from capacity.scenarios.scenario import Scenario

Planner = Callable[..., CapacityPlan]


def trace(figure: Figure, name: str) -> object:
    return next(item for item in figure.data if item.name == name)


@pytest.mark.parametrize("metric", FANS)
def test_the_screen_shows_what_paper_shows(reported_plan: CapacityPlan, metric: str) -> None:
    chart = fan(reported_plan, metric)
    group = ET.fromstring(svg(chart)).find(
        ".//{http://www.w3.org/2000/svg}g[@id='median-forecast']"
    )
    assert group is not None
    path = group[0].attrib["d"]
    on_paper = np.array(re.findall(r"[ML] (\S+) (\S+)", path), dtype=float)[:, 1]
    on_screen = np.array(trace(screen(chart), "median").y)  # type: ignore[attr-defined]
    assert len(on_paper) == len(on_screen)
    assert abs(np.corrcoef(on_paper, on_screen)[0, 1]) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("metric", FANS)
def test_traces_hold_the_numbers_of_the_chart(reported_plan: CapacityPlan, metric: str) -> None:
    chart = fan(reported_plan, metric)
    figure = screen(chart)
    start, end, _ = next(part for part in chart.segments if part[2])
    assert trace(figure, "median").y == chart.median[start : end + 1]  # type: ignore[attr-defined]
    for band in chart.bands:
        outline = trace(figure, f"{band.label} of the draws").y  # type: ignore[attr-defined]
        assert outline == band.low[start : end + 1] + band.high[start : end + 1][::-1]
    for line in chart.lines:
        assert trace(figure, line.label).y == line.values  # type: ignore[attr-defined]
        assert trace(figure, line.label).line.shape == "hv"  # type: ignore[attr-defined]


def test_units_stand_at_the_axis_and_in_every_hover(reported_plan: CapacityPlan) -> None:
    for chart in charts(reported_plan).values():
        figure = screen(chart)
        titles = {figure.layout.xaxis.title.text, figure.layout.yaxis.title.text}
        assert chart.unit in titles
        for item in figure.data:
            assert item.hoverinfo == "skip" or chart.unit in item.hovertemplate


def test_template_and_colours_are_explicit(reported_plan: CapacityPlan) -> None:
    for chart in charts(reported_plan).values():
        figure = screen(chart)
        assert figure.layout.template.layout.to_plotly_json() == {}
        assert figure.layout.paper_bgcolor == palette.PAPER
        for item in figure.data:
            if item.type == "scatter":
                assert item.mode in {"lines", "markers"}


def test_a_reconstruction_is_named_dashed_and_hatched(reported_plan: CapacityPlan) -> None:
    figure = screen(fan(reported_plan, "users"))
    assert trace(figure, "reconstruction").fillpattern.shape == "/"  # type: ignore[attr-defined]
    dashed = trace(figure, "median, reconstructed")
    assert dashed.line.dash == "dash"  # type: ignore[attr-defined]
    assert {note.text for note in figure.layout.annotations} == {"reconstruction", "forecast"}


def test_claims_say_their_percentile(reported_plan: CapacityPlan) -> None:
    text = trace(screen(fan(reported_plan, "users")), "published").text  # type: ignore[attr-defined]
    assert "percentile" in text[0]


def test_layers_are_stacked(reported_plan: CapacityPlan) -> None:
    chart = cost_stack(reported_plan)
    figure = screen(chart)
    assert [item.y for item in figure.data] == [layer.values for layer in chart.layers]
    assert {item.stackgroup for item in figure.data} == {"sum"}


def test_a_single_month_is_drawn_with_markers(short: Scenario, planned: Planner) -> None:
    figure = screen(fan(planned(replace(short, start="2023-01", end="2023-01")), "users"))
    assert trace(figure, "median").mode == "markers"  # type: ignore[attr-defined]


def test_bars_named_by_figures_stand_evenly() -> None:
    bars = tuple(Bar(name, 0.0, 1.0, "1") for name in ("99", "99.9", "99.99"))
    figure = screen(Bars("nines", "Nines", "USD", "alt", bars))
    assert figure.layout.yaxis.type == "category"


def test_no_line_crosses_the_words_of_a_bar(reported_plan: CapacityPlan) -> None:
    """A shape stands before a trace's own text; an annotation and what is behind it before both."""
    chart = charts(reported_plan)["budget"]
    assert isinstance(chart, Bars)
    for dark, behind in ((False, palette.BEHIND_WORDS), (True, "rgba(23, 22, 20, 0.9)")):
        figure = screen(chart, dark=dark)
        assert figure.data[0].text is None
        _, *words = figure.layout.annotations
        assert [item.text for item in words] == [bar.words for bar in chart.bars]
        assert {item.bgcolor for item in words} == {behind}
        places = [chart.bars[int(item.y)].end for item in words]
        assert [item.x for item in words] == places


def test_words_of_an_overspent_budget_stand_left_of_its_bar() -> None:
    bars = (Bar("spent", 0.0, 3.0, "3 min"), Bar("over", 0.0, -1.0, "-1 min (of 2)", "over"))
    figure = screen(Bars("b", "Budget", "min", "alt", bars, limit=2.0, limit_label="budget"))
    line, spent, over = figure.layout.annotations
    assert line.text == "budget"
    assert (spent.xanchor, over.xanchor) == ("left", "right")
    assert over.text == "-1 min"


def test_bars_without_a_line_say_their_words_themselves() -> None:
    figure = screen(Bars("b", "Bars", "min", "alt", (Bar("one", 0.0, 3.0, "3 min (all)"),)))
    assert figure.data[0].text == ("3 min",)
    assert not figure.layout.annotations


def test_long_title_breaks_before_a_phone_cuts_it() -> None:
    title = "Shares in the uncertainty of cost as needed in June 2024"
    lines = screen(Bars("b", title, "USD", "alt", ())).layout.title.text.split("<br>")
    assert max(map(len, lines)) <= 42
    assert " ".join(lines) == title
