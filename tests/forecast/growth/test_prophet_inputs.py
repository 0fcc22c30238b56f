from __future__ import annotations

import pytest

from forecast.growth.prophet_inputs import ProphetEvent, country_events, event_months


def test_a_window_reaches_over_the_turn_of_the_year():
    event = ProphetEvent("sale", ("2024-12", "2025-02"), before=1, after=1)
    months = [str(month) for month in event_months(event)]
    assert months == ["2024-11", "2024-12", "2025-01", "2025-02", "2025-03"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((" ", ("2024-12",)), "a name that Prophet does not use"),
        (("trend", ("2024-12",)), "a name that Prophet does not use"),
        (("sale", ("2024-13",)), "months 2024-13; allowed: YYYY-MM"),
        (("sale", ()), "months missing"),
        (("sale", ("2024-12",), -1), "window -1, 0; allowed: 0 or more"),
    ],
)
def test_impossible_events_are_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        ProphetEvent(*arguments)


def test_only_holidays_that_move_between_months_are_events():
    pytest.importorskip("holidays", reason="comes with prophet, an optional extra")
    found = {event.name: event.months for event in country_events("DE", 2023, 2025)}
    assert found["Good Friday"] == ("2023-04", "2024-03", "2025-04")
    assert "Christmas Day" not in found
