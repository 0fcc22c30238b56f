from __future__ import annotations

from capacity.comparison import Difference
from capacity.dashboard.contrast import difference_fan, months_of
from capacity.report.screen import screen

FOUND = [
    Difference(metric, month, unit, 1.0, 2.0, low, low + 1.0, low + 3.0)
    for month, low in (("2024-01", -1.0), ("2024-02", 2.0))
    for metric, unit in (("cost", "USD/month"), ("gpus", "GPUs"))
]


def test_chart_holds_the_differences_of_one_metric() -> None:
    fan = difference_fan(FOUND, "gpus")
    assert (fan.median, fan.unit) == ((0.0, 3.0), "GPUs")
    assert (fan.bands[0].low, fan.bands[0].high) == ((-1.0, 2.0), (2.0, 5.0))
    assert "3 GPUs" in fan.alt


def test_chart_can_be_drawn() -> None:
    figure = screen(difference_fan(FOUND, "cost"))
    assert list(figure.data[1].y) == [0.0, 3.0]


def test_months_stand_once_in_the_order_of_time() -> None:
    assert months_of(FOUND) == ["2024-01", "2024-02"]
