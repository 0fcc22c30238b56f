"""The printed page of an outage: a tagged PDF, the same bytes for the same replay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from capacity.numbers import percent, plain
from capacity.outage.alerts import AlertOutcome
from capacity.outage.events import events
from capacity.outage.incident import PARAMETERS, RANGES
from capacity.outage.study import Effect, Outage
from capacity.provenance import VERSION
from capacity.report.marks import Bars
from capacity.report.outage_charts import outage_charts
from capacity.report.outage_text import ALERT_HEAD, alert_note, alert_row, key_figures, label
from capacity.report.svg import bars_size, svg
from capacity.report.timeline_svg import timeline_svg
from capacity.report.timelines import Timeline
from capacity.report.typeset import typeset
from capacity.report.wording import fitting, short

TEMPLATE = Path(__file__).with_name("outage.typ")
HALF = (84.0, 36.0)
FULL = (172.0, 33.0)
BAR_MM = 3.0
ALERTS_RULE = "Savings below 0 are harm."
TILES = ("full outage", "degraded", "requests lost", "30-day error budget used")
DOCUMENT_DATE = "2023-02"
LIMITS = (
    "Work is a fluid: no single request, no token, no memory of the attention cache is followed.",
    "All nodes of a cell carry the same load; the heat of one does not warm its neighbours.",
    "The change is broken until taken back, then whole at once; the database is not modelled.",
    "Users give up after exponential times; retries have no back-off and no limit in number.",
    "The order to go offline belongs to the story; a countermeasure is replayed without it.",
)


def outage_pdf(outage: Outage) -> bytes:
    """Set the page.

    Parameters
    ----------
    outage : Outage
        Any outage.

    Returns
    -------
    bytes
        PDF 1.7 that meets PDF/UA-1: tagged, with language, title and alternative text.
    """
    return typeset(TEMPLATE, _content(outage))


def _content(outage: Outage) -> dict[str, Any]:
    charts = outage_charts(outage)
    alone = not outage.names
    drawn = {
        name: {"svg": _drawn(chart, wide=alone), "alt": chart.alt} for name, chart in charts.items()
    }
    return {**_words(outage), "charts": drawn, "paired": not alone}


def _drawn(chart: Timeline | Bars, *, wide: bool) -> str:
    if isinstance(chart, Bars):
        return svg(chart, bars_size(chart, BAR_MM))
    return timeline_svg(chart, FULL if wide else HALF)


def _words(outage: Outage) -> dict[str, Any]:
    incident = outage.incident
    words = {
        "title": f"Outage: {short(incident.title, 80) or incident.name}",
        "heading": short(incident.title, 80) or incident.name,
        "kind": KINDS.get(incident.kind, incident.kind),
        "description": short(incident.description),
        "date": DOCUMENT_DATE,
        "footer": f"fleetcast {VERSION} \u00b7 seed {outage.seed} \u00b7 {outage.draws:,} draws",
        "tiles": tiles(outage),
        "with": ", ".join(outage.names),
        "events": [[f"{item.minute:.1f}", item.words] for item in events(outage.told)],
        "table": [_row(item) for item in outage.effects],
        "alerts": [_alert(item) for item in outage.alerts],
        "alerts_note": f"{alert_note(outage)} {ALERTS_RULE}",
        "parameters": _parameters(outage),
        "limits": list(LIMITS),
    }
    found: dict[str, Any] = fitting(words)
    return found


KINDS = {
    "as told": "SCENARIO AS TOLD, NOT DOCUMENTED HISTORY",
    "documented": "DOCUMENTED INCIDENT, REPLAYED",
    "own": "OWN INCIDENT",
}


def tiles(outage: Outage) -> list[dict[str, str]]:
    """The four figures of the page's head.

    Parameters
    ----------
    outage : Outage
        Any outage.

    Returns
    -------
    list of dict
        Title, value and what it is with the countermeasures.
    """
    told, chosen = key_figures(outage.told), key_figures(outage.chosen)
    return [
        {
            "title": title,
            "value": told[title],
            "other": f"{chosen[title]} with them" if outage.names else "",
        }
        for title in TILES
    ]


def _row(item: Effect) -> list[str]:
    low, mid, high = item.rank
    return [
        label(item),
        f"{item.full_outage.p50:.1f} ({item.full_outage.p05:.0f} to {item.full_outage.p95:.0f})",
        f"{item.lost.p50:,.0f} ({item.lost.p05:,.0f} to {item.lost.p95:,.0f})",
        percent(item.budget.p50),
        percent(item.helps) if item.names else "",
        (f"{mid} ({low} to {high})" if item.acts else "no effect") if mid else "",
    ]


def _alert(item: AlertOutcome) -> list[str]:
    cells = alert_row(item)
    saved = [f"{item.saved_minutes:,.1f}", f"{item.saved:,.0f}"] if item.in_time else ["", ""]
    return [*cells, *[""] * (len(ALERT_HEAD) - len(cells)), *saved]


def _parameters(outage: Outage) -> list[list[str]]:
    incident, rows = outage.incident, []
    for name, allowed in PARAMETERS.items():
        estimate, known = incident.parameters[name], incident.evidence[name]
        ends = "" if estimate.certain else f"{plain(estimate.low)} to {plain(estimate.high)}"
        rows.append([allowed.meaning, plain(estimate.mid), ends, allowed.unit,
                     f"{known.basis}: {short(known.source, 110)}"])  # fmt: skip
    for name, allowed in RANGES.items():
        if name in incident.evidence:
            known = incident.evidence[name]
            value = plain(getattr(incident.controls, name))
            rows.append([allowed.meaning, value, "", allowed.unit,
                         f"{known.basis}: {short(known.source, 110)}"])  # fmt: skip
    return rows
