from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from capacity.outage.study import Outage
from capacity.report.outage_charts import outage_charts
from capacity.report.timeline_svg import timeline_svg
from capacity.report.timelines import Curve, Phase, Timeline

NAMESPACE = {"svg": "http://www.w3.org/2000/svg"}
MINUTES = tuple(float(minute) for minute in range(11))
CHART = Timeline(
    "g", "Goodput", "%", "alt", MINUTES,
    (Curve("a", tuple(minute**2 for minute in MINUTES)), Curve("b", MINUTES, "limit")),
    phases=(Phase("broken", 0.0, 6.0), Phase("brief", 6.0, 6.1)), top=100.0,
)  # fmt: skip


def drawn(content: str, name: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    group = ET.fromstring(content).find(f".//svg:g[@id='{name}']", NAMESPACE)
    assert group is not None
    path = group.find(".//svg:path", NAMESPACE)
    assert path is not None
    return np.array(re.findall(r"[ML] (\S+) (\S+)", path.attrib["d"]), dtype=float)


def test_curves_are_drawn_at_their_values_on_one_scale() -> None:
    content = timeline_svg(CHART)
    heights = drawn(content, "curve-0")[:, 1]
    slope, offset = np.polyfit(CHART.curves[0].values, heights, 1)
    assert slope < 0  # upwards on paper is downwards in SVG
    for place, curve in enumerate(CHART.curves):
        path = drawn(content, f"curve-{place}")[:, 1]
        assert path == pytest.approx(slope * np.array(curve.values) + offset, abs=0.01)


def test_phases_are_named_where_there_is_room() -> None:
    words = " ".join(ET.fromstring(timeline_svg(CHART)).itertext())
    assert "broken" in words
    assert "brief" not in words


def test_the_same_chart_is_the_same_drawing(outage: Outage) -> None:
    chart = outage_charts(outage)["temperatures"]
    assert isinstance(chart, Timeline)
    assert timeline_svg(chart) == timeline_svg(chart)
    assert 'id="band"' in timeline_svg(chart)
