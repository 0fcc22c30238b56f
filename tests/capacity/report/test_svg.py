from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from capacity.outcome import CapacityPlan
from capacity.report.charts import FANS, charts, cost_stack, fan
from capacity.report.marks import Bar, Bars, Fan
from capacity.report.svg import SMALL, svg
from capacity.scenarios.scenario import Scenario

Planner = Callable[..., CapacityPlan]
NAMESPACE = {"svg": "http://www.w3.org/2000/svg"}


def drawn(content: str, name: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Corners of the path in a group, in points."""
    group = ET.fromstring(content).find(f".//svg:g[@id='{name}']", NAMESPACE)
    assert group is not None, name
    path = group.find(".//svg:path", NAMESPACE)
    assert path is not None
    return np.array(re.findall(r"[ML] (\S+) (\S+)", path.attrib["d"]), dtype=float)


def words(content: str) -> str:
    return " | ".join(ET.fromstring(content).itertext())


def unit_of(chart: Fan, content: str) -> float:
    """Points per unit, from the drawn median."""
    start, end, _ = next(part for part in chart.segments if part[2])
    path = drawn(content, "median-forecast")
    values = np.array(chart.median[start : end + 1])
    slope, offset = np.polyfit(values, path[:, 1], 1)
    assert path[:, 1] == pytest.approx(slope * values + offset, abs=0.01)
    assert np.diff(path[:, 0]) == pytest.approx(np.diff(path[:, 0])[0], abs=0.01)
    return float(slope)


@pytest.mark.parametrize("metric", FANS)
def test_the_median_is_drawn_at_its_values(reported_plan: CapacityPlan, metric: str) -> None:
    chart = fan(reported_plan, metric)
    assert unit_of(chart, svg(chart)) < 0  # upwards on paper is downwards in SVG


def test_bands_are_drawn_on_the_same_scale(reported_plan: CapacityPlan) -> None:
    chart = fan(reported_plan, "users")
    content = svg(chart)
    slope = unit_of(chart, content)
    for band in chart.bands:
        path = drawn(content, f"band-{band.label[:2]}-forecast")
        high = band.high[-1] - band.low[-1]
        right = path[path[:, 0] == path[:, 0].max()]
        assert np.ptp(right[:, 1]) == pytest.approx(-slope * high, abs=0.05)


def test_title_unit_and_both_parts_are_written(reported_plan: CapacityPlan) -> None:
    for chart in charts(reported_plan).values():
        text = words(svg(chart))
        assert chart.title in text
        assert f"[{chart.unit}]" in text
    text = words(svg(fan(reported_plan, "users")))
    assert "reconstruction" in text
    assert "forecast" in text
    assert "projected 14 M" in text


def test_a_reconstruction_is_dashed_and_hatched(reported_plan: CapacityPlan) -> None:
    content = svg(fan(reported_plan, "users"))
    root = ET.fromstring(content)
    median = root.find(".//svg:g[@id='median-reconstructed']/svg:path", NAMESPACE)
    assert median is not None
    assert "stroke-dasharray" in median.attrib["style"]
    assert root.find(".//svg:pattern", NAMESPACE) is not None


def test_the_same_chart_gives_the_same_bytes_without_a_date(reported_plan: CapacityPlan) -> None:
    chart = fan(reported_plan, "gpus")
    assert svg(chart) == svg(chart)
    assert "<dc:date>" not in svg(chart)


def test_labels_stay_inside_the_picture_and_apart(reported_plan: CapacityPlan) -> None:
    for chart in charts(reported_plan).values():
        root = ET.fromstring(svg(chart))
        width = float(root.attrib["viewBox"].split()[2])
        ends: list[float] = []
        for text in root.iterfind(".//svg:text", NAMESPACE):
            place = re.findall(r"translate\((\S+) (\S+)\)", text.attrib.get("transform", ""))
            x, y = place[0] if place else (text.attrib["x"], text.attrib["y"])
            assert 0 <= float(x) <= width
            if float(x) > 0.7 * width and isinstance(chart, Fan) and "%" in str(text.text):
                ends.append(float(y))
        assert all(b - a > 6 for a, b in pairwise(sorted(ends)))


def test_text_with_markup_stays_text() -> None:
    chart = Bars("b", "<b>&x</b>", "GPUs", "alt", (Bar("</svg>", 0, 1, "$\\alpha$"),))
    text = words(svg(chart, SMALL))
    assert "<b>&x</b>" in text
    assert "</svg>" in text
    assert "$\\alpha$" in text


def test_no_bars_draw_an_empty_chart() -> None:
    assert "Title" in svg(Bars("b", "Title", "nodes", "alt", ()))


def test_a_single_month_has_a_width(short: Scenario, planned: Planner) -> None:
    single = planned(replace(short, start="2023-01", end="2023-01"))
    for name in ("users", "gpus"):
        path = drawn(svg(fan(single, name)), "median-forecast")
        assert np.ptp(path[:, 0]) > 50
        assert np.ptp(path[:, 1]) == 0
    assert words(svg(cost_stack(single))).count("Jan 2023") == 1
