from __future__ import annotations

import json
import math

from capacity.outcome import CapacityPlan
from capacity.questions.break_even import BreakEven
from capacity.questions.breaks import Break
from capacity.questions.crossing import Crossing, Point
from capacity.questions.goal import Answer, Goal
from capacity.report.question_json import answer_json, json_text, outlook_json


def test_an_answer_holds_goal_value_and_proof_and_never_a_number_that_is_none(
    short_plan: CapacityPlan,
) -> None:
    goal = Goal.parse("cost<=50%", "users")
    found = Crossing(Point(0.5, 1.0), Point(0.6, math.nan), Point(0.5, 1.0), 1, True, ())
    answer = Answer(goal, 1.0, Point(1, 2), found, 9.0, ((0.6, "why"),), short_plan)
    document = json.loads(answer_json(answer))
    assert document["schema"] == "fleetcast.solve/1"
    assert (document["input"], document["value"], document["met"]["y"]) == ("demand_factor", 0.5, 1)
    assert document["missed"] == {"x": 0.6, "y": None}
    assert document["without_plan"] == [{"x": 0.6, "reason": "why"}]


def test_the_outlook_holds_breaks_and_break_even() -> None:
    one = Break("gpus", 80.0, ("2023-01",), (0.6,))
    even = BreakEven("p4d", "1y", 1e6, 1.0, 2.0, 3.0, 4.0, 0.5)
    document = json.loads(outlook_json((one,), (even,)))
    assert document["breaks"][0]["likely"] == "2023-01"
    assert document["break_even"][0]["term"] == "1y"


def test_infinite_numbers_become_null_at_every_depth() -> None:
    assert json.loads(json_text("x/1", {"a": [{"b": math.inf}]}))["a"] == [{"b": None}]
