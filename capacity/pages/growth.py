"""Page 2: how users and queries go on."""

from __future__ import annotations

from functools import partial

import streamlit as st

from capacity.dashboard import kept, session, uploads
from capacity.dashboard.controls import uncertainties, word
from capacity.dashboard.display import (
    answer,
    beside,
    chart,
    folded,
    or_reason,
    ranges,
    table,
    tabs,
    titled,
)
from capacity.dashboard.event_form import event_form
from capacity.dashboard.results import Ahead
from capacity.dashboard.setting import own_setting
from capacity.numbers import plain
from capacity.report.cells import escaped
from capacity.report.marks import Fan
from forecast.growth.reference_class import ReferenceClass
from forecast.history import HistoryKind

USERS, QUERIES, KIND = "growth.users", "growth.queries", "growth.kind"
FANS = {
    "users": "Users",
    "daily_queries": "Queries",
    "queries_per_user": "Queries per user",
}
USER_KINDS: tuple[HistoryKind, ...] = ("cumulative", "active")


def show() -> None:
    """Show the page."""
    titled("Growth", "What was reported, how it may go on, and what past products did.")
    with beside(_controls):
        refusal = st.container()  # demand needs no machines: it is there before the plan
        found = or_reason(lambda: kept.ahead(session.now()))
        if found is None:
            return
        parts = {title: partial(_fan, found, name) for name, title in FANS.items()}
        past = {"Past products": _analogs, "Reported": _history, "Backtest": _backtest}
        tabs({**parts, **past}, "growth")
        ranges([found.figures[name] for name in FANS], "Demand in the last month")
        for note in found.notes:
            st.caption(escaped(note))
        with refusal:
            answer(kept.result)


def _controls() -> None:
    word("growth.model")
    word("growth.reference")
    uncertainties("demand_factor", "growth_factor")
    folded("Events ahead", "growth_events", event_form)
    with st.expander("Your own history"):
        st.caption("CSV files with the header date,value; one row a month or fewer.")
        st.selectbox("Users are", USER_KINDS, key=KIND)
        for title, key in (("Users", USERS), ("Queries per day", QUERIES)):
            st.file_uploader(title, type="csv", key=key, max_upload_size=uploads.MAX_MB)
        st.button("Use these files", on_click=_use, width="stretch")


def _history() -> None:
    scenario = session.now().scenario
    for history in (scenario.users, scenario.queries):
        columns = {
            "month": lambda row: str(row[0]),
            history.unit: lambda row: plain(float(row[1])),
        }
        rows = list(zip(history.months, history.values, strict=True))
        table(rows, columns, f"Reported {history.name}")


def _backtest() -> None:
    """How the model would have done on the past of each series."""
    for text in kept.backtested(session.now()):
        st.code(text, language=None)


def _use() -> None:
    session.attempt(_take)


def _take() -> None:
    """Read the files that were chosen."""
    kinds: dict[str, HistoryKind] = {"users": st.session_state[KIND], "queries": "flow"}
    files = {"users": st.session_state[USERS], "queries": st.session_state[QUERIES]}
    if not any(files.values()):
        raise ValueError("choose a CSV file of users, of queries, or both")
    users, queries = (
        uploads.history_of(file.getvalue(), name, kinds[name]) if file else None
        for name, file in files.items()
    )
    changed = uploads.with_histories(session.now().portable, users, queries)
    session.ask(own_setting(changed, session.now()))


def _fan(found: Ahead, name: str) -> None:
    """Fan of a metric, and projections and published figures with their place among the draws."""
    drawn = found.charts[name]
    chart(drawn, f"growth.{name}")
    for mark in drawn.marks if isinstance(drawn, Fan) else ():
        if mark.kind == "claim":
            st.markdown(escaped(f"{mark.month}, {mark.label}: {mark.place} of the draws"))
        elif mark.kind == "event":
            st.markdown(escaped(f"{mark.month}, event {mark.label}: {mark.place}"))


def _analogs() -> None:
    """Past products after the most similar year."""
    scenario = session.now().scenario
    if scenario.growth.model != "reference-class":
        st.caption(escaped(f"The model {scenario.growth.model} looks at no past products."))
        return
    reference = ReferenceClass(scenario.growth.reference)
    columns = {
        "product": lambda row: row.product,
        "seen from": lambda row: row.month,
        "12 months before": lambda row: f"x {row.growth_12:.1f}",
        "18 months after": lambda row: f"x {row.growth_next_18:.1f}",
    }
    table(
        reference.analogs(scenario.users.yearly_growth),
        columns,
        "Growth of past products before and after",
    )


if __name__ == "__main__":
    show()
