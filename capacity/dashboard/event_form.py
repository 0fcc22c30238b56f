"""A form for the events ahead: add one, change it, take it away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import streamlit as st

from capacity.dashboard import session
from capacity.dashboard.controls import PARTS
from capacity.estimate import Estimate
from capacity.report.cells import escaped
from capacity.scenarios.event import LARGEST, SMALLEST, Event, On, event_months
from capacity.scenarios.event_words import event_words, typed_effect

WHICH, FILLED = "event.which", "event.filled"
NEW = ""  # no event has this name
STEP = 0.1  # of an effect and of a half-life


def event_form() -> None:
    """Events of what is shown, and a form for one of them."""
    known = _known()
    for event in known.values():
        st.caption(escaped(f"{event.text}, on {event.on}"))
    if st.session_state.get(WHICH, NEW) not in ("", *known):
        st.session_state[WHICH] = NEW
    st.selectbox("Event", (NEW, *known), key=WHICH, format_func=lambda name: name or "a new one")
    here = known.get(st.session_state[WHICH])
    _fill(here)
    with st.form("event.form", border=False):
        _fields()
        submit: dict[str, Any] = {"width": "stretch"}
        st.form_submit_button("Change" if here else "Add", on_click=_put, **submit)
        st.form_submit_button("Remove", on_click=_remove, disabled=here is None, **submit)


def _known() -> dict[str, Event]:
    return {event.name: event for event in session.now().scenario.events}


def _fields() -> None:
    scenario = session.now().scenario
    months = event_months((scenario.users, scenario.queries), scenario.months[-1])
    st.text_input("Name", key="event.name", max_chars=60)
    st.selectbox("First month", [str(month) for month in months], key="event.month")
    for part in PARTS:  # below each other: the controls' column is narrow
        st.number_input(
            f"Effect, {part}",
            min_value=SMALLEST,
            max_value=LARGEST,
            step=STEP,
            key=f"event.{part}",
            help="demand with the event over demand without it; 90 % lie between low and high",
        )
    st.selectbox("On", get_args(On), key="event.on")
    st.number_input(
        "Fades: half of it gone after [months]",
        value=None,
        min_value=0.0,
        step=STEP,
        placeholder="lasts",
        key="event.fades",
        help="months in which the logarithm of the effect halves; empty where the effect lasts",
    )


def _fill(event: Event | None) -> None:
    """Put an event into the form, once: what is typed meanwhile stays."""
    wanted = (st.session_state[WHICH], event and event_words(event))
    if st.session_state.get(FILLED) == wanted and "event.name" in st.session_state:
        return
    st.session_state[FILLED] = wanted
    size = event.effect if event else Estimate.exactly(1.0)
    values: dict[str, object] = {part: getattr(size, part) for part in PARTS}
    values |= {"name": event.name if event else "", "fades": event and event.half_life_months}
    values |= {"month": event.month, "on": event.on} if event else {"on": Event.on}
    for key, value in values.items():
        st.session_state[f"event.{key}"] = value


def _put() -> None:
    """Take what the form says in the place of the chosen event."""

    def change(known: dict[str, Event]) -> list[Event]:
        typed = _typed()
        return [*known.values(), typed] if st.session_state[WHICH] == NEW else [
            typed if name == st.session_state[WHICH] else event for name, event in known.items()
        ]  # fmt: skip

    _change(change, NEW if st.session_state[WHICH] == NEW else st.session_state["event.name"])


def _remove() -> None:
    gone = st.session_state[WHICH]
    _change(lambda known: [event for name, event in known.items() if name != gone], NEW)


def _change(change: Callable[[dict[str, Event]], list[Event]], then: str) -> None:
    """Ask for other events; where they are refused, the form stays as it was typed."""
    before = session.now()
    session.attempt(lambda: session.ask(before.with_events(map(event_words, change(_known())))))
    if session.now() != before:
        st.session_state[WHICH] = then
        st.session_state.pop(FILLED, None)


def _typed() -> Event:
    size = typed_effect(*(st.session_state[f"event.{part}"] for part in PARTS))
    rest = (st.session_state[f"event.{key}"] for key in ("on", "fades"))
    return Event(st.session_state["event.name"], st.session_state["event.month"], size, *rest)
