"""Page 7: saved scenarios side by side, draw by draw."""

from __future__ import annotations

import streamlit as st

from capacity.comparison import Difference
from capacity.dashboard import kept, session
from capacity.dashboard.contrast import difference_fan, months_of
from capacity.dashboard.display import chart, escaped, table, titled
from capacity.metrics import METRICS
from capacity.numbers import bare, say, span
from capacity.report.comparison_table import comparison_csv

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
        return
    left, right = st.columns(2)
    base = left.selectbox("Base", list(reversed(choices)), key="comparing.base")
    others = [name for name in choices if name != base]
    chosen = right.multiselect("Others", others, default=others[:1], key="comparing.others")
    for name in chosen:
        st.subheader(escaped(f"{name} against {base}"))
        try:
            found = kept.differences(choices[base], choices[name])
        except ValueError as error:
            st.error(escaped(str(error)), icon=":material/error:")
            continue
        _pair(name, found)


@st.fragment
def _pair(name: str, found: tuple[Difference, ...]) -> None:
    """Chart of one metric over the months, and the table of one month."""
    left, right = st.columns(2)
    metric = left.selectbox(
        "Metric",
        list(METRICS),
        index=list(METRICS).index("cost"),
        format_func=lambda key: METRICS[key].title,
        key=f"comparing.metric.{name}",
    )
    months = list(reversed(months_of(found)))
    month = right.selectbox("Month", months, key=f"comparing.month.{name}")
    chart(difference_fan(found, metric), f"comparing.{name}")
    columns = {
        "metric": lambda row: METRICS[row.metric].title,
        "base": lambda row: say(row.base, row.unit),
        "other": lambda row: bare(row.other, row.unit),
        "difference": lambda row: say(row.mid, row.unit),
        "90 % between": lambda row: span(row.low, row.high, row.unit),
    }
    table([row for row in found if row.month == month], columns, f"Differences in {month}")
    st.download_button(
        "CSV of all months",
        data=lambda: comparison_csv(found).encode(),
        file_name="compare.csv",
        mime="text/csv",
        key=f"comparing.csv.{name}",
        on_click="ignore",
    )


if __name__ == "__main__":
    show()
