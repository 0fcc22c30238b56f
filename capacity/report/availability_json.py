"""Redundancy as JSON with a versioned schema, and as CSV."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from capacity.availability.design_problem import Offer
from capacity.availability.design_search import Choice, OutOfReach
from capacity.availability.redundancy import MINUTES_PER_MONTH
from capacity.availability.service_level import NINES
from capacity.availability.stored_data import STORAGE, StoredData
from capacity.availability.working import TIMES, Work, Working
from capacity.provenance import VERSION, data_hashes
from capacity.questions.scaling_factors import Factor, grows_with_square
from capacity.report.cells import csv_text, plain
from capacity.scenarios.tree import Design

if TYPE_CHECKING:
    from capacity.availability.designing import DesignStudy
    from capacity.availability.schedule import Schedule
    from capacity.availability.watched import Watched
    from capacity.questions.scaling import Scaling

SCHEMA = "fleetcast.availability/1"
HEAD = (
    "row", "target", *(item.name for item in fields(Design)), "nodes",
    "availability", "usd_per_month", "meets", "bounded_by",
)  # fmt: skip
UNPRICED = ["crews", "canary_share"]  # where a repair crew costs nothing
Document = dict[str, Any]


def availability_json(
    study: DesignStudy,
    seen: Watched | None = None,
    grown: tuple[Scaling, Sequence[Factor]] | None = None,
    work: Working | None = None,
    stored: Sequence[StoredData] = (),
) -> str:
    """A study as JSON text.

    Parameters
    ----------
    study : DesignStudy
        Any study.
    seen : Watched, optional
        Its simulation.
    grown : (Scaling, sequence of Factor), optional
        Growth of resources with users.
    work : Working, optional
        Work while the design serves.
    stored : sequence of StoredData
        Durability of what the plan stores.

    Returns
    -------
    str
        One object, keys in a fixed order.
    """
    found = {"schema": SCHEMA, "version": VERSION, **design_document(study)}
    found["unpriced"] = UNPRICED[1:] if study.problem.service.nodes.crew_usd else UNPRICED
    if seen:
        low, high = seen.interval()
        found["simulation"] = {
            "years": seen.years, "lost": float(seen.lost.mean()), "low99": low, "high99": high,
            "agrees": seen.agrees(1.0 - study.availability),
        }  # fmt: skip
    if grown:
        found["scaling"] = scaling_document(*grown)
    if work:
        found["work"] = working_document(work)
    if stored:
        found["stored"] = {
            "figures": {name: asdict(item) for name, item in STORAGE.items()},
            "data": [_finite(item._asdict()) for item in stored],
        }
    found["hashes"] = data_hashes()
    return json.dumps(plain(found), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def design_document(study: DesignStudy) -> Document:
    """Choice or refusal, budget and curve as nested dicts and lists.

    Parameters
    ----------
    study : DesignStudy
        Any study.

    Returns
    -------
    dict
        Availabilities and losses as shares, minutes of 30 days.
    """
    found = study.found
    lost = {cause.value: value for cause, value in study.causes.items()}
    return {
        "target": found.target,
        "availability": study.availability,
        "availability_at_peak": study.at_peak,
        **(_choice(found) if isinstance(found, Choice) else {"out_of_reach": _refusal(found)}),
        "own": _offer(study.own),
        "minutes_by_cause": _minutes(lost),
        "minutes_by_part": _minutes(dict(study.parts)),
        "nines": [_nine(target, item) for target, item in zip(NINES, study.curve, strict=True)],
    }


def scaling_document(found: Scaling, factors: Sequence[Factor]) -> Document:
    """Growth of resources with users as nested dicts and lists.

    Parameters
    ----------
    found : Scaling
        Resources at a multiple of the users.
    factors : sequence of Factor
        Its factors.

    Returns
    -------
    dict
        With a verdict on the square.
    """
    square = found.factor**2
    return {
        "users": found.factor,
        "gpus": found.ratio,
        "exponent": found.exponent,
        "cost": found.cost_ratio,
        "storage": found.storage_ratio,
        "parts": dict(found.parts),
        "claimed": square,
        "holds": grows_with_square(found, factors),
        "factors": [asdict(item) for item in factors],
    }


def working_document(found: Working) -> Document:
    """Work on a fleet that serves as nested dicts and lists, step by step.

    Parameters
    ----------
    found : Working
        Any work.

    Returns
    -------
    dict
        Times in hours from the begin of the work; hours of the week from Monday midnight.
    """
    hours, gpus = found.hours, found.node_gpus
    return {
        "nodes": found.design.nodes,
        "peak_nodes": found.peak_nodes,
        "times": {name: asdict(item) for name, item in TIMES.items()},
        "schedules": [_work(item) for item in found.works],
        "scaling": _schedule(found.ramp),
        "gpu_hours_a_week": {
            "fixed": hours.fixed * gpus,
            "after_the_load": hours.scaled * gpus,
            "ahead_of_the_load": found.ramp_hours * gpus,
            "foreseen": hours.foreseen * gpus,
        },
    }


def availability_csv(study: DesignStudy) -> str:
    """Every design that a study names, a row each.

    Parameters
    ----------
    study : DesignStudy
        Any study.

    Returns
    -------
    str
        Header of `HEAD`; one line for each design.
    """
    found, rows = study.found, [_cells("own", study.found.target, study.own)]
    if isinstance(found, Choice):
        named = [("chosen", found.chosen), ("next better", found.better)]
        named += [("best for less", found.cheaper)]
        named += [(f"fewer: {name}", offer) for name, offer in found.steps]
        rows += [_cells(name, found.target, offer) for name, offer in named if offer]
    rows += [_cells("nines", target, item) for target, item in zip(NINES, study.curve, strict=True)]
    return csv_text(HEAD, plain(rows))


def _finite(document: Document) -> Document:
    """What is infinite is null: there is no backup to restore."""
    return {key: None if value == math.inf else value for key, value in document.items()}


def _work(work: Work) -> Document:
    head = {
        "name": work.name,
        "planned": work.planned,
        "users": work.users,
        "headroom_nodes": work.headroom,
        "carried_share_of_hours": work.carried_share,
    }
    return head | (_schedule(work.schedule) if work.schedule else {})


def _schedule(found: Schedule) -> Document:
    return {
        "begin_hour": found.begin,
        "hours": found.hours,
        "held": found.held,
        "hours_missed": found.hours_missed,
        "steps": [step._asdict() | {"held": step.held} for step in found.steps],
    }


def _choice(found: Choice) -> Document:
    return {
        "chosen": _offer(found.chosen),
        "next_better": _offer(found.better) if found.better else None,
        "next_cheaper": _offer(found.cheaper) if found.cheaper else None,
        "fewer": {name: _offer(offer) for name, offer in found.steps},
        "rivals": [_offer(offer) for offer in found.rivals],
    }


def _offer(offer: Offer) -> Document:
    sizes = {**asdict(offer.design), "nodes": offer.design.nodes}
    return {
        **sizes, "availability": offer.availability, "usd_per_month": offer.usd_per_month,
    }  # fmt: skip


def _refusal(found: OutOfReach) -> Document:
    return {
        "regions": found.best.regions,
        "zones": found.best.zones,
        "standbys": found.best.standbys,
        "read_spares": found.best.read_spares,
        "availability": found.availability,
        "bounded_by": found.part,
        "lifts": [asdict(lift) for lift in found.lifts],
    }


def _nine(target: float, item: Offer | OutOfReach) -> Document:
    if isinstance(item, Offer):
        return {"target": target, "offer": _offer(item)}
    return {"target": target, "out_of_reach": _refusal(item)}


def _minutes(lost: dict[str, float]) -> Document:
    return {name: value * MINUTES_PER_MONTH for name, value in lost.items()}


def _cells(name: str, target: float, item: Offer | OutOfReach) -> list[str | float]:
    design = item.design if isinstance(item, Offer) else item.best
    sizes: dict[str, float] = asdict(design)
    if isinstance(item, OutOfReach):
        sizes["zone_nodes"] = 0
        return [name, target, *sizes.values(), 0, item.availability, "", "no", item.part]
    met = "yes" if item.availability >= target else "no"
    found = [design.nodes, item.availability, item.usd_per_month]
    return [name, target, *sizes.values(), *found, met, ""]
