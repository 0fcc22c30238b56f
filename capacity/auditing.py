"""The audit: every reported claim beside what follows from the others and from the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from capacity.availability.design_problem import Offer, Room
from capacity.availability.design_search import OutOfReach, cheapest
from capacity.availability.designing import design_problem
from capacity.availability.redundancy import MINUTES_PER_MONTH, MINUTES_PER_YEAR
from capacity.metrics import METRICS
from capacity.numbers import percent, plain, say, span
from capacity.outcome import CapacityPlan
from capacity.questions.scaling import scaling
from capacity.scenarios.scenario import Scenario
from forecast.history import History
from forecast.shipped.tables import Row, read_table

Verdict = Literal["holds", "contradicted", "implausible", "cannot be checked"]
SAME = 0.005  # a factor so near 1 is not worth a word
FIRST, LAST = np.datetime64("2022-01"), np.datetime64("2024-06")
NEARLY = 0.9  # of a value: what "nearly" may mean
TAIL = 0.05  # a claim outside the 90 % interval is implausible


@dataclass(frozen=True)
class Finding:
    """What an audit says of one claim.

    Parameters
    ----------
    claim : str
        Identifier in `data/claims.csv`.
    text : str
        The claim in words.
    reported, computed : str
        Reported and computed value with unit; empty where there is none.
    verdict : {"holds", "contradicted", "implausible", "cannot be checked"}
        The judgement.
    reason : str
        Why, in one or two sentences.

    Examples
    --------
    >>> Finding("uptime", "up", "0.9995", "", "cannot be checked", "no data").verdict
    'cannot be checked'
    """

    claim: str
    text: str
    reported: str
    computed: str
    verdict: Verdict
    reason: str


Answer = tuple[str, Verdict, str]
Check = Callable[[float, CapacityPlan], Answer]


def concerned(plan: CapacityPlan) -> bool:
    """Whether the reported claims are about a plan.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    bool
        True if it plans the reported histories over the reported months at the reported demand,
        without events that nobody reported.
    """
    case = Scenario.load("reported-case")
    same = all(
        np.array_equal(getattr(plan.scenario, name).values, getattr(case, name).values)
        and np.array_equal(getattr(plan.scenario, name).dates, getattr(case, name).dates)
        for name in ("users", "queries")
    )
    covered = plan.months[0] <= FIRST and plan.months[-1] >= LAST
    neutral = (plan.scenario.inputs[name].mid == 1.0 for name in ("demand_factor", "growth_factor"))
    return same and covered and all(neutral) and not plan.scenario.events


def audit(plan: CapacityPlan) -> tuple[Finding, ...]:
    """Judge every claim of the reported case.

    Parameters
    ----------
    plan : CapacityPlan
        A plan of the reported case, from its first reported month to at least June 2024.

    Returns
    -------
    tuple of Finding
        In the order of `data/claims.csv`.

    Raises
    ------
    ValueError
        If the plan does not cover the months that the claims are about.
    """
    if plan.months[0] > FIRST or plan.months[-1] < LAST:
        raise ValueError(
            f"the claims are about {FIRST} to {LAST}; the plan covers "
            f"{plan.months[0]} to {plan.months[-1]}"
        )
    return tuple(_finding(row, plan) for row in read_table("claims.csv").rows)


def _finding(row: Row, plan: CapacityPlan) -> Finding:
    value = row.optional_number("value")
    check = CHECKS.get(row.text("id"))
    reported = "" if value is None else _reported(row, value)
    if check is None or value is None:
        answer: Answer = ("", "cannot be checked", _uncheckable(row))
    else:
        answer = check(value, plan)
    return Finding(row.text("id"), row.text("text"), reported, *answer)


def _reported(row: Row, value: float) -> str:
    sense = row.text("comparator")
    unit = row.text("unit").replace("fraction", "share")
    words = {"ratio": f"{plain(value)}x", "share": percent(value, 2)}.get(unit)
    words = words or f"{plain(value)} {unit}"
    return words if sense in {"exactly", "unspecified"} else f"{sense} {words}"


def _uncheckable(row: Row) -> str:
    if row.text("id") in INPUTS:
        return "Taken as input: a single account, without the data behind it."
    if row.text("id").startswith("outage"):
        return "Told without measurements; there is nothing to recompute."
    return "Told without figures behind it; the plan takes it as a design choice."


def _month(plan: CapacityPlan, month: str) -> int:
    return int((np.datetime64(month, "M") - plan.months[0]).astype(int))


def _history(plan: CapacityPlan, metric: str) -> History:
    return plan.scenario.users if metric == "users" else plan.scenario.queries


def _growth(plan: CapacityPlan, metric: str) -> float:
    reported = _history(plan, metric).values
    return float(reported[-1] / reported[0])


def _users_growth(value: float, plan: CapacityPlan) -> Answer:
    ratio = _growth(plan, "users")
    nearly = NEARLY * value <= ratio < value
    side = "below" if ratio < value else "above"
    return (
        f"{ratio:.2f}x",
        "holds" if nearly else "contradicted",
        f"The two user counts give {ratio:.2f}x, {side} {value:g}x; nearly is at most a tenth "
        "below.",
    )


def _queries_growth(value: float, plan: CapacityPlan) -> Answer:
    ratio = _growth(plan, "daily_queries")
    verdict: Verdict = "holds" if ratio > value else "contradicted"
    return f"{ratio:.1f}x", verdict, f"The two query counts give {ratio:.1f}x."


def _percentile(value: float, plan: CapacityPlan, metric: str, month: str) -> tuple[float, str]:
    draws, unit = plan.draws[metric][:, _month(plan, month)], METRICS[metric].unit
    low, mid, high = (float(value) for value in np.quantile(draws, (TAIL, 0.5, 1.0 - TAIL)))
    text = f"median {say(mid, unit)}, 90 % between {span(low, high, unit).replace(' to ', ' and ')}"
    return float((draws < value).mean()), text


def _judged(value: float, plan: CapacityPlan, metric: str, month: str) -> Answer:
    """Verdict of a figure by its place in our distribution."""
    place, text = _percentile(value, plan, metric, month)
    inside = TAIL <= place <= 1.0 - TAIL
    verdict: Verdict = "holds" if inside else "implausible"
    return text, verdict, f"It lies at percentile {100 * place:.1f} of our forecast for {month}."


def _projected(value: float, plan: CapacityPlan, metric: str) -> Answer:
    computed, verdict, reason = _judged(value, plan, metric, "2024-06")
    monthly = (value / _history(plan, metric).values[-1]) ** (1 / 18) - 1
    before = _growth(plan, metric) ** (1 / 11) - 1
    told = f"It takes {percent(monthly, 1)} a month after {percent(before, 1)} in 2022."
    return computed, verdict, f"{reason} {told}"


def _queries_per_user(value: float, plan: CapacityPlan) -> Answer:
    users, queries = plan.scenario.users.values, plan.scenario.queries.values
    first, last = queries[0] / users[0], queries[-1] / users[-1]
    place, text = _percentile(value, plan, "queries_per_user", "2024-06")
    verdict: Verdict = "holds" if TAIL <= place <= 1 - TAIL else "implausible"
    return (
        text,
        verdict,
        f"Queries per user and day went {first:.2f} to {last:.2f} in 2022; the projections imply "
        f"{value:.2f}, percentile {100 * place:.1f}. They do not come from one model.",
    )


def _peak(value: float, plan: CapacityPlan) -> Answer:
    daily = plan.scenario.queries.values[-1]
    mean = daily / 24
    peaks = plan.quantile("peak_hour_queries", 0.5)
    fits = plan.months[peaks <= value]
    when = f"it fits until {fits[-1]}" if fits.size else "it fits no month"
    side = "above" if value < mean else "not above"
    return (
        f"mean {mean:,.0f}, peak {say(float(peaks[_month(plan, '2022-12')]), 'queries/h')}",
        "contradicted" if value < mean else "holds",
        f"{say(float(daily), 'queries')} a day are {mean:,.0f} in the average hour, {side} the "
        f"stated peak. As the median peak of our path {when}.",
    )


def _storage(value: float, plan: CapacityPlan) -> Answer:
    place, text = _percentile(value, plan, "storage_pb", "2022-12")
    verdict: Verdict = "cannot be checked" if place <= 1.0 - TAIL else "implausible"
    return (
        text,
        verdict,
        f"Our estimate reaches {value:g} PB with probability {percent(1 - place)} at the end of "
        "2022; data sets and checkpoints decide, and both are assumed.",
    )


def _outage(value: float, plan: CapacityPlan) -> Answer:
    minutes = value * 60
    allowed = 1.0 - plan.policy.availability
    year, month = allowed * MINUTES_PER_YEAR, allowed * MINUTES_PER_MONTH
    return (
        f"{percent(minutes / year, 1)} of a year's budget, {percent(minutes / month)} of a month's",
        "contradicted" if minutes > month else "holds",
        f"{percent(plan.policy.availability, 2)} allows {year:.1f} minutes a year and {month:.1f} "
        f"a month: one such outage {_kept(minutes <= year)} the yearly promise and "
        f"{_kept(minutes <= month)} the monthly one.",
    )


def _kept(kept: bool) -> str:
    return "keeps" if kept else "breaks"


def _uptime(value: float, plan: CapacityPlan) -> Answer:
    year = (1.0 - value) * MINUTES_PER_YEAR
    return (
        f"the plan is designed for {percent(plan.availability, 3)}",
        "cannot be checked",
        f"It allows {year:.1f} minutes a year; one outage of 60 is told, others are not recorded. "
        f"Published chat services measure 99.5 to 99.7 %. {_redundancy(value, plan)}",
    )


def _redundancy(target: float, plan: CapacityPlan) -> str:
    """What the target takes: the cheapest design, and what one region reaches."""
    found, alone = (
        cheapest(design_problem(plan, room), target) for room in (Room(), Room(regions=1))
    )
    words = "No redundancy on published figures reaches it."
    if isinstance(found, Offer):
        usd, design = say(found.usd_per_month, "USD/month"), found.design
        words = (
            f"The cheapest redundancy for it: {design.nodes:,} nodes, {design.regions} regions, "
            f"{usd}."
        )
    if isinstance(alone, OutOfReach):
        words += (
            f" One region reaches {percent(alone.availability, 2)} at most; {alone.part} bounds it."
        )
    return words


def _scaling(value: float, plan: CapacityPlan) -> Answer:
    found = scaling(plan)
    parts = ", ".join(f"{name} {part:.2f}x" for name, part in found.parts if abs(part - 1) > SAME)
    return (
        f"{found.ratio:.1f}x GPUs, exponent {found.exponent:.2f}",
        "contradicted" if found.ratio < value / 2 else "holds",
        f"At ten times the demand GPUs grow {found.ratio:.1f}x, cost {found.cost_ratio:.1f}x, "
        f"storage {found.storage_ratio:.1f}x. GPUs by cause: {parts}. 100x would take ten times "
        "the work per query as well.",
    )


INPUTS = ("users_2022_01", "users_2022_12", "queries_2022_01", "queries_2022_12")
CHECKS: dict[str, Check] = {
    "users_growth_2022": _users_growth,
    "queries_growth_2022": _queries_growth,
    "users_2024_06": partial(_projected, metric="users"),
    "queries_2024_06": partial(_projected, metric="daily_queries"),
    "queries_per_user_2024_06": _queries_per_user,
    "peak_queries_per_hour": _peak,
    "storage_petabytes": _storage,
    "uptime": _uptime,
    "outage_duration": _outage,
    "scaling_10x_100x": _scaling,
}
