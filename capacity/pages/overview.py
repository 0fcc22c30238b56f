"""Page 1: the answer in one screen."""

from __future__ import annotations

import streamlit as st

from capacity.dashboard import kept, session
from capacity.dashboard.display import answer, cards, chart, fact, table, titled
from capacity.dashboard.results import Shown
from capacity.numbers import percent, plain, say
from capacity.report.cells import escaped
from capacity.report.key_figures import KeyFigure

LEAD = ("users", "daily_queries", "gpus", "cost", "storage_pb", "peak_gbit_s")
CHARTS = (("daily_queries", "users"), ("gpus", "cost"))  # by column


def show() -> None:
    """Show the page."""
    titled("Overview", "What to order by when, at what cost, how sure.")
    found = answer(kept.result)
    if found is None:
        return
    st.info(escaped(found.headline[0]), icon=":material/shopping_cart:")
    cards([found.figures[name] for name in LEAD], _before(), wide=3)
    _facts(found)
    help_text = "from now on, figures say how they differ from what is shown now"
    st.button(
        "Use as baseline", on_click=session.set_baseline, key="overview.baseline", help=help_text
    )
    st.markdown(escaped(found.headline[-1]))
    for column, names in zip(st.columns(len(CHARTS)), CHARTS, strict=True):
        with column:
            for name in names:
                chart(found.charts[name], f"overview.{name}")
    _orders(found)
    with st.expander("Warnings and limits"):
        for note in found.notes:
            st.markdown(escaped(note))


def _before() -> dict[str, KeyFigure] | None:
    """Figures of the baseline, where it is not what is shown."""
    if session.baseline() == session.now():
        return None
    found = kept.result(session.baseline())
    return found.figures if isinstance(found, Shown) else None


def _facts(found: Shown) -> None:
    """Availability, error budget and the next order."""
    policy, left = session.now().policy, found.budget[-1]
    one, two, three = st.columns(3)
    target = f"target {percent(policy.availability, 3)}"
    fact(one, "Availability", percent(found.availability, 3), target)
    share = f"{say(left.share, 'share')} of the error budget of a 30-day month"
    fact(two, "Minutes left", say(left.minutes, "min"), share)
    future = [lot for lot in found.orders if not lot.past]
    if future:
        lot = future[0]
        said = f"{plain(lot.nodes)} {lot.instance} to stand in {lot.in_service}"
        fact(three, "Next order by", f"{lot.order_by}", said)
    else:
        fact(three, "Next order by", "none", "nothing is left to order")


def _orders(found: Shown) -> None:
    st.subheader("Orders")
    columns = {
        "order by": lambda row: row.order_by,
        "stands in": lambda row: row.in_service,
        "nodes": lambda row: row.nodes,
        "GPUs": lambda row: row.gpus,
        "type": lambda row: row.instance,
        "purpose": lambda row: row.purpose,
        "list price": lambda row: say(row.usd_per_month, "USD/month"),
        "": lambda row: "before this plan" if row.past else "",
    }
    table(found.orders, columns, "Orders by date")


if __name__ == "__main__":
    show()
