"""Charts of a plan in neutral form, to be drawn on paper and on screen alike."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from capacity.arrays import Floats, Ints
from capacity.metrics import METRICS
from capacity.numbers import bare, ordinal, say, span
from capacity.outcome import CapacityPlan
from capacity.outlook import Outlook
from capacity.report.bar_charts import budget_bars, layout_bars, waterfall_bars
from capacity.report.key_figures import COST_LINES
from capacity.report.marks import Band, Chart, Fan, Layer, Line, Mark, Stack
from forecast.history import History
from forecast.shipped.tables import Row, read_table

LEVELS = (0.9, 0.8, 0.5)
FANS = (
    "users",
    "daily_queries",
    "queries_per_user",
    "gpus",
    "storage_pb",
    "peak_gbit_s",
    "cost",
)
STRUCK = {"users": "users", "daily_queries": "queries"}  # what an event multiplies, by metric
CLAIMED = {"registered users": "users", "queries per day": "daily_queries"}
NEAR_MEDIAN = (0.45, 0.55)
ROUNDING = 0.005  # of a reported figure


def charts(plan: CapacityPlan) -> dict[str, Chart]:
    """Every chart of a plan.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    dict of str to Chart
        Fans by metric, then ``cost_lines``, ``waterfall``, ``budget`` and ``layouts``.
    """
    drawn: dict[str, Chart] = {name: fan(plan, name) for name in FANS}
    for chart in (cost_stack(plan), waterfall_bars(plan), budget_bars(plan), layout_bars(plan)):
        drawn[chart.name] = chart
    return drawn


def fan(plan: Outlook, metric: str) -> Fan:
    """Median and bands of a metric, with what was reported and what stands.

    Parameters
    ----------
    plan : Outlook
        Any plan, or what is known without machines.
    metric : str
        Name of the metric.

    Returns
    -------
    Fan
        Bands of 90, 80 and 50 %.

    Raises
    ------
    ValueError
        If the metric is unknown.
    """
    median = _tuple(plan.quantile(metric, 0.5))
    known = METRICS[metric]
    return Fan(
        name=metric,
        title=known.title,
        unit=known.unit,
        alt=_fan_alt(plan, metric),
        months=tuple(str(month) for month in plan.months),
        kinds=plan.kinds,
        median=median,
        bands=tuple(_band(plan, metric, level) for level in LEVELS),
        lines=_standing(plan) if metric == "gpus" else (),
        marks=(*_reported(plan, metric), *claims(plan, metric), *_events(plan, metric, median)),
    )


def claims(plan: Outlook, metric: str) -> tuple[Mark, ...]:
    """Projections and published figures of a metric, with their place among the draws.

    Parameters
    ----------
    plan : Outlook
        Any plan, or what is known without machines.
    metric : str
        Name of the metric.

    Returns
    -------
    tuple of Mark
        The shipped projections where the plan rests on the history they belong to, and the
        scenario's cross-checks.
    """
    told = [
        (check.month, check.value, "published")
        for check in plan.scenario.cross_checks
        if check.metric == metric
    ]
    if _is_reported_case(plan):
        told += [
            (row.text("date"), row.number("value"), "projected")
            for row in _claim_rows()
            if CLAIMED[row.text("quantity")] == metric
            and np.datetime64(row.text("date"), "M") > plan.scenario.queries.origin
        ]
    return tuple(
        _claim(plan, metric, month, value, words)
        for month, value, words in told
        if np.datetime64(month, "M") in plan.months
    )


def cost_stack(plan: CapacityPlan) -> Stack:
    """Parts of the cost in the middle of the draws.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    Stack
        Each line's mean over the draws whose total lies between the 45th and 55th percentile
        of its month, so the layers add up to about the median.
    """
    metric = METRICS["cost"]
    shares = {name: _tuple(values) for name, values in _middle_costs(plan).items()}
    parts = ", ".join(
        f"{METRICS[name].title} {say(values[-1], metric.unit)}" for name, values in shares.items()
    )
    return Stack(
        name="cost_lines",
        title="Cost by line, middle of the draws",
        unit=metric.unit,
        alt=f"Stacked areas of the monthly cost. In {plan.months[-1]}: {parts}.",
        months=tuple(str(month) for month in plan.months),
        kinds=plan.kinds,
        layers=tuple(Layer(METRICS[name].title, values) for name, values in shares.items()),
    )


def _tuple(values: Floats | Ints) -> tuple[float, ...]:
    return tuple(np.asarray(values, dtype=np.float64).tolist())


def _standing(plan: Outlook) -> tuple[Line, ...]:
    if not isinstance(plan, CapacityPlan):
        return ()
    return (Line("GPUs that stand", _tuple(plan.gpus_standing)),)


def _band(plan: Outlook, metric: str, level: float) -> Band:
    edge = (1.0 - level) / 2.0
    low, high = plan.quantile(metric, edge), plan.quantile(metric, 1.0 - edge)
    return Band(level, _tuple(low), _tuple(high))


def _fan_alt(plan: Outlook, metric: str) -> str:
    known = METRICS[metric]
    low, mid, high = (float(plan.quantile(metric, p)[-1]) for p in (0.05, 0.5, 0.95))
    between = ""
    if "reconstructed" in plan.kinds:
        between = " Between the reported points the path is a reconstruction."
    return (
        f"{known.title} from {plan.months[0]} to {plan.months[-1]}: median "
        f"{say(mid, known.unit)} at the end, 90 % between {span(low, high, known.unit)}.{between}"
    )


def _histories(plan: Outlook) -> Mapping[str, History]:
    return {"users": plan.scenario.users, "daily_queries": plan.scenario.queries}


def _reported(plan: Outlook, metric: str) -> tuple[Mark, ...]:
    history = _histories(plan).get(metric)
    if history is None:
        return ()
    pairs = zip(history.months, history.values, strict=True)
    return tuple(
        Mark(str(month), float(value), "reported") for month, value in pairs if month in plan.months
    )


def _events(plan: Outlook, metric: str, median: tuple[float, ...]) -> tuple[Mark, ...]:
    """Events on the median of their first month."""
    months = [str(month) for month in plan.months]
    return tuple(
        Mark(event.month, median[months.index(event.month)], "event", event.name, event.lasts)
        for event in plan.scenario.events
        if metric in STRUCK and event.strikes(STRUCK[metric]) and event.month in months
    )


def _claim(plan: Outlook, metric: str, month: str, value: float, words: str) -> Mark:
    column = int((np.datetime64(month, "M") - plan.months[0]).astype(int))
    below = float(np.mean(plan.draws[metric][:, column] <= value))
    place = min(99, max(1, round(100 * below)))
    said = bare(value, METRICS[metric].unit)
    return Mark(month, value, "claim", f"{words} {said}", f"{ordinal(place)} percentile")


def _claim_rows() -> list[Row]:
    rows = read_table("claims.csv").rows
    return [row for row in rows if row.text("quantity") in CLAIMED and row.text("date")]


def _is_reported_case(plan: Outlook) -> bool:
    """Whether every claim about a reported month is the history that the plan rests on."""
    histories = _histories(plan)
    matched = 0
    for row in _claim_rows():
        history = histories[CLAIMED[row.text("quantity")]]
        month, value = np.datetime64(row.text("date"), "M"), row.number("value")
        if month <= history.origin:
            here = history.values[history.months == month]
            if not (here.size and abs(here[0] / value - 1.0) < ROUNDING):
                return False
            matched += 1
    return matched > 0


def _middle_costs(plan: CapacityPlan) -> dict[str, Floats]:
    """Mean of each cost line over the draws near the median total, month by month."""
    total = plan.draws["cost"]
    low, high = (plan.quantile("cost", p) for p in NEAR_MEDIAN)
    near = (total >= low) & (total <= high)
    count = near.sum(axis=0)
    lines = {name: (plan.draws[name] * near).sum(axis=0) / count for name in COST_LINES}
    order = sorted(lines, key=lambda name: -float(lines[name][-1]))
    return {name: lines[name] for name in order}
