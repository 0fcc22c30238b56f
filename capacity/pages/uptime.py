"""Page 4: how much redundancy the availability target takes."""

from __future__ import annotations

import streamlit as st

from capacity.dashboard import kept, session
from capacity.dashboard.controls import levers, uncertainties
from capacity.dashboard.display import (
    answer,
    beside,
    chart,
    fact,
    folded,
    picture,
    table,
    tabs,
    titled,
)
from capacity.dashboard.results import Shown
from capacity.numbers import percent, plain, say
from capacity.report.cells import escaped


def show() -> None:
    """Show the page."""
    titled("Availability", "Where the minutes go, and what other layouts would take.")
    with beside(_controls):
        found = answer(kept.result)
        if found is None:
            return
        _facts(found)
        st.markdown(escaped(found.headline[3]))
        tabs(
            {
                "Error budget": lambda: chart(found.charts["budget"], "uptime.budget"),
                "Layouts": lambda: _layouts(found),
                "Cheapest redundancy": _cheapest,
            },
            "availability",
        )


def _controls() -> None:
    levers("redundancy")
    levers("availability", "zones", "regions", "read_spares")
    levers("changes_per_month", "canary_share", "confidence")
    folded("Failures and repair", "availability_failures", _failures)
    folded("Services of a region", "availability_services", _services)


def _failures() -> None:
    uncertainties("node_failures_per_1000_node_days", "node_repair_h", "zone_unavailability")
    uncertainties("failover_failure", "change_failure_share", "change_repair_min")


def _services() -> None:
    uncertainties("gateway_unavailability", "compute_unavailability")
    uncertainties("database_unavailability", "storage_unavailability")


def _facts(found: Shown) -> None:
    policy, left = session.now().policy, found.budget[-1]
    one, two, three = st.columns(3)
    target = f"target {percent(policy.availability, 3)}"
    fact(one, "Availability", percent(found.availability, 3), target)
    fact(two, "Minutes left", say(left.minutes, "min"), "of a 30-day month")
    layout = f"{policy.zones} zones in {policy.regions} regions"
    fact(three, "Serving nodes", plain(found.replica.serving_nodes), layout)


def _layouts(found: Shown) -> None:
    chart(found.charts["layouts"], "uptime.layouts")
    columns = {
        "regions": lambda row: row.regions,
        "zones each": lambda row: row.zones,
        "nodes": lambda row: plain(row.nodes) if row.nodes else "none",
        "GPUs": lambda row: plain(row.gpus) if row.nodes else "none",
        "availability": lambda row: percent(row.availability, 4) if row.nodes else "",
        "": lambda row: "here" if row.chosen else row.reason,
    }
    table(found.layouts, columns, "Layouts for the same load")


def _cheapest() -> None:
    found = kept.redundancy(session.now())
    for words in found.words:
        st.markdown(escaped(words))
    picture(found.picture, "uptime.design")
    for bars in found.bars:
        chart(bars, f"uptime.{bars.name}")


if __name__ == "__main__":
    show()
