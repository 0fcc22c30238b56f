from __future__ import annotations

import dataclasses

import pytest

from capacity.report.timelines import Curve, Timeline


def test_a_timeline_cannot_be_changed() -> None:
    chart = Timeline("g", "Goodput", "%", "alt", (0.0, 1.0), (Curve("a", (0.0, 1.0)),))
    with pytest.raises(dataclasses.FrozenInstanceError):
        chart.top = 3.0  # type: ignore[misc]
    assert (chart.bands, chart.phases) == ((), ())
