"""A purchase decision as JSON with a versioned schema, and as CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from capacity.procurement.decision import Decision
from capacity.provenance import VERSION, data_hashes
from capacity.report import decision_tables as tables
from capacity.report.cells import csv_text, plain
from capacity.report.decision_words import LIMITS, headline

SCHEMA = "fleetcast.decision/1"


def decision_json(decision: Decision) -> str:
    """A decision as JSON text.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    str
        One object. Money is USD over the months of the decision; probabilities are fractions.
    """
    found = decision.situation
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "version": VERSION,
        "scenario": found.plan.scenario.name,
        "policy": asdict(found.plan.policy),
        "seed": found.plan.seed,
        "draws": dict(zip(("found_on", "judged_on"), decision.draws, strict=True)),
        "today": found.today,
        "review": decision.review,
        "counted_in": found.instance,
        "replaces": found.yields,
        "headline": headline(decision),
        "orders": _rows(tables.lots(decision)),
        "policies": _rows(tables.policies(decision)),
        "order_dates": _rows(tables.dates(decision)),
        "months": _rows(tables.months(decision)),
        "worth_usd": {
            "waiting": asdict(decision.waiting),
            "reviewing": asdict(decision.reviewing),
            "half_the_lead_times": asdict(decision.shorter_lead),
        },
        "program": {
            "usd": decision.purchase.usd,
            "bound_usd": decision.purchase.bound,
            "gap": decision.purchase.gap,
            "limit_unreachable_in": [str(month) for month in decision.unreachable],
        },
        "assumptions": _rows(tables.assumptions(decision)),
        "not_modelled": LIMITS,
        "hashes": data_hashes(),
    }
    return json.dumps(plain(document), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def orders_csv(decision: Decision) -> str:
    """The orders as CSV text.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    str
        A header and a row for each order.
    """
    return csv_text(tables.LotRow._fields, plain(tables.lots(decision)))


def policies_csv(decision: Decision) -> str:
    """The policies as CSV text.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    str
        A header and a row for each policy.
    """
    return csv_text(tables.PolicyRow._fields, plain(tables.policies(decision)))


def _rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [row._asdict() for row in rows]
