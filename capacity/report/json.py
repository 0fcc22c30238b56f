"""A plan as JSON with a versioned schema, `data/schemas/plan.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from capacity.availability.designing import design_study
from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan, Infeasible
from capacity.provenance import VERSION, data_hashes
from capacity.report import sources, tables
from capacity.report.availability_json import design_document
from capacity.report.cells import plain
from capacity.report.key_figures import costs_by_period, key_figures
from capacity.scenarios.event import event_table

if TYPE_CHECKING:
    from capacity.auditing import Finding
    from capacity.availability.designing import DesignStudy
    from capacity.scenarios.scenario import Scenario
    from forecast.history import History

SCHEMA = "fleetcast.plan/1"
Document = dict[str, Any]


def to_json(
    outcome: CapacityPlan | Infeasible,
    findings: Sequence[Finding] = (),
    study: DesignStudy | None = None,
) -> str:
    """An outcome as JSON text.

    Parameters
    ----------
    outcome : CapacityPlan or Infeasible
        What `plan` gave.
    findings : sequence of Finding
        The audit, if there is one.
    study : DesignStudy, optional
        Redundancy of the plan; worked out where it is left out.

    Returns
    -------
    str
        One object, keys in a fixed order; never NaN or infinite.

    Raises
    ------
    ValueError
        If a figure is not finite.
    """
    found = document(outcome, findings, study)
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def document(
    outcome: CapacityPlan | Infeasible,
    findings: Sequence[Finding] = (),
    study: DesignStudy | None = None,
) -> Document:
    """An outcome as nested dicts and lists.

    Parameters
    ----------
    outcome : CapacityPlan or Infeasible
        What `plan` gave.
    findings : sequence of Finding
        The audit, if there is one.
    study : DesignStudy, optional
        Redundancy of the plan; worked out where it is left out.

    Returns
    -------
    dict
        As the schema says; ``kind`` is ``plan`` or ``infeasible``.
    """
    if isinstance(outcome, Infeasible):
        found = _none(outcome)
    else:
        found = _plan(outcome, findings, study or design_study(outcome))
    document: Document = plain(found)
    return document


def _none(outcome: Infeasible) -> Document:
    return {
        "schema": SCHEMA,
        "kind": "infeasible",
        "version": VERSION,
        "scenario": _scenario(outcome.scenario),
        "policy": _values(outcome.policy),
        "reason": outcome.reason,
        "remedies": outcome.remedies,
        "rejections": [asdict(item) for item in outcome.rejections],
        "hashes": data_hashes(),
    }


def _plan(plan: CapacityPlan, findings: Sequence[Finding], study: DesignStudy) -> Document:
    return {
        "schema": SCHEMA,
        "kind": "plan",
        "version": plan.version,
        "seed": plan.seed,
        "draws": next(iter(plan.draws.values())).shape[0],
        "data_as_of": sources.data_date(plan),
        "scenario": _scenario(plan.scenario),
        "policy": _values(plan.policy),
        "headline": plan.text.split("\n"),
        "hardware": _hardware(plan),
        "metrics": {name: _metric(name) for name in tables.metrics_of(plan)},
        "months": _months(plan),
        "monthly": _monthly(plan),
        "key_figures": _rows(key_figures(plan)),
        "costs_by_period": _rows(costs_by_period(plan)),
        "orders": _rows(tables.orders(plan)),
        "waterfall": _rows(tables.steps(plan)),
        "availability": plan.availability,
        "bound": plan.bound,
        "budget": _rows(tables.budget(plan)),
        "layouts": _rows(tables.layouts(plan)),
        "redundancy": design_document(study),
        "rejections": [asdict(item) for item in plan.rejections],
        "checks": _rows(tables.checks(plan)),
        "audit": [asdict(item) for item in findings],
        "notes": plan.notes,
        "inputs": _rows(sources.inputs(plan)),
        "sources": _rows(sources.sources(plan)),
        "hashes": plan.hashes,
    }


def _scenario(scenario: Scenario) -> Document:
    return {
        "name": scenario.name,
        "description": scenario.description,
        "start": scenario.start,
        "end": scenario.end,
        "architecture": scenario.architecture,
        "profile": scenario.profile,
        "growth": _values(scenario.growth),
        "serving": scenario.serving.changed,
        "levers": scenario.levers,
        "reported": [_history(scenario.users), _history(scenario.queries)],
        "overrides": [item.name for item in scenario.overrides],
        **({"events": [event_table(item) for item in scenario.events]} if scenario.events else {}),
    }


def _history(history: History) -> Document:
    months = (str(month) for month in history.months)
    return {
        "name": history.name,
        "kind": history.kind,
        "unit": history.unit,
        "source": history.source,
        "points": dict(zip(months, history.values.tolist(), strict=True)),
    }


def _hardware(plan: CapacityPlan) -> Document:
    instance, replica = plan.option.instance, plan.option.replica
    return {
        "instance": instance.name,
        "provider": instance.provider,
        "accelerator": instance.accelerator,
        "gpus_per_node": instance.gpus,
        "gpus_per_replica": replica.gpus,
        "precision": replica.weight_dtype,
        "term": plan.policy.term,
        "serving": _values(plan.serving),
    }


def _metric(name: str) -> Document:
    metric = METRICS[name]
    return {key: getattr(metric, key) for key in ("title", "unit", "group", "meaning")}


def _months(plan: CapacityPlan) -> list[Document]:
    return [
        {
            "month": str(month),
            "kind": plan.kinds[place],
            "serving_nodes": int(plan.serving_nodes[place]),
            "training_nodes": int(plan.training_nodes[place]),
            "gpus_standing": int(plan.gpus_standing[place]),
            "shortfall": float(plan.shortfall[place]),
        }
        for place, month in enumerate(plan.months)
    ]


def _monthly(plan: CapacityPlan) -> list[Document]:
    """Without the words that `metrics` and `months` hold once."""
    kept = set(tables.MonthRow._fields) - {"kind", "title"}
    return [
        {key: value for key, value in row._asdict().items() if key in kept}
        for row in tables.monthly(plan)
    ]


def _rows(rows: Sequence[Any]) -> list[Document]:
    """Named tuples as objects."""
    return [row._asdict() for row in rows]


def _values(item: Any) -> Document:
    return {key.name: getattr(item, key.name) for key in fields(item)}
