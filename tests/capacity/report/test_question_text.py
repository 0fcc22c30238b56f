from __future__ import annotations

import math

from capacity.outcome import CapacityPlan
from capacity.questions.break_even import BreakEven
from capacity.questions.breaks import Break
from capacity.questions.crossing import Crossing, Point
from capacity.questions.goal import Answer, Goal
from capacity.report.question_text import answer_text, break_even_text, breaks_text

GOAL = Goal.parse("cost<=1e6", "cached_share", month="2024-06")
NOW = Point(0.0, 2e6)
NONE = Crossing(None, None, Point(1.0, 1.4e6), 0, False, (NOW, Point(1.0, 1.4e6)))


def test_an_answer_shows_both_sides_and_the_present(short_plan: CapacityPlan) -> None:
    found = Crossing(Point(0.6, 0.99e6), Point(0.5999, 1.02e6), Point(0.6, 0.99e6), 1, True, (NOW,))
    text = answer_text(Answer(GOAL, 1e6, NOW, found, 2e6, (), short_plan))
    assert "cached_share = 0.6, 2.0 M users" in text
    assert "0.6 gives $990,000/month; but cached_share 0.5999 gives $1.020" in text
    assert "As it is: cached_share 0 gives $2.000" in text
    assert "Beware" not in text


def test_what_cannot_be_reached_says_the_nearest_and_what_has_no_plan(
    short_plan: CapacityPlan,
) -> None:
    answer = Answer(GOAL, 1e6, NOW, NONE, math.nan, ((0.7, "it does not fit"),), short_plan)
    text = " ".join(answer_text(answer).split())
    assert "cannot be reached by cached_share from 0 to 1" in text
    assert "Nearest: cached_share 1 gives $1.400 M/month." in text
    assert "neither only rises nor only falls" in text
    assert "No plan at 0.7: it does not fit." in text


def test_breaks_say_the_months_or_that_there_is_none() -> None:
    months = ("2023-01", "2023-02")
    text = breaks_text((Break("gpus", 80, months, (0.2, 0.7)), Break("hosts", 9, months, (0, 0.1))))
    assert "80 GPUs" in text
    assert "2023-02" in text
    assert "not in the plan" in text
    assert "70 %" in text


def test_renting_says_price_list_price_and_probability() -> None:
    text = break_even_text((BreakEven("p4d", "1y", 1e6, 10.0, 20.0, 30.0, 32.77, 0.12),))
    assert "below $20.00/h" in text
    assert "$32.77" in text
    assert "12 % probability" in text
