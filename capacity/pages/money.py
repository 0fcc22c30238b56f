"""Page 5: what it costs, line by line, and at which prices."""

from __future__ import annotations

from operator import itemgetter

import streamlit as st

from capacity.dashboard import kept, session
from capacity.dashboard.asked import Asked
from capacity.dashboard.controls import MOST_TYPED, assumptions, levers, standing, uncertainties
from capacity.dashboard.display import (
    answer,
    beside,
    cards,
    chart,
    downloads,
    folded,
    or_reason,
    ranges,
    table,
    tabs,
    titled,
)
from capacity.dashboard.questions import Advice, Money
from capacity.dashboard.results import Shown
from capacity.metrics import METRICS
from capacity.numbers import percent, plain, say, say_error, span
from capacity.procurement.buying import BASES, REGION_BASES
from capacity.questions.economics import Anchor, UnitCost
from capacity.questions.goal import VARIED
from capacity.report.cells import escaped
from capacity.report.decision_tables import PolicyRow
from capacity.report.economics_text import CAVEAT

UNIT_COSTS = (
    "cost_per_1000_queries",
    "cost_per_user",
    "cost_per_million_tokens",
    "cost_per_conversation_hour",
)
WIDE = 2  # cards in a row


def show() -> None:
    """Show the page."""
    titled("Cost", "Every line of the bill over time, unit costs, and the dated prices behind.")
    with beside(_controls):
        found = answer(kept.result)
        if found is None:
            return
        st.markdown(escaped(found.headline[2]))
        names = [name for name in ("cost", *UNIT_COSTS) if name in found.figures]
        figures = [found.figures[name] for name in names]
        cards(figures, None, wide=WIDE)
        tabs(
            {
                "By month": lambda: _months(found),
                "By line": lambda: _lines(found),
                "Unit costs": lambda: ranges(figures[1:], "Unit costs in the last month"),
                "Renting and budget": _economics,
                "What to order": _purchase,
                "Why": lambda: _why(found),
                "Backwards": _backwards,
                "Prices": lambda: _prices(found),
            },
            "cost",
        )


def _controls() -> None:
    levers("term", "provider", "order_months", "confidence")
    uncertainties("price_factor", "overhead_share")
    folded("Storage and data", "cost_data", _data)
    folded("Training", "cost_training", _training)
    folded("What to order", "cost_buying", _buying)


def _buying() -> None:
    standing()
    assumptions(*BASES, *REGION_BASES)


def _data() -> None:
    levers("conversation_retention_months", "telemetry_retention_months")
    levers("checkpoint_retention_months", "database_copies", "backup_copies")


def _training() -> None:
    uncertainties("training_tokens_per_run", "training_runs_per_month")


def _lines(found: Shown) -> None:
    chart(found.charts["cost_lines"], "money.lines")
    ranges(found.lines, "Lines of the bill in the last month")


def _months(found: Shown) -> None:
    chart(found.charts["cost"], "money.cost")
    columns = {
        "months": lambda row: row.period,
        "10 %": lambda row: say(row.p10, row.unit),
        "median": lambda row: say(row.p50, row.unit),
        "90 %": lambda row: say(row.p90, row.unit),
        "another seed": lambda row: say_error(row.error, row.unit),
    }
    table(found.periods, columns, "Cost of each year and of the months to come")


def _prices(found: Shown) -> None:
    columns = {
        "item": lambda row: row.item,
        "price": lambda row: row.value,
        "unit": lambda row: row.unit,
        "valid": lambda row: row.valid,
        "source": lambda row: row.source,
        "as of": lambda row: row.as_of,
    }
    table(found.prices, columns, "Dated prices that the plan uses")


def _economics() -> None:
    """Unit costs beside public figures, renting, and a budget that the reader types."""
    budget = st.number_input(
        "Budget for the months ahead [USD]",
        value=None,
        format="%.0f",
        placeholder="none",
        key="budget",
        bind="query-params",
        help="pays every line of the bill from the first forecast month on",
    )
    found = or_reason(lambda: kept.money(session.now(), budget))
    if found is None:
        return
    if found.lasts:
        st.markdown(escaped(found.lasts))
    _beside(found)
    _renting(found)


def _beside(found: Money) -> None:
    st.subheader("Unit costs beside public figures")
    columns = {
        "unit cost": lambda row: row.name,
        "median": lambda row: say(row.mid, row.unit),
        "public figures": lambda row: "; ".join(_figure(row, item) for item in row.anchors),
        "80 % between": lambda row: span(row.low, row.high, row.unit),
    }
    table(found.costs, columns, f"Unit costs in {found.month}", whole=True)
    for cost in found.costs:
        for item in cost.anchors:
            basis = f"{item.what} ({item.source}, {item.as_of}; confidence {item.confidence})"
            st.caption(escaped(f"{cost.name}, {_figure(cost, item)}: {basis}"))
    st.caption(escaped(CAVEAT))


