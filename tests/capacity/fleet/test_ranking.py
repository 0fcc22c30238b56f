from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from capacity.fleet.choice import Market, choose
from capacity.fleet.ranking import Ranked, rank
from capacity.fleet.redundancy_rule import design_failures
from capacity.fleet.sizing import Traffic
from capacity.market.catalogue import Catalogue, shipped_catalogue
from capacity.planning import shipped_constants
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario
from capacity.serving.flags import serving_notes
from capacity.serving.replica import TokenLengths, max_concurrency
from forecast.shipped.place import data_folder

ONE = np.ones((1, 1))
TRAFFIC = Traffic(ONE * 200, TokenLengths(ONE * 1150, ONE * 0, ONE * 210), ONE * 0.65, ONE)


def market(scenario: Scenario, catalogue: Catalogue | None = None, **levers: Any) -> Market:
    policy = Policy(**{"term": "on-demand", **levers})
    known = shipped_catalogue() if catalogue is None else catalogue
    failures = design_failures(scenario.inputs, policy)
    return Market(known, shipped_constants(), scenario, policy, failures)


@pytest.fixture(scope="module")
def late(reported: Scenario) -> Scenario:
    return replace(reported, start="2025-06", end="2025-12", architecture="llama-3.1-70b")


@pytest.fixture(scope="module")
def ranked(late: Scenario) -> tuple[Ranked, ...]:
    return rank(market(late), TRAFFIC)


def test_every_combination_stands_once(ranked: tuple[Ranked, ...]) -> None:
    names = [item.name for item in ranked]
    nodes = [node for node in shipped_catalogue().instances.values() if node.provider == "AWS"]
    ways = sum(4 * sum(node.gpus % tp == 0 for tp in (1, 2, 4, 8)) for node in nodes)
    assert len(names) == len(set(names)) == ways


def test_the_cheapest_comes_first_and_the_others_say_by_how_much_they_are_dearer(
    ranked: tuple[Ranked, ...],
) -> None:
    serving = [item for item in ranked if item.serves]
    costs = [item.usd_per_month for item in serving]
    assert len(serving) > 5
    assert costs == sorted(costs)  # type: ignore[type-var]
    assert serving[0].binding == "chosen"
    for item in serving[1:]:
        share = item.usd_per_month / costs[0] - 1.0  # type: ignore[operator]
        assert item.reason == f"dearer by {100 * share:.0f} %" or share == 0.0


def test_every_option_has_a_reason_with_a_figure_or_the_type_that_is_missing(
    ranked: tuple[Ranked, ...],
) -> None:
    for item in ranked[1:]:
        assert re.search(r"\d", item.reason), item
    assert {item.binding for item in ranked} >= {"chosen", "cost", "memory", "precision"}


def test_the_first_of_a_number_type_is_the_choice_of_the_plan(late: Scenario) -> None:
    stage = market(late, precision="fp8")
    found = rank(stage, TRAFFIC, ["fp8"])[0]
    chosen = choose(stage, TRAFFIC)[0][0]
    assert (found.name, found.usd_per_month) == (chosen.option.name, chosen.usd_per_month)


def test_a_lack_of_memory_is_what_a_larger_card_would_have_to_add(
    ranked: tuple[Ranked, ...],
) -> None:
    short = [item for item in ranked if item.binding == "memory" and item.option is not None]
    assert short
    for item in short:
        assert item.option is not None
        lacking = float(re.findall(r"by ([\d.]+) GiB", item.reason)[0])
        for part, fits in ((1.06, True), (0.94, False)):
            more = part * lacking / item.gpus
            card = item.option.replica.accelerator
            larger = replace(card, memory_gib=card.memory_gib + more)
            replica = replace(item.option.replica, accelerator=larger)
            room = max_concurrency(replica, TRAFFIC.lengths, shipped_constants()).item()
            assert (room >= 1) == fits, item


