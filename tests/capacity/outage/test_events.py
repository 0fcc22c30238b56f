from __future__ import annotations

from dataclasses import replace

from capacity.outage.events import events
from capacity.outage.file import load_incident
from capacity.outage.replay import middle, replay

TOLD = load_incident("february-2023")


def test_events_come_in_the_order_of_the_story() -> None:
    told = [item.name for item in events(replay(TOLD, middle(TOLD)))]
    assert told == [
        "change", "down", "revert", "first-trip", "half-down", "collapse", "all-down", "offline",
        "restart", "serving", "recovered",
    ]  # fmt: skip


def test_an_outage_that_never_ends_has_no_recovery() -> None:
    endless = replace(TOLD, horizon=30.0)
    names = {item.name for item in events(replay(endless, middle(endless)))}
    assert "offline" in names
    assert not {"restart", "serving", "recovered"} & names


def test_without_a_shutdown_none_is_told() -> None:
    calm = TOLD.with_controls(TOLD.controls.change(broken_share=0.05, offline=0.0))
    names = {item.name for item in events(replay(calm, middle(calm)))}
    assert not {"first-trip", "collapse", "down", "offline"} & names
