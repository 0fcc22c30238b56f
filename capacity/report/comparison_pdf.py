"""The printed comparison of plans: a tagged PDF, the same bytes for the same plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.metrics import METRICS
from capacity.numbers import percent, say, span
from capacity.provenance import VERSION
from capacity.report.comparison_table import last_rows, saving_text
from capacity.report.key_figures import KEY_METRICS
from capacity.report.marks import Bar, Bars
from capacity.report.placing import month_words
from capacity.report.sources import data_date
from capacity.report.svg import bars_size, svg
from capacity.report.typeset import typeset
from capacity.report.wording import Block, fitting, short

if TYPE_CHECKING:
    from capacity.comparison import Comparison
    from capacity.outcome import CapacityPlan

TEMPLATE = Path(__file__).with_name("comparison.typ")
LONGEST_NAME, LONGEST_LABEL = 60, 34
WHY = (
    "All plans share their draws of every input that they have in common, so a difference is that "
    "of the scenarios and policies and carries no sampling noise. Intervals are those of the "
    "difference, draw by draw; they are not differences of percentiles."
)


def comparison_pdf(found: Comparison) -> bytes:
    """Set the page.

    Parameters
    ----------
    found : Comparison
        Any comparison.

    Returns
    -------
    bytes
        PDF 1.7 that meets PDF/UA-1: tagged, with language, title and alternative text.
    """
    return typeset(TEMPLATE, _content(found))


def _content(found: Comparison) -> dict[str, Any]:
    drawn = {
        chart.name: {"svg": svg(chart, bars_size(chart)), "alt": chart.alt}
        for chart in (_cost_bars(found), _gpu_bars(found))
    }
    return {**_words(found), "charts": drawn}


def _words(found: Comparison) -> Block:
    base = found.plans[0]
    draws = base.draws["users"].shape[0]
    names = [short(name, LONGEST_NAME) for name in found.names]
    words: Block = {
        "title": "Comparison of plans",
        "heading": f"{len(found.plans)} plans compared",
        "date": max(data_date(plan) for plan in found.plans),
        "footer": f"fleetcast {VERSION} \u00b7 seed {base.seed} \u00b7 {draws:,} draws",
        "why": WHY,
        "plans": [_plan_row(name, plan) for name, plan in zip(names, found.plans, strict=True)],
        "savings": [short(saving_text(item, names[0])) for item in found.savings],
        "month": month_words(found.months[-1]),
        "others": [
            {"name": names[place], "rows": _rows(found, found.names[place])}
            for place in range(1, len(names))
        ],
    }
    fitted: Block = fitting(words)
    return fitted


def _plan_row(name: str, plan: CapacityPlan) -> list[str]:
    changed = ", ".join(f"{key} {value}" for key, value in plan.policy.changed.items())
    return [
        name, short(changed, 120) or "defaults", plan.option.name,
        f"{int(plan.gpus_standing[-1]):,}", percent(plan.availability, 3),
        say(float(plan.quantile("cost", 0.5)[-1]), "USD"),
    ]  # fmt: skip


def _rows(found: Comparison, name: str) -> list[list[str]]:
    return [
        [METRICS[item.metric].title, say(item.base, item.unit), say(item.other, item.unit),
         say(item.mid, item.unit), span(item.low, item.high, item.unit)]
        for item in last_rows(found.differences, name)
        if item.metric in KEY_METRICS
    ]  # fmt: skip


def _cost_bars(found: Comparison) -> Bars:
    values = [float(plan.quantile("cost", 0.5)[-1]) for plan in found.plans]
    return _bars(found, "cost", "Monthly cost, median", "USD/month", values)


def _gpu_bars(found: Comparison) -> Bars:
    values = [float(plan.gpus_standing[-1]) for plan in found.plans]
    return _bars(found, "gpus", "GPUs that stand", "GPUs", values)


def _bars(found: Comparison, name: str, title: str, unit: str, values: list[float]) -> Bars:
    bars = tuple(
        Bar(short(label, LONGEST_LABEL), 0.0, value, say(value, unit), "part" if place else "total")
        for place, (label, value) in enumerate(zip(found.names, values, strict=True))
    )
    said = "; ".join(f"{bar.label}: {bar.words}" for bar in bars)
    alt = f"{title} at the end of each plan. {said}."
    return Bars(name=name, title=f"{title}, at the end of each plan", unit=unit, alt=alt, bars=bars)
