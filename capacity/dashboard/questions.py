"""What the pages show of questions to a plan: the purchase, the money, what matters, which plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from capacity.comparison import Difference, compare
from capacity.dashboard.setting import Setting
from capacity.dashboard.ways_out import outcome, planned
from capacity.load.demand import growth_model
from capacity.outcome import Infeasible
from capacity.procurement.deciding import decide
from capacity.procurement.situation import Situation
from capacity.questions.break_even import BreakEven, break_even
from capacity.questions.economics import UnitCost, runway, unit_costs
from capacity.questions.sensitivity import Sensitivity, sensitivity
from capacity.questions.tornado import Told, tornado
from capacity.report import decision_tables
from capacity.report.bar_charts import share_bars, swing_bars
from capacity.report.comparison_pdf import comparison_pdf
from capacity.report.comparison_table import comparison_csv, saving_text
from capacity.report.decision_charts import need_fan, regret_bars
from capacity.report.decision_json import decision_json, orders_csv, policies_csv
from capacity.report.decision_pdf import decision_pdf
from capacity.report.decision_tables import AssumptionRow, LotRow, PolicyRow
from capacity.report.decision_words import LIMITS, headline
from capacity.report.decision_xlsx import decision_xlsx
from capacity.report.economics_text import runway_text
from capacity.report.marks import Bars, Fan
from forecast.backtest.rolling_origin import Backtest
from forecast.history import History
from forecast.messages import disarmed


class Advice(NamedTuple):
    """A purchase decision without its draws: words, charts, tables, files by name."""

    words: tuple[str, ...]
    need: Fan
    regret: Bars
    orders: tuple[LotRow, ...]
    policies: tuple[PolicyRow, ...]
    dates: tuple[str, ...]
    assumptions: tuple[AssumptionRow, ...]
    limits: tuple[str, ...]
    judged_on: int
    files: dict[str, bytes]


class Money(NamedTuple):
    """Unit costs of a month, renting against reserving, and how long a budget lasts, in words."""

    month: str
    costs: tuple[UnitCost, ...]
    even: tuple[BreakEven, ...]
    lasts: str


class Matters(NamedTuple):
    """Whose uncertainty the uncertainty of a figure is: shares, their chart, the tornado."""

    found: Sensitivity
    shares: Bars
    swings: Bars
    no_plan: tuple[str, ...]


class Compared(NamedTuple):
    """Plans beside a base: differences, savings in words, files, and why others have no plan."""

    differences: tuple[Difference, ...]
    savings: dict[str, str]
    files: dict[str, bytes]
    refused: dict[str, str]


def advice(setting: Setting, told: Told) -> Advice:
    """What to order under uncertainty.

    Parameters
    ----------
    setting : Setting
        Any setting.
    told : callable
        Called with what is done next.

    Returns
    -------
    Advice
        As `fleetcast decide` prints and writes it.

    Raises
    ------
    ValueError
        If there is no plan, or nothing left to decide.
    """
    today, held = setting.day
    situation = Situation.of(planned(setting), today=today, held=held)
    found = decide(situation, setting.assumed, told)
    return Advice(
        words=tuple(headline(found)),
        need=need_fan(found),
        regret=regret_bars(found),
        orders=tuple(decision_tables.lots(found)),
        policies=tuple(decision_tables.policies(found)),
        dates=tuple(row.sentence for row in decision_tables.dates(found)),
        assumptions=tuple(decision_tables.assumptions(found)),
        limits=LIMITS,
        judged_on=found.draws[1],
        files={
            "decision.pdf": decision_pdf(found),
            "decision.xlsx": decision_xlsx(found),
            "decision.json": decision_json(found).encode(),
            "orders.csv": orders_csv(found).encode(),
            "policies.csv": policies_csv(found).encode(),
        },
    )


def backtested(setting: Setting, told: Told) -> tuple[str, ...]:
    """How the growth model would have done on the past of users and of queries.

    Parameters
    ----------
    setting : Setting
        Any setting.
    told : callable
        Called with each forecast that is done.

    Returns
    -------
    tuple of str
        For each series what `fleetcast backtest` prints, or why its past cannot be tested.
    """
    growth = setting.scenario.growth
    test = Backtest({growth.model: growth_model(growth)}, seed=setting.seed)
    histories = (setting.scenario.users, setting.scenario.queries)
    return tuple(_backtested(test, history, told) for history in histories)


def _backtested(test: Backtest, history: History, told: Told) -> str:
    def progress(done: int, total: int, text: str) -> None:
        told(f"{done} of {total}: {text}")

    try:
        return disarmed(test.run(history, progress).text)
    except ValueError as error:
        return f"{history.name}: {error}"


def money(setting: Setting, budget: float | None) -> Money:
    """Unit costs of the last month, renting against reserving, runway of a budget.

    Parameters
    ----------
    setting : Setting
        Any setting.
    budget : float, optional
        For the months ahead, above 0. [USD]

    Returns
    -------
    Money
        As `fleetcast economics` and `fleetcast solve` tell it.

    Raises
    ------
    ValueError
        If there is no plan, or the budget is not above 0.
    """
    plan = planned(setting)
    lasts = "" if budget is None else runway_text(runway(plan, budget))
    return Money(str(plan.months[-1]), unit_costs(plan), break_even(plan), lasts)


def matters(setting: Setting, metric: str, told: Told) -> Matters:
    """Whose uncertainty the uncertainty of a figure of the last month is.

    Parameters
    ----------
    setting : Setting
        Any setting.
    metric : str
        As `capacity.questions.sensitivity.sensitivity` takes it.
    told : callable
        Called with a line for each input that was planned with again.

    Returns
    -------
    Matters
        As `fleetcast sensitivity` tells it.

    Raises
    ------
    ValueError
        If there is no plan, or its draws are too few.
    """
    plan = planned(setting)
    found = sensitivity(plan, metric)
    inputs = [item.name for item in found.influences]
    swings = tornado(plan, metric, inputs=inputs, progress=told)
    no_plan = tuple(
        f"{item.name} = {end.label}: {end.reason}."
        for item in swings.swings
        for end in (item.low, item.high)
        if end.reason
    )
    return Matters(found, share_bars(found), swing_bars(swings), no_plan)


def compared(named: Mapping[str, Setting]) -> Compared:
    """What changes from one setting to others, in common draws.

    Parameters
    ----------
    named : mapping of str to Setting
        The base first; its draws and seed count for all.

    Returns
    -------
    Compared
        Of all that have a plan; differences by plan, month and metric.

    Raises
    ------
    ValueError
        If the base has no plan, or the plans share no month.
    """
    (base, first), *others = named.items()
    plans, refused = {base: planned(first)}, {}
    for name, setting in others:
        found = outcome(replace(setting, draws=first.draws, seed=first.seed))
        if isinstance(found, Infeasible):
            refused[name] = f"no plan to compare: {found.reason}"
        else:
            plans[name] = found
    if len(plans) == 1:
        return Compared((), {}, {}, refused)
    result = compare(*plans.values(), names=tuple(plans))
    csv = comparison_csv(result.differences).encode()
    return Compared(
        differences=result.differences,
        savings={saving.plan: saving_text(saving, base) for saving in result.savings},
        files={"compare.pdf": comparison_pdf(result), "compare.csv": csv},
        refused=refused,
    )
