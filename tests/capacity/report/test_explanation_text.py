from __future__ import annotations

import json
import math

import pytest

from capacity.outcome import CapacityPlan
from capacity.report.explanation_text import explanation_json, explanation_text


def test_the_text_has_every_part_its_share_and_its_sources(short_plan: CapacityPlan) -> None:
    found = short_plan.explain("gpus")
    text = explanation_text(found)
    assert all(part.name in text for part in found.parts)
    assert "100 %" in text
    assert "Meta research clusters" in text
    assert "Options that lost" in text


def test_the_json_adds_up(short_plan: CapacityPlan) -> None:
    document = json.loads(explanation_json(short_plan.explain("cost")))
    assert document["schema"] == "fleetcast.explain/1"
    total = math.fsum(part["value"] for part in document["parts"])
    assert total == pytest.approx(document["total"], rel=1e-8)
    assert math.fsum(part["share"] for part in document["parts"]) == pytest.approx(1.0)


def test_a_hostile_source_does_no_harm(hostile_plan: CapacityPlan) -> None:
    text = explanation_text(hostile_plan.explain("token_rate"))
    assert "\x1b" not in text
    assert "\u202e" not in text
