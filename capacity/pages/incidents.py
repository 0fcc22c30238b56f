"""Page 5: an outage replayed, with countermeasures switched on and off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Any

import streamlit as st

from capacity.dashboard import kept_outage, session, uploads
from capacity.dashboard.display import chart, fact, table, titled
from capacity.dashboard.outage_setting import most_draws, own_outage
from capacity.outage.countermeasures import COUNTERMEASURES, KEEP
from capacity.outage.events import events
from capacity.outage.file import presets
from capacity.outage.incident import PARAMETERS
from capacity.outage.study import LEAST_DRAWS, Outage
from capacity.report.cells import escaped
from capacity.report.outage_charts import ranking, story_charts
from capacity.report.outage_pdf import KINDS, LIMITS
from capacity.report.outage_text import HEAD, key_figures, row

PRESET, OPENED, DRAWS = "incidents.preset", "incidents.opened", "incidents.draws"
OWN = "own incident"
SERIES = ("goodput", "temperatures", "backlog", "nodes")
WIDE, BESIDE = 3, 2
FILES = {
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
    "toml": "application/toml",
}


def show() -> None:
    """Show the page."""
    titled("Outage lab", "An outage replayed minute by minute, and what would have helped.")
    _incident()
    _switches()
    shown = kept_outage.story(session.now())
    _figures(shown)
    _story(shown)
    _ranking()
    with st.expander("Parameters and limits"):
        _parameters(shown)


def _incident() -> None:
    """What is replayed: a preset, or a file of the planner's own."""
    asked = session.now().outage
    left, right = st.columns(BESIDE)
    st.session_state[PRESET] = OWN if asked.text else asked.preset
    names = [*presets(), *([OWN] if asked.text else [])]
    left.selectbox("Incident", names, key=PRESET, on_change=_preset_chosen)
    with right.expander("Open an own incident"):
        st.file_uploader(
            "A TOML file; what it does not say is taken from the preset that it names",
            type="toml",
            key=OPENED,
            max_upload_size=uploads.MAX_MB,
            on_change=_opened,
        )
    incident = asked.incident
    st.markdown(f"**{escaped(incident.title or incident.name)}**")
    st.caption(escaped(f"{KINDS.get(incident.kind, incident.kind)}. {incident.description}"))


def _preset_chosen() -> None:
    asked = session.now().outage
    if st.session_state[PRESET] != OWN:
        session.change_outage(replace(asked, preset=st.session_state[PRESET], text=""))


def _opened() -> None:
    file: Any = st.session_state[OPENED]
    if file is not None:
        session.attempt(lambda: _take(file))


def _take(file: Any) -> None:
    incident = uploads.incident_of(file.name, file.getvalue())
    session.change_outage(own_outage(incident, session.now().outage))


def _switches() -> None:
    """One switch for each countermeasure."""
    with st.container(border=True):
        places: list[Any] = []
        for name, known in COUNTERMEASURES.items():
            places = places or st.columns(WIDE)
            _switch(places.pop(0), name, known.title, known.meaning)
        kept = "keeps the order to take everything offline, where a countermeasure would lift it"
        _switch((places or st.columns(WIDE))[0], KEEP, "taken offline all the same", kept)


def _switch(place: Any, name: str, title: str, meaning: str) -> None:
    key = f"incidents.with.{name}"
    st.session_state[key] = name in session.now().outage.names
    place.toggle(title, key=key, help=f"{meaning} ({name})", on_change=_switched, args=(name,))


def _switched(name: str) -> None:
    on = st.session_state[f"incidents.with.{name}"]
    session.change_outage(session.now().outage.switched(name, on=on))


def _figures(shown: Outage) -> None:
    """Figures of the replay with what is switched on, beside those as it was."""
    told, chosen = key_figures(shown.told), key_figures(shown.chosen)
    places: list[Any] = []
    for title, value in chosen.items():
        places = places or st.columns(WIDE)
        note = f"as it was: {told[title]}" if shown.names else "as it was"
        fact(places.pop(0), title.capitalize(), value, note)


def _story(shown: Outage) -> None:
    """Charts and events: as it was on the left, with what is switched on at the right."""
    drawn = story_charts(shown)
    rows: Sequence[tuple[str, ...]] = [
        (name, f"{name}_with") if shown.names else (name,) for name in SERIES
    ]
    for names in rows:
        for place, name in zip(st.columns(len(names)), names, strict=True):
            with place:
                chart(drawn[name], f"incidents.{name}")
    columns = {"minute": lambda item: f"{item.minute:.1f}", "what happens": lambda item: item.words}
    both = [("As it was", shown.told), ("With what is switched on", shown.chosen)]
    told = both if shown.names else both[:1]
    for place, (title, found) in zip(st.columns(len(told)), told, strict=True):
        with place:
            st.markdown(f"**{title}**")
            table(events(found), columns, f"Events: {title}", whole=True)


@st.fragment
def _ranking() -> None:
    """Effect of every countermeasure over parameter draws; the rest of the page is there first."""
    st.subheader("What would have helped")
    asked = session.now().outage
    st.session_state[DRAWS] = asked.draws
    st.number_input(
        "Parameter draws",
        min_value=LEAST_DRAWS,
        max_value=most_draws(asked.incident),
        key=DRAWS,
        help="every countermeasure is replayed in the same draws of all parameters",
        on_change=_draws_changed,
    )
    session.write_link()
    _files()
    bar = st.progress(0, "Replaying every countermeasure ...")
    found = kept_outage.effects(session.now(), bar.progress)
    bar.empty()
    chart(ranking(replace(kept_outage.story(session.now()), effects=found)), "incidents.ranking")
    columns = {title: itemgetter(place) for place, title in enumerate(HEAD)}
    table(map(row, found), columns, "Countermeasures from the best to the worst", whole=True)
    st.caption(
        "Middle of the draws, 5 to 95 % in brackets; ranked by the mean of the requests saved, "
        "with the 90 % interval of the rank."
    )


def _draws_changed() -> None:
    session.change_outage(replace(session.now().outage, draws=st.session_state[DRAWS]))


def _files() -> None:
    setting = session.now()
    with st.expander("Download what is shown"):
        for place, (kind, mime) in zip(st.columns(len(FILES)), FILES.items(), strict=True):
            place.download_button(
                kind.upper(),
                data=partial(kept_outage.export, setting, kind),
                file_name=f"{setting.outage.incident.name}.{kind}",
                mime=mime,
                key=f"incidents.{kind}",
                on_click="ignore",
                width="stretch",
            )
        st.code(kept_outage.command(setting), language=None, wrap_lines=True)


def _parameters(shown: Outage) -> None:
    incident = shown.incident
    columns = {
        "parameter": lambda name: PARAMETERS[name].meaning,
        "low": lambda name: f"{incident.parameters[name].low:g}",
        "mid": lambda name: f"{incident.parameters[name].mid:g}",
        "high": lambda name: f"{incident.parameters[name].high:g}",
        "unit": lambda name: PARAMETERS[name].unit,
        "basis": lambda name: incident.evidence[name].basis,
        "source": lambda name: incident.evidence[name].source,
    }
    table(PARAMETERS, columns, "Parameters of the incident", whole=True)
    for limit in LIMITS:
        st.caption(escaped(limit))


if __name__ == "__main__":
    show()
