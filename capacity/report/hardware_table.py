"""Ranking and mix of hardware as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from capacity.fleet.gpu_mix import Mix
from capacity.fleet.mixing import MixResult
from capacity.fleet.ranking import Ranked
from capacity.money.cost import hosted_usd
from capacity.numbers import percent, say

SCHEMA = "fleetcast.hardware/1"
SHOWN, NAMED = 12, 2


def hardware_text(ranked: Sequence[Ranked], mixed: MixResult | None = None) -> str:
    """Ranking for people: the cheapest options, then what cannot serve, by reason.

    Parameters
    ----------
    ranked : sequence of Ranked
        As `capacity.fleet.ranking.rank` gives them.
    mixed : MixResult, optional
        Mix to show below.

    Returns
    -------
    str
        Lines of text.
    """
    lines = [f"{'option':<32}{'nodes':>5}{'price':>20}   verdict"]
    serving = [item for item in ranked if item.serves]
    lines += [_line(item) for item in serving[:SHOWN]]
    if len(serving) > SHOWN:
        lines.append(f"and {len(serving) - SHOWN} dearer ones; --json lists them all")
    if not serving:
        lines.append("no option meets every target")
    lines += ["", "cannot serve", *_refused(ranked)]
    if mixed is not None:
        lines += ["", *_mix_lines(mixed)]
    return "\n".join(lines)


def hardware_json(ranked: Sequence[Ranked], mixed: MixResult | None = None) -> str:
    """All options and the mix for machines.

    Parameters
    ----------
    ranked : sequence of Ranked
        As `capacity.fleet.ranking.rank` gives them.
    mixed : MixResult, optional
        Mix to include.

    Returns
    -------
    str
        One JSON object; prices in USD a month.
    """
    rows = [
        {
            "option": item.name,
            "accelerator": item.accelerator,
            "gpus_per_replica": item.gpus,
            "nodes": item.nodes,
            "usd_per_month": item.usd_per_month,
            "binding": item.binding,
            "reason": item.reason,
        }
        for item in ranked
    ]
    document: dict[str, Any] = {"schema": SCHEMA, "options": rows}
    if mixed is not None:
        document["mix"] = _mix_fields(mixed)
    return json.dumps(document, indent=1)


def _line(item: Ranked) -> str:
    price = say(item.usd_per_month or 0.0, "USD/month")
    return f"{item.name:<32}{item.nodes:>5}{price:>20}   {item.reason}"


def _refused(ranked: Sequence[Ranked]) -> Iterator[str]:
    """One line for each node type and reason."""
    groups: dict[tuple[str, str], list[str]] = {}
    for item in ranked:
        if not item.serves:
            node, _, how = item.name.partition(" ")
            groups.setdefault((node, item.reason), []).append(how)
    for (node, reason), ways in groups.items():
        name = f"{node} {', '.join(ways)}" if len(ways) <= NAMED else f"{node}, {len(ways)} ways"
        yield f"{name:<32}{reason}"


def _mix_lines(mixed: MixResult) -> Iterator[str]:
    """Mix, its proven gap, and the best single type."""
    found, single = mixed.found, mixed.single
    yield (
        f"mix for {mixed.problem.rates.sum() / mixed.headroom:.4g} requests/s in "
        f"{mixed.problem.rates.size} size classes, nodes up at the peak minute"
    )
    if isinstance(found, Mix):
        for row in _mix_fields(mixed)["nodes"]:
            share = percent(row["share_of_requests"])
            yield f"{row['option']:<32}{row['nodes']:>5}   {share} of the requests"
        price = say(float(hosted_usd(1, found.usd_per_h)), "USD/month")
        yield f"{'together':<32}{price:>25}   at most {percent(found.gap, 3)} above the optimum"
    else:
        yield f"no mix: {mixed.reason}"
    if single is None:
        yield "no single type serves every class within its limit"
    else:
        option, nodes, usd = single
        price = say(float(hosted_usd(1, usd)), "USD/month")
        over = usd / found.usd_per_h - 1.0 if isinstance(found, Mix) else 0.0
        yield f"best single: {option.name}, {nodes} nodes, {price}, dearer by {percent(over, 1)}"


def _mix_fields(mixed: MixResult) -> dict[str, Any]:
    found, single = mixed.found, mixed.single
    fields: dict[str, Any] = {
        "requests_per_s": float(mixed.problem.rates.sum() / mixed.headroom),
        "classes": int(mixed.problem.rates.size),
        "headroom": mixed.headroom,
        "reason": mixed.reason,
        "single": None
        if single is None
        else {
            "option": single[0].name,
            "nodes": single[1],
            "usd_per_month": float(hosted_usd(1, single[2])),
        },
    }
    if isinstance(found, Mix):
        shares = found.shares @ mixed.classes.share
        fields["usd_per_month"] = float(hosted_usd(1, found.usd_per_h))
        fields["gap"] = found.gap
        fields["nodes"] = [
            {
                "option": mixed.options[place].name,
                "nodes": int(found.nodes[place]),
                "share_of_requests": float(shares[place]),
            }
            for place in np.flatnonzero(found.nodes)
        ]
    return fields
