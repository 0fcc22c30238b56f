"""An outage as JSON with a versioned schema, `data/schemas/outage.schema.json`, and as CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np

from capacity.outage.alerts import AlertOutcome
from capacity.outage.countermeasures import COUNTERMEASURES
from capacity.outage.events import events
from capacity.outage.incident import PARAMETERS, RANGES
from capacity.outage.replay import Replay
from capacity.outage.study import Effect, Outage, budget_used
from capacity.provenance import VERSION, data_hashes
from capacity.report.cells import neutral, plain

SCHEMA = "fleetcast.outage/1"
EVERY = 0.5  # minutes between two points of a series
SERIES = ("goodput", "up", "backlog", "load", "cool", "warm", "hot")
COLUMNS = ("scenario", "variant", "minute", *SERIES)
Document = dict[str, Any]


def outage_json(outage: Outage) -> str:
    """An outage as JSON text.

    Parameters
    ----------
    outage : Outage
        Any outage.

    Returns
    -------
    str
        One object; the figures at its top are those with the countermeasures that were asked for,
        those of the story as it was stand under ``as_told``.
    """
    document = {
        "schema": SCHEMA,
        "version": VERSION,
        "seed": outage.seed,
        "draws": outage.draws,
        "incident": _incident(outage),
        "with": list(outage.names),
        **figures(outage.chosen),
        "as_told": figures(outage.told),
        "alerts": [_alert(item) for item in outage.alerts],
        "countermeasures": [_effect(item) for item in outage.effects],
        "hashes": data_hashes(),
    }
    return json.dumps(plain(document), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def figures(found: Replay) -> Document:
    """Figures, events and series of the first draw of a replay.

    Parameters
    ----------
    found : Replay
        Any replay.

    Returns
    -------
    dict
        Minutes, requests and shares.
    """
    places = _places(found)
    series = {name: getattr(found, name)[places, 0].tolist() for name in SERIES}
    return {
        "full_outage_minutes": float(found.full_outage[0]),
        "degraded_minutes": float(found.degraded[0]),
        "lost_capacity_minutes": float(found.lost_capacity[0]),
        "lost_requests": float(found.lost[0]),
        "demand_requests": float(found.demand[0]),
        "error_budget_used": float(budget_used(found)[0]),
        "trips": int(found.trips[0]),
        "imbalance_requests": found.imbalance,
        "events": [item._asdict() for item in events(found)],
        "series": {"minute": found.times[places].tolist(), **series},
    }


def outage_csv(outage: Outage) -> str:
    """The series as CSV text.

    Parameters
    ----------
    outage : Outage
        Any outage.

    Returns
    -------
    str
        Header of `COLUMNS`, then a row for each half minute of the story and of the story with
        countermeasures; lines end in CR LF, text is quoted and neutral.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(COLUMNS)
    variants = [("as told", outage.told)]
    if outage.names:
        variants.append((" + ".join(outage.names), outage.chosen))
    for variant, found in variants:
        for place in _places(found):
            values = [found.times[place], *(getattr(found, name)[place, 0] for name in SERIES)]
            cells = plain([float(value) for value in values])
            writer.writerow([neutral(outage.incident.name), neutral(variant), *cells])
    return file.getvalue()


def _places(found: Replay) -> list[int]:
    """About two points a minute, the last one included."""
    count = max(2, round(float(found.times[-1]) / EVERY))
    found_places = np.linspace(0, len(found.times) - 1, min(count, len(found.times)))
    return [int(place) for place in np.unique(found_places.round())]


def _incident(outage: Outage) -> Document:
    incident = outage.incident
    controls = outage.chosen.incident.controls
    return {
        "name": incident.name,
        "title": incident.title,
        "description": incident.description,
        "kind": incident.kind,
        "nodes": incident.nodes,
        "horizon_minutes": incident.horizon,
        "step_minutes": incident.step,
        "parameters": {name: _parameter(outage, name) for name in PARAMETERS},
        "controls": {
            name: {"value": getattr(controls, name), "unit": allowed.unit, **_source(outage, name)}
            for name, allowed in RANGES.items()
        },
    }


def _parameter(outage: Outage, name: str) -> Document:
    estimate = outage.incident.parameters[name]
    numbers = {key: getattr(estimate, key) for key in ("low", "mid", "high")}
    return {**numbers, "unit": PARAMETERS[name].unit, **_source(outage, name)}


def _source(outage: Outage, name: str) -> Document:
    known = outage.incident.evidence.get(name)
    if known is None:
        return {"source": "default: does not act", "as_of": "", "basis": "assumed"}
    return {"source": known.source, "as_of": known.as_of, "basis": known.basis}


def _alert(item: AlertOutcome) -> Document:
    return {
        "name": item.name,
        "signal": item.signal,
        "minute": item.minute if np.isfinite(item.minute) else None,
        "in_time": item.in_time,
        "revert_minute": item.revert,
        "full_outage_minutes": item.full_outage,
        "lost_requests": item.lost,
        "saved_minutes": item.saved_minutes,
        "saved_requests": item.saved,
    }


def _effect(item: Effect) -> Document:
    figures = ("full_outage", "degraded", "lost", "trips", "budget", "saved", "saved_minutes")
    known = COUNTERMEASURES.get(item.names[0]) if len(item.names) == 1 else None
    low, mid, high = item.rank
    return {
        "names": list(item.names),
        "meaning": known.meaning if known else "",
        **{name: getattr(item, name)._asdict() for name in figures},
        "helps": item.helps,
        "rank": {"p05": low, "best": mid, "p95": high},
    }