@pytest.mark.parametrize(("lever", "target"), [("tpot_s", "TPOT"), ("ttft_s", "TTFT")])
def test_a_missed_latency_is_met_with_that_much_more_time(
    late: Scenario, lever: str, target: str
) -> None:
    limit = 0.02 if lever == "tpot_s" else 0.2
    tight = market(late, **{lever: limit})
    missed = [item for item in rank(tight, TRAFFIC) if target in item.reason]
    assert missed
    over = float(re.findall(r"by ([\d.]+) ms", missed[0].reason)[0]) / 1e3
    loose = rank(market(late, **{lever: limit + 1.06 * over}), TRAFFIC)
    assert next(item for item in loose if item.name == missed[0].name).serves


def test_what_cannot_be_had_says_from_when(reported: Scenario) -> None:
    early = rank(market(reported), TRAFFIC)
    reasons = {item.name: item.reason for item in early if item.binding == "date"}
    assert "cannot be had before 2023-07" in reasons["p5.48xlarge TP1 fp16"]


def test_what_has_no_price_says_so(reported: Scenario) -> None:
    stage = market(reported, term="1y", provider="GCP", instance="a2-highgpu-8g")
    found = rank(stage, TRAFFIC, ["fp16"])
    assert {item.binding for item in found} == {"price"}
    assert all(item.reason.startswith("cannot be had: ") for item in found)


def test_an_unknown_number_type_is_refused(late: Scenario) -> None:
    with pytest.raises(ValueError, match="unknown number type 'fp9'"):
        rank(market(late), TRAFFIC, ["fp9"])


ADDED = {
    "accelerators.csv": ("H200-SXM,", "X900,"),
    "instances.csv": ("p5en.48xlarge,AWS,H200-SXM", "own.8x900,AWS,X900"),
    "prices.csv": (
        "p5en_48xlarge_on_demand_2025_06,p5en.48xlarge",
        "own_8x900_on_demand_2025_06,own.8x900",
    ),
}


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The shipped data with one card, one node and one price more, in one row each."""
    folder = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(data_folder(), folder)
    for name, (like, new) in ADDED.items():
        path = folder / name
        lines = path.read_text(encoding="utf-8").splitlines()
        row = next(line for line in lines if line.startswith(like))
        path.write_text("\n".join([*lines, row.replace(like, new)]) + "\n", encoding="utf-8")
    return Catalogue.load(folder)


def test_a_card_node_and_price_added_in_one_row_each_are_ranked(
    late: Scenario, extended: Catalogue
) -> None:
    found = rank(market(late, extended), TRAFFIC, ["fp8"])
    own = {item.name: item for item in found if item.accelerator == "X900"}
    like = {item.name: item for item in found if item.name.startswith("p5en.48xlarge")}
    assert own["own.8x900 TP4 fp8"].serves
    assert own["own.8x900 TP4 fp8"].nodes == like["p5en.48xlarge TP4 fp8"].nodes


def test_what_was_assumed_for_a_new_card_is_said(late: Scenario, extended: Catalogue) -> None:
    stage = market(late, extended)
    node = extended.instances["own.8x900"]
    replica = stage.replica(node, 4, "fp8")
    assert replica.accelerator.efficiency_of == "H200-SXM"
    (_, note) = serving_notes(
        replica, TokenLengths.of(1150, 210), stage.constants, late.serving.covered
    )
    assert "efficiency assumed" in note
    assert "(H200-SXM)" in note
    lead = extended.lead_time("own.8x900", "2025-06")
    assert (lead.low, lead.mid, lead.high) == (node.lead_time_weeks,) * 3
    assert lead.provenance.source.startswith("assumed")
    assert stage.weeks(node, np.datetime64("2025-06")) == node.lead_time_weeks
    with pytest.raises(ValueError, match="known: 2024-12 onwards"):
        extended.lead_time("own.8x900", "2024-11")
