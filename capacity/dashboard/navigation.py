"""All pages in one menu; the script that `fleetcast app` runs."""

from __future__ import annotations

import gc
import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small arrays; threads only slow them

import streamlit as st

from capacity.dashboard import session
from capacity.dashboard.sidebar import sidebar
from capacity.report import palette

ICON = (  # drawn here, because the server of the symbols below is not asked for one
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    f'<path d="M1 9h4v6H1zM6 5h4v10H6zM11 1h4v14h-4z" fill="{palette.FAN}"/></svg>'
)
PAGES = {
    "overview": ("Overview", ":material/dashboard:"),
    "growth": ("Growth", ":material/trending_up:"),
    "machines": ("Capacity", ":material/memory:"),
    "uptime": ("Availability", ":material/verified:"),
    "incidents": ("Outage lab", ":material/crisis_alert:"),
    "money": ("Cost", ":material/payments:"),
    "comparing": ("Compare", ":material/compare_arrows:"),
    "claims": ("Claims", ":material/fact_check:"),
    "evidence": ("Sources", ":material/menu_book:"),
}


def run() -> None:
    """Show the dashboard: the chosen page beside the sidebar."""
    st.set_page_config(page_title="Fleetcast", page_icon=ICON, layout="wide")
    session.begin()
    folder = Path(__file__).resolve().parents[1] / "pages"
    pages = [
        st.Page(
            folder / f"{name}.py", title=title, icon=icon, url_path=title.lower().replace(" ", "-")
        )
        for name, (title, icon) in PAGES.items()
    ]
    chosen = st.navigation(pages)
    sidebar()
    session.write_link()
    chosen.run()
    _keep_what_is_loaded()


@st.cache_resource(show_spinner=False)
def _keep_what_is_loaded() -> None:
    """Libraries and data stay: no later pass of the garbage collector looks at them again."""
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    run()
