"""Page 8: every claim of the reported case, judged."""

from __future__ import annotations

import streamlit as st

from capacity.auditing import Finding
from capacity.dashboard import kept, session
from capacity.dashboard.display import titled
from capacity.report.cells import escaped

MARKS = {
    "holds": ":material/check_circle:",
    "contradicted": ":material/cancel:",
    "implausible": ":material/help:",
    "cannot be checked": ":material/remove:",
}


def show() -> None:
    """Show the page."""
    titled("Claims", "Every claim of the reported case beside what follows from the others.")
    now = session.now()
    findings = kept.findings(now.draws, now.seed)
    verdicts = [verdict for verdict in MARKS if any(item.verdict == verdict for item in findings)]
    chosen = st.pills(
        "Verdict", verdicts, selection_mode="multi", key="verdict", bind="query-params"
    )
    shown = [item for item in findings if not chosen or item.verdict in chosen]
    st.caption(f"{len(shown)} of {len(findings)} claims")
    for item in shown:
        _finding(item)


def _finding(item: Finding) -> None:
    with st.container(border=True):
        st.markdown(f"{MARKS[item.verdict]} **{escaped(item.verdict)}**: {escaped(item.text)}")
        told = [("reported", item.reported), ("computed", item.computed)]
        said = "; ".join(f"{word} {value}" for word, value in told if value)
        st.caption(escaped(f"{said}. {item.reason}" if said else item.reason))


if __name__ == "__main__":
    show()
