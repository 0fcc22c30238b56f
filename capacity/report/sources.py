"""Provenance: every input of a plan, what it is, who set it and where it comes from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from capacity.market.catalogue import shipped_catalogue
from capacity.market.dated import Provenance
from capacity.market.prices import Price
from capacity.money.bill import CPU_HOST, DATABASE, USAGE
from capacity.numbers import exact, plain
from capacity.outcome import CapacityPlan
from capacity.policy import LEVERS, Policy
from capacity.provenance import OWN_SERVING
from capacity.report.influence import MOVED, influence
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.scenario import Scenario
from capacity.serving.transformer import CacheLayout
from forecast.shipped.datasets import data_path
from forecast.shipped.tables import read_table

SERVICES = ("aurora_storage", "s3_standard", "s3_ia", "inter_zone", "inter_region")
EGRESS = "egress_tier"
GIVEN_BY_PLANNER = "the planner"


class InputRow(NamedTuple):
    """An uncertain input: its range, its origin, and the headline figure that it moves most."""

    name: str
    low: float
    mid: float
    high: float
    level: float
    unit: str
    basis: str
    source: str
    as_of: str
    confidence: str
    set_by: str
    moves: str
    sway: float
    meaning: str


class SourceRow(NamedTuple):
    """One fact that is not an uncertain input: what it is, its value, and where it comes from."""

    group: str
    item: str
    value: str
    unit: str
    valid: str
    source: str
    as_of: str
    confidence: str
    meaning: str = ""


def inputs(plan: CapacityPlan) -> list[InputRow]:
    """Uncertain inputs as they stand after all overrides, the most important first.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of InputRow
        One row for each input: by the figure that it moves most in the order of `MOVED`, then
        by how much, then by name.
    """
    swayed, layers = influence(plan), set_by(plan.scenario)
    rows = []
    for name, value in plan.scenario.inputs.items():
        known = ASSUMPTIONS[name]
        rows.append(
            InputRow(
                name,
                value.low,
                value.mid,
                value.high,
                value.level,
                value.unit,
                value.basis,
                value.source,
                value.as_of,
                known.confidence if layers[name] == "baseline" else "",
                layers[name],
                *swayed[name],
                known.help,
            )
        )
    places = {name: place for place, name in enumerate((*MOVED, ""))}
    return sorted(rows, key=lambda row: (places[row.moves], -abs(row.sway), row.name))


def set_by(scenario: Scenario) -> dict[str, str]:
    """Where each input was set last.

    Parameters
    ----------
    scenario : Scenario
        Any scenario.

    Returns
    -------
    dict of str to str
        By input: ``baseline``, ``scenario``, or the name of the override.
    """
    found = dict.fromkeys(ASSUMPTIONS, "baseline")
    found |= dict.fromkeys(scenario.estimates, "scenario")
    for override in scenario.overrides:
        found |= dict.fromkeys(override.estimates, override.name)
    return found


def sources(plan: CapacityPlan) -> list[SourceRow]:
    """Everything else that the plan rests on.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of SourceRow
        Reported points, policy, hardware, prices, constants, reference class, run, data files.
    """
    return [
        *_reported(plan.scenario),
        *_scenario(plan.scenario),
        *policy_rows(plan),
        *_hardware(plan),
        *prices_used(plan),
        *_serving(plan.scenario),
        *_reference_class(plan.scenario),
        *_run(plan),
    ]


def policy_rows(plan: CapacityPlan) -> list[SourceRow]:
    """Levers with their values and who set them.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of SourceRow
        One row for each lever; `source` is default, scenario, or the planner.
    """
    rows = []
    for item in fields(Policy):
        value, lever = getattr(plan.policy, item.name), LEVERS[item.name]
        origin = GIVEN_BY_PLANNER
        if plan.scenario.levers.get(item.name) == value:
            origin = "scenario"
        elif value == item.default:
            origin = "default"
        rows.append(
            SourceRow("policy", item.name, _text(value), lever.unit, "", origin, "", "", lever.help)
        )
    return rows


def prices_used(plan: CapacityPlan) -> list[SourceRow]:
    """Dated prices that hold in some month of the plan, for the items that it buys.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    list of SourceRow
        One row for each item and period.
    """
    wanted = {
        (plan.option.instance.name, plan.policy.term),
        (CPU_HOST, "on-demand"),
        (DATABASE, "on-demand"),
        *((item, USAGE) for item in SERVICES),
    }
    rows = [
        row
        for row in shipped_catalogue().prices.prices
        if ((row.item, row.term) in wanted or row.item.startswith(EGRESS)) and _overlaps(row, plan)
    ]
    return [
        _sourced("price", f"{row.item}, {row.term}", exact(row.value), row.unit, row.provenance,
                 str(row.period))
        for row in rows
    ]  # fmt: skip


def data_date(plan: CapacityPlan) -> str:
    """Latest date of any fact that the plan uses.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    str
        As YYYY-MM; the last reported month if no fact is dated.
    """
    dates = [value.as_of for value in plan.scenario.inputs.values()]
    dates += [row.as_of for row in (*_hardware(plan), *prices_used(plan))]
    months = [date[:7] for date in dates if len(date) >= 7]  # noqa: PLR2004  YYYY-MM
    return max(months, default=str(plan.scenario.queries.origin))


def _text(value: object) -> str:
    return exact(value) if isinstance(value, int | float) else str(value)


def _numbers(value: float | list[float]) -> str:
    return ", ".join(map(exact, value)) if isinstance(value, list) else exact(value)


def _overlaps(row: Price, plan: CapacityPlan) -> bool:
    ends = row.period.last is None or row.period.last >= plan.months[0]
    return bool(row.period.first <= plan.months[-1]) and bool(ends)


def _sourced(
    group: str, item: str, value: str, unit: str, origin: Provenance, valid: str = ""
) -> SourceRow:
    return SourceRow(group, item, value, unit, valid, *origin)


def _reported(scenario: Scenario) -> Iterator[SourceRow]:
    for history in (scenario.users, scenario.queries):
        for month, value in zip(history.months, history.values, strict=True):
            yield SourceRow(
                "reported", f"{history.name} ({history.kind})", exact(float(value)), history.unit,
                str(month), history.source, "", "",
            )  # fmt: skip


def _scenario(scenario: Scenario) -> Iterator[SourceRow]:
    model = shipped_catalogue().architectures[scenario.architecture]
    count = plain(model.published_params) if model.published_params else ""
    yield _sourced("model", scenario.architecture, count, "parameters", model.provenance)
    for row in read_table("profile_sources.csv").rows:
        if row.text("profile_id") == scenario.profile:
            origin = Provenance(row.text("source"), row.text("as_of"), row.text("confidence"))
            words = f"{scenario.profile}: {row.text('text')}"
            yield _sourced("hourly profile", words, row.text("hours"), "hours", origin)
    for check in scenario.cross_checks:
        told = f"{check.comparator} {exact(check.value)}"
        yield SourceRow("cross-check", check.metric, told, "", check.month, check.source, "", "")
    for event in scenario.events:
        size = event.effect
        told = f"{exact(size.mid)} ({exact(size.low)} to {exact(size.high)})"
        yield SourceRow(
            "event", event.name, told, size.unit, event.month, size.source or GIVEN_BY_PLANNER,
            size.as_of, "", f"{size.basis}; on {event.on}; {event.lasts}",
        )  # fmt: skip
    for (one, other), strength in (scenario.correlations or {}).items():
        words = f"correlation of {one} and {other}"
        yield SourceRow("scenario", words, exact(strength), "1", "", GIVEN_BY_PLANNER, "", "")
    if scenario.cache != CacheLayout():
        for key in fields(CacheLayout):
            number = getattr(scenario.cache, key.name)
            words = f"KV cache, {key.name}"
            yield SourceRow("scenario", words, f"{number:g}", "", "", GIVEN_BY_PLANNER, "", "")


def _hardware(plan: CapacityPlan) -> Iterator[SourceRow]:
    node, card = plan.option.instance, plan.option.replica.accelerator
    for item, figure, unit, origin in (
        (node.name, exact(node.gpus), f"{card.name} per node", node.provenance),
        (f"{node.name}, network", exact(node.network_bits_per_s / 1e9), "Gbit/s", node.provenance),
        (f"{card.name}, memory", exact(card.memory_gib), "GiB", card.provenance),
        (f"{card.name}, memory bandwidth", exact(card.bandwidth_bytes_per_s / 1e12), "TB/s",
         card.provenance),
        (f"{card.name}, link", exact(card.link_bytes_per_s / 1e9), "GB/s", card.provenance),
        (f"{card.name}, power limit", exact(card.tdp_w), "W", card.provenance),
    ):  # fmt: skip
        yield _sourced("hardware", item, figure, unit, origin, f"{node.purchasable_from} onwards")
    for dtype, flops in card.flops.items():
        words = f"{card.name}, {dtype} peak"
        yield _sourced("hardware", words, exact(flops / 1e12), "TFLOP/s", card.provenance)
    yield from _lead_times(plan)


def _lead_times(plan: CapacityPlan) -> Iterator[SourceRow]:
    node, catalogue = plan.option.instance, shipped_catalogue()
    months = sorted({np.datetime64(lot.order_by, "M") for lot in plan.orders})
    found = dict.fromkeys(catalogue.lead_time(node.name, month) for month in months)
    for lead in found:
        value = f"{exact(lead.mid)} ({exact(lead.low)} to {exact(lead.high)})"
        words = f"{node.name}, lead time"
        yield _sourced("hardware", words, value, "weeks", lead.provenance, str(lead.period))


def _serving(scenario: Scenario) -> Iterator[SourceRow]:
    """Serving constants as the plan used them."""
    own = scenario.serving.changed.get("constants", {})
    for name, table in _toml("serving.toml").items():
        text = _numbers(own.get(name, table["value"]))
        origin = GIVEN_BY_PLANNER if name in own else f"{table['basis']}, see serving.toml"
        yield SourceRow(
            "serving constant", name, text, table["unit"], "", origin, "", "", table["meaning"]
        )


def _reference_class(scenario: Scenario) -> Iterator[SourceRow]:
    """Learned parameters, where the growth model uses them."""
    words = f"{scenario.growth.model} growth, correlation of users and queries"
    correlation = exact(scenario.growth.correlation)
    yield SourceRow("growth", words, correlation, "1", "", "scenario or shipped value", "", "")
    if scenario.growth.model != "reference-class":
        return
    table = _toml("reference_class.toml")["classes"][scenario.growth.reference]
    source = "learned from published growth series, see reference_class.toml"
    for name, value in table.items():
        if isinstance(value, dict):
            continue
        item = f"class {scenario.growth.reference}, {name}"
        yield SourceRow("growth", item, _numbers(value), "", "", source, "", "")


def _run(plan: CapacityPlan) -> Iterator[SourceRow]:
    count = str(next(iter(plan.draws.values())).shape[0])
    for item, value in (("seed", str(plan.seed)), ("draws", count), ("version", plan.version)):
        yield SourceRow("run", item, value, "", "", "fleetcast", "", "")
    for name, digest in plan.hashes.items():
        origin = GIVEN_BY_PLANNER if name == OWN_SERVING else "shipped with fleetcast"
        yield SourceRow("data file", name, digest, "SHA-256", "", origin, "", "")


@cache
def _toml(name: str) -> Mapping[str, Any]:
    return tomllib.loads(data_path(name).read_text(encoding="utf-8"))
