"""Page 5: what it costs, line by line, and at which prices."""

from __future__ import annotations

import streamlit as st

from capacity.dashboard.controls import levers, uncertainties
from capacity.dashboard.display import answer, beside, cards, chart, escaped, ranges, table, titled
from capacity.dashboard.results import Shown
from capacity.numbers import say, say_error

UNIT_COSTS = (
    "cost_per_1000_queries",
    "cost_per_user",
    "cost_per_million_tokens",
    "cost_per_conversation_hour",
)


def show() -> None:
    """Show the page."""
    titled("Cost", "Every line of the bill over time, unit costs, and the dated prices behind.")
    with beside(_controls):
        found = answer()
        if found is None:
            return
        st.markdown(escaped(found.headline[2]))
        names = [name for name in ("cost", *UNIT_COSTS) if name in found.figures]
        cards([found.figures[name] for name in names], None, wide=2)
        chart(found.charts["cost_lines"], "money.lines")
        chart(found.charts["cost"], "money.cost")
        st.subheader("Lines of the bill")
        ranges(found.lines, "Lines of the bill in the last month")
        st.subheader("Unit costs")
        ranges([found.figures[name] for name in names[1:]], "Unit costs in the last month")
        _periods(found)
        _prices(found)


def _controls() -> None:
    levers("term", "provider", "order_months", "confidence")
    uncertainties("price_factor", "overhead_share")
    with st.expander("Storage and data"):
        levers("conversation_retention_months", "telemetry_retention_months")
        levers("checkpoint_retention_months", "database_copies", "backup_copies")
    with st.expander("Training"):
        uncertainties("training_tokens_per_run", "training_runs_per_month")


def _periods(found: Shown) -> None:
    st.subheader("Sums")
    columns = {
        "months": lambda row: row.period,
        "10 %": lambda row: say(row.p10, row.unit),
        "median": lambda row: say(row.p50, row.unit),
        "90 %": lambda row: say(row.p90, row.unit),
        "another seed": lambda row: say_error(row.error, row.unit),
    }
    table(found.periods, columns, "Cost of each year and of the months to come")


def _prices(found: Shown) -> None:
    st.subheader("Prices")
    columns = {
        "item": lambda row: row.item,
        "price": lambda row: row.value,
        "unit": lambda row: row.unit,
        "valid": lambda row: row.valid,
        "source": lambda row: row.source,
        "as of": lambda row: row.as_of,
    }
    table(found.prices, columns, "Dated prices that the plan uses")


if __name__ == "__main__":
    show()
