"""First pages of the printed report: headline, key figures, distribution of the last month."""

from __future__ import annotations

from capacity.metrics import METRICS
from capacity.numbers import bare, percent, raised, say, say_error, span
from capacity.outcome import LEVELS, CapacityPlan
from capacity.report.key_figures import KeyFigure, costs_by_period, key_figures
from capacity.report.placing import month_words
from capacity.report.wording import Block, short

TILES = ("gpus", "cost", "total", "daily_queries", "users", "storage_pb", "peak_gbit_s",
         "cost_per_1000_queries")  # fmt: skip
NAMED = ("users", "queries/day")  # units that their titles name
TABLED = ("users", "daily_queries", "queries_per_user", "peak_rate", "gpus", "storage_pb",
          "peak_gbit_s", "cost", "cost_per_1000_queries", "power_kw")  # fmt: skip


def cover(plan: CapacityPlan) -> Block:
    """First page: headline and key figures.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    dict
        Name, facts, headline, tiles and their notes.
    """
    scenario, policy = plan.scenario, plan.policy
    first, last = month_words(plan.months[0]), month_words(plan.months[-1])
    return {
        "name": scenario.name,
        "description": short(scenario.description, 420),
        "facts": [
            f"{first} to {last}",
            f"reported up to {month_words(scenario.queries.origin)}",
            f"{percent(policy.availability, 2)} availability",
            f"bought at {percent(policy.confidence)} confidence",
        ],
        "headline": [line.strip() for line in plan.text.split("\n") if line.strip()],
        "tiles": [_tile(row) for row in _tile_rows(plan)],
        "tiles_note": (
            f"Medians of {last}; below each the range that holds 80 % of the draws. Behind \u00b1: "
            "the most by which another random seed moves the median."
        ),
        "chart_note": (
            "Blue: what each draw needs; the shaded ranges hold 50, 80 and 90 % of the draws. "
            f"Orange: what stands if every order is placed, enough in {percent(policy.confidence)} "
            "of the draws in each month."
        ),
    }


def figures(plan: CapacityPlan) -> Block:
    """Second page: the words round the fans, and the distribution of the last month.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    dict
        Notes of the forecast, caption, and the table of percentiles.
    """
    rows = []
    for name in TABLED:
        metric = METRICS[name]
        values = [bare(float(plan.quantile(name, level)[-1]), metric.unit) for level in LEVELS]
        error = raised(float(plan.monte_carlo_error(name, 0.5)[-1]), metric.unit)
        rows.append([metric.title, metric.unit, *values, f"\u00b1{bare(error, metric.unit)}"])
    growth = [note for note in plan.notes if note.startswith(("users:", "queries:"))]
    return {
        "notes": growth,
        "caption": (
            "Shaded: ranges that hold 50, 80 and 90 % of the draws, around the median. Hatched "
            "and dashed: a reconstruction between the reported points, not a record. Dots are "
            "reported, diamonds are published projections with their place in our distribution."
        ),
        "month": month_words(plan.months[-1]),
        "head": ["", "unit", *(f"{round(100 * level)} %" for level in LEVELS), "\u00b1 of 50 %"],
        "rows": rows,
    }


def _tile_rows(plan: CapacityPlan) -> list[KeyFigure]:
    rows = {row.metric: row for row in key_figures(plan)[:-1]}
    rows["total"] = costs_by_period(plan)[-1]
    return [rows[name] for name in TILES]


def _tile(row: KeyFigure) -> Block:
    total = row.unit == "USD" and row.metric == "cost"
    first, _, last = row.period.partition(" to ")
    words = f"{row.title}, {month_words(first)} to {month_words(last)}" if total else row.title
    return {
        "title": words,
        "value": (bare if row.unit in NAMED else say)(row.p50, row.unit),
        "other": span(row.p10, row.p90, row.unit),
        "error": say_error(row.error, row.unit),
    }
