from __future__ import annotations

import json
import math

from capacity.questions.sensitivity import Influence, Sensitivity
from capacity.questions.tornado import End, Swing, Tornado
from capacity.report.sensitivity_text import sensitivity_json, sensitivity_text

FOUND = Sensitivity(
    "cost", "Cost", "USD/month", "2024-06", True,
    (Influence("growth", 0.61, 0.6, 0.62, 2e6), Influence("reply_tokens", 0.19, 0.2, 0.2, 1e5)),
    0.8, 3e6,
)  # fmt: skip
SWINGS = Tornado("cost", "2024-06", 2e6, (
    Swing("growth", End("1e6", 1e6), End("2e7", 4e6)),
    Swing("failover_failure", End("0.02", 2e6), End("0.3", math.nan, "it cannot be met")),
))  # fmt: skip


def test_the_text_begins_with_one_sentence_and_adds_up() -> None:
    text = sensitivity_text(FOUND, SWINGS)
    assert text.startswith("61 % of the uncertainty in cost is growth; reply tokens is 19 %.")
    rest = next(line for line in text.splitlines() if line.startswith("other inputs"))
    assert rest.split()[-2:] == ["20.0", "%"]
    assert "$2.0 M/month" in text


def test_an_end_without_a_plan_is_said_with_its_reason() -> None:
    text = sensitivity_text(FOUND, SWINGS)
    assert "no plan" in text
    assert "failover_failure = 0.3: it cannot be met." in text


def test_the_json_holds_the_same() -> None:
    document = json.loads(sensitivity_json(FOUND, SWINGS))
    assert document["schema"] == "fleetcast.sensitivity/1"
    assert document["influences"][0]["share"] == 0.61
    assert document["tornado"]["swings"][1]["high"]["output"] is None
