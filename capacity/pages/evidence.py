"""Page 9: everything that the plan rests on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import NamedTuple

import streamlit as st

from capacity.dashboard import kept, session
from capacity.dashboard.controls import whole_range
from capacity.dashboard.display import answer, table, titled
from capacity.dashboard.listing import listing_csv, matching
from capacity.numbers import plain
from capacity.report.sources import InputRow, SourceRow
from capacity.scenarios.inputs import ASSUMPTIONS


def show() -> None:
    """Show the page."""
    titled("Sources", "Every assumption with its unit, source, date and class.")
    with st.expander("Change an input"):
        chosen = st.selectbox("Input", list(ASSUMPTIONS), key="input", bind="query-params")
        whole_range(chosen)
    found = answer(kept.result)
    if found is None:
        return
    _tables(kept.assumptions(session.now()), [*found.policy, *found.sources])


@st.fragment
def _tables(inputs: list[InputRow], others: list[SourceRow]) -> None:
    """Both tables under one filter; typing in it leaves the rest of the page alone."""
    word = st.text_input(
        "Filter", key="filter", placeholder="a word, such as measured", bind="query-params"
    )
    shown, facts = matching(inputs, word), matching(others, word)
    st.caption(f"{len(shown)} of {len(inputs)} inputs, {len(facts)} of {len(others)} other facts")
    columns = {
        "input": lambda row: row.name,
        "low": lambda row: plain(row.low),
        "mid": lambda row: plain(row.mid),
        "high": lambda row: plain(row.high),
        "unit": lambda row: row.unit,
        "class": lambda row: row.basis,
        "moves": lambda row: row.moves,
        "set by": lambda row: row.set_by,
        "source": lambda row: row.source,
        "as of": lambda row: row.as_of,
        "meaning": lambda row: row.meaning,
    }
    table(shown, columns, "Uncertain inputs, the most important first")
    fields = {name: attrgetter(name) for name in SourceRow._fields}
    table(facts, fields, "Other facts")
    lists: tuple[tuple[str, Sequence[NamedTuple]], ...] = (("inputs", shown), ("facts", facts))
    for title, rows in lists:
        st.download_button(
            f"CSV of these {title}",
            data=partial(listing_csv, rows),
            file_name=f"{title}.csv",
            mime="text/csv",
            key=f"evidence.{title}",
            on_click="ignore",
            disabled=not rows,
        )


if __name__ == "__main__":
    show()