def _figure(cost: UnitCost, anchor: Anchor) -> str:
    return f"{anchor.sense} {say(anchor.value, cost.unit)}"


def _renting(found: Money) -> None:
    st.subheader("Renting against reserving")
    columns = {
        "node type": lambda row: row.instance,
        "against": lambda row: row.term,
        "costs the same at": lambda row: say(row.mid, "USD/h", digits=4),
        "80 % between": lambda row: span(row.low, row.high, "USD/h"),
        "on-demand list price": lambda row: say(row.rent, "USD/h", digits=4),
        "renting is cheaper with": lambda row: percent(row.rent_wins),
    }
    table(found.even, columns, "Price of a rented node at which renting what is needed costs "
          "what reserving costs", whole=True)  # fmt: skip
    st.caption(
        "Renting: in every month and draw just the nodes needed, always to be had. Reserving: "
        "what the plan buys, paid to the end of its term. List prices."
    )


def _why(found: Shown) -> None:
    """The parts of one figure, which add up to it, each down to its sources."""
    left, right = st.columns(2)
    names = list(found.figures)
    metric = left.selectbox(
        "Figure",
        names,
        index=names.index("cost"),
        format_func=lambda name: METRICS[name].title,
        key="why",
        bind="query-params",
    )
    months = [str(month) for month in reversed(session.now().scenario.months)]
    month = right.selectbox("Month", months, key="why_month", bind="query-params")
    _answered(or_reason(lambda: kept.why(session.now(), metric, month)), "money.why")


def _backwards() -> None:
    """The value of an input at which an output reaches a goal."""
    left, right = st.columns(2)
    goal = left.text_input(
        "Goal",
        placeholder="cost<=1e6",
        key="goal",
        bind="query-params",
        max_chars=MOST_TYPED,
        help="a figure, <=, >= or =, and a value in its unit; 50% is half of what it is now",
    )
    vary = right.selectbox("What may change", VARIED, key="vary", bind="query-params")
    if goal:
        _answered(or_reason(lambda: kept.backwards(session.now(), goal, vary)), "money.backwards")


def _answered(found: Asked | None, place: str) -> None:
    if found is None:
        return
    for line in found.lines:
        st.markdown(escaped(line))
    for bars in found.charts:
        chart(bars, place)
    for name, rows in found.tables:
        columns = {title: itemgetter(title) for row in rows for title in row}
        table(rows, columns, name)
    downloads(found.files, place)


def _purchase() -> None:
    """Orders chosen over all draws, beside other policies."""
    found = or_reason(lambda: kept.advice(session.now()))
    if found is None:
        return
    for words in found.words:
        st.markdown(escaped(words))
    chart(found.need, "money.need")
    _orders(found)
    st.subheader("Beside other policies")
    chart(found.regret, "money.regret")
    _policies(found)
    _dates(found)
    downloads(found.files, "money")
    with st.expander("Sources and limits"):
        _assumptions(found)


def _orders(found: Advice) -> None:
    columns = {
        "order by": lambda row: row.order_by,
        "stands from": lambda row: row.stands_from,
        "node type": lambda row: row.instance,
        "term": lambda row: row.term,
        "region": lambda row: row.region,
        "nodes": lambda row: plain(row.nodes),
        "list price": lambda row: say(row.usd_per_month, "USD/month"),
    }
    table(found.orders, columns, "Orders by last day", whole=True)


def _policies(found: Advice) -> None:
    columns = {
        "policy": lambda row: row.policy,
        "expected cost": lambda row: say(row.total_usd, "USD"),
        "priced shortfall in it": lambda row: say(row.shortfall_usd, "USD"),
        "worst 5 %": lambda row: say(row.worst_twentieth_usd, "USD"),
        "regret": lambda row: say(row.regret_usd, "USD"),
        "above recommended": _above,
        "shortfall": lambda row: say(row.shortfall_minutes, "min/month"),
        "highest P(shortfall)": lambda row: percent(row.highest_shortfall),
    }
    table(found.policies, columns, "Policies, the cheapest first", whole=True)
    st.caption(
        f"All judged on {plain(found.judged_on)} draws that none has seen, over the months of the "
        "decision, beyond what is held. ±: two standard errors. Regret: beyond perfect foresight."
    )


def _above(row: PolicyRow) -> str:
    return f"{say(row.above_recommended_usd, 'USD')} ± {say(row.above_error_usd, 'USD')}"


def _dates(found: Advice) -> None:
    if found.dates:
        st.subheader("Order dates")
    for words in found.dates:
        st.markdown(escaped(words))


def _assumptions(found: Advice) -> None:
    columns = {
        "assumption": lambda row: row.meaning,
        "value": lambda row: plain(row.value),
        "unit": lambda row: row.unit,
        "basis": lambda row: row.basis,
        "source": lambda row: row.source,
    }
    table(found.assumptions, columns, "Assumptions of the decision", whole=True)
    for words in found.limits:
        st.caption(escaped(words))


if __name__ == "__main__":
    show()
