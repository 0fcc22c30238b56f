"""Page 7: saved scenarios side by side, draw by draw, and what matters in one."""

from __future__ import annotations

import streamlit as st

from capacity.comparison import Difference
from capacity.dashboard import kept, session
from capacity.dashboard.contrast import difference_fan, months_of
from capacity.dashboard.display import chart, downloads, or_reason, table, titled
from capacity.dashboard.questions import Compared
from capacity.dashboard.setting import Setting
from capacity.metrics import METRICS
from capacity.numbers import bare, percent, say, span
from capacity.questions.outputs import output
from capacity.questions.sensitivity import NEEDED
from capacity.report.cells import escaped
from capacity.report.sensitivity_text import NOTES

FEWEST = 2
HERE = "(what is shown now)"


def show() -> None:
    """Show the page."""
    titled("Compare", "Differences in common draws: what changes carries no sampling noise.")
    choices = {HERE: session.now(), **session.saved()}
    if len(choices) < FEWEST:
        st.info(
            "Save a scenario in the sidebar, then change something or save another: up to four "
            "can be compared with what is shown now.",
            icon=":material/bookmark_add:",
        )
    else:
        _side_by_side(choices)
    _what_matters(choices)


def _side_by_side(choices: dict[str, Setting]) -> None:
    left, right = st.columns(2)
    base = left.selectbox("Base", list(reversed(choices)), key="base", bind="query-params")
    others = [name for name in choices if name != base]
    chosen = right.multiselect(
        "Others", others, default=others[:1], key="others", bind="query-params"
    )
    found = or_reason(lambda: kept.compared({name: choices[name] for name in (base, *chosen)}))
    if found is None:
        return
    for name in chosen:
        st.subheader(escaped(f"{name} against {base}"))
        _other(name, found)
    if found.files:
        downloads(found.files, "comparing")


def _other(name: str, found: Compared) -> None:
    """What one plan saves and changes, or why there is none."""
    if name in found.refused:
        st.error(escaped(found.refused[name]), icon=":material/error:")
        return
    st.markdown(escaped(found.savings[name]))
    _pair(name, tuple(row for row in found.differences if row.plan == name))


@st.fragment
def _pair(name: str, found: tuple[Difference, ...]) -> None:
    """Chart of one metric over the months, and the table of one month."""
    left, right = st.columns(2)
    metric = left.selectbox(
        "Metric",
        list(METRICS),
        index=list(METRICS).index("cost"),
        format_func=lambda key: METRICS[key].title,
        key=f"metric.{name}",
        bind="query-params",
    )
    months = list(reversed(months_of(found)))
    month = right.selectbox("Month", months, key=f"month.{name}", bind="query-params")
    chart(difference_fan(found, metric), f"comparing.{name}")
    columns = {
        "metric": lambda row: METRICS[row.metric].title,
        "base": lambda row: say(row.base, row.unit),
        "other": lambda row: bare(row.other, row.unit),
        "difference": lambda row: say(row.mid, row.unit),
        "90 % between": lambda row: span(row.low, row.high, row.unit),
    }
    table([row for row in found if row.month == month], columns, f"Differences in {month}")


@st.fragment
def _what_matters(choices: dict[str, Setting]) -> None:
    """Whose uncertainty the uncertainty of one figure is."""
    title = "What matters: whose uncertainty it is"
    if not st.toggle(title, key="matters", bind="query-params"):
        return
    left, right = st.columns(2)
    name = left.selectbox("Scenario", list(choices), key="of", bind="query-params")
    metric = right.selectbox(
        "Figure",
        [NEEDED, *METRICS],
        format_func=lambda key: output(key).title,
        key="figure",
        bind="query-params",
        help="cost as needed: the bill if every draw stood just what it needs",
    )
    found = or_reason(lambda: kept.matters(choices[name], metric))
    if found is None:
        return
    st.markdown(escaped(found.found.sentence))
    chart(found.shares, "comparing.shares")
    chart(found.swings, "comparing.swings")
    for reason in found.no_plan:
        st.caption(escaped(reason))
    columns = {
        "input": lambda row: row.name,
        "share": lambda row: percent(row.share, 1),
        "alone": lambda row: percent(row.alone, 1),
        "measuring saves": lambda row: say(row.worth_usd, "USD/month"),
    }
    table(found.found.influences, columns, "Inputs by their share in the variance", whole=True)
    for note in NOTES:
        st.caption(escaped(note))


if __name__ == "__main__":
    show()
