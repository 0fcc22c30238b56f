"""Page 2: how users and queries go on."""

from __future__ import annotations

import streamlit as st

from capacity.dashboard import session, uploads
from capacity.dashboard.controls import uncertain, word
from capacity.dashboard.display import answer, beside, chart, escaped, ranges, table, titled
from capacity.dashboard.setting import own_setting
from capacity.numbers import plain
from capacity.report.marks import Chart, Fan
from forecast.history import HistoryKind
from forecast.reference_class import ReferenceClass

USERS, QUERIES, KIND = "growth.users", "growth.queries", "growth.kind"
USER_KINDS: tuple[HistoryKind, ...] = ("cumulative", "active")


def show() -> None:
    """Show the page."""
    titled("Growth", "What was reported, how it may go on, and what past products did.")
    right = beside(_controls)
    with right:
        found = answer()
        if found is None:
            return
        for name in ("users", "daily_queries", "queries_per_user"):
            chart(found.charts[name], f"growth.{name}")
            _claims(found.charts[name])
        ranges(
            [found.figures[name] for name in ("users", "daily_queries", "queries_per_user")],
            "Demand in the last month",
        )
        _analogs()
        for note in found.notes:
            st.caption(escaped(note))


def _controls() -> None:
    word("growth.model")
    word("growth.reference")
    uncertain("demand_factor")
    _history()
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


def _claims(drawn: Chart) -> None:
    """Projections and published figures of a chart with their place among the draws."""
    for mark in drawn.marks if isinstance(drawn, Fan) else ():
        if mark.kind == "claim":
            st.markdown(escaped(f"{mark.month}, {mark.label}: {mark.place} of the draws"))


def _analogs() -> None:
    """Past products after the most similar year."""
    scenario = session.now().scenario
    if scenario.growth.model != "reference-class":
        return
    st.subheader("Past products after a similar year")
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
