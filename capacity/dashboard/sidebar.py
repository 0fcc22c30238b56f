"""The sidebar: scenario, draws, seed; undo, reset, save; open and download."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from capacity.dashboard import session, uploads
from capacity.dashboard.results import export
from capacity.dashboard.setting import FEWEST_DRAWS, MOST_DRAWS, OWN, own_setting
from capacity.report.cells import escaped
from capacity.report.saved import PLAN, SCENARIO
from capacity.scenarios.file import shipped

SCENARIO_KEY, DRAWS_KEY, SEED_KEY = "sidebar.scenario", "sidebar.draws", "sidebar.seed"
OPENED, NAMED = "sidebar.opened", "sidebar.name"
MOST_SEED = 999_999_999
KINDS = {
    "pdf": ("PDF", "application/pdf"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("CSV", "text/csv"),
    "json": ("JSON", "application/json"),
    "toml": ("TOML", "application/toml"),
}


def sidebar() -> None:
    """Draw the sidebar."""
    with st.sidebar:
        _scenario()
        _run()
        _steps()
        _save()
        _download()
        _open()
        if not session.fits_a_link():
            st.caption("This is too long for a link; download it as TOML to share it.")


def _scenario() -> None:
    now = session.now()
    names = [*shipped(), *([OWN] if now.base == OWN else [])]
    st.session_state[SCENARIO_KEY] = now.base
    st.selectbox(
        "Scenario",
        names,
        key=SCENARIO_KEY,
        format_func=lambda name: now.origin.name if name == OWN else name,
        on_change=_scenario_chosen,
    )
    with st.expander("About this scenario"):
        st.text(now.origin.description or "No description.")


def _scenario_chosen() -> None:
    name = st.session_state[SCENARIO_KEY]
    if name != session.now().base:
        session.ask(replace(session.now().unchanged, base=name, text=""))


def _run() -> None:
    now = session.now()
    st.session_state[DRAWS_KEY], st.session_state[SEED_KEY] = now.draws, now.seed
    left, right = st.columns(2)
    left.number_input(
        "Draws",
        min_value=FEWEST_DRAWS,
        max_value=MOST_DRAWS,
        step=FEWEST_DRAWS,
        key=DRAWS_KEY,
        help="joint draws; more of them are slower and move less with the seed",
        on_change=_run_changed,
    )
    right.number_input(
        "Seed",
        min_value=0,
        max_value=MOST_SEED,
        step=1,
        key=SEED_KEY,
        help="of all draws; the same seed gives the same plan",
        on_change=_run_changed,
    )


def _run_changed() -> None:
    draws, seed = st.session_state[DRAWS_KEY], st.session_state[SEED_KEY]
    session.ask(replace(session.now(), draws=draws, seed=seed))


def _steps() -> None:
    left, right = st.columns(2)
    left.button("Undo", width="stretch", disabled=not session.can_undo(), on_click=session.undo)
    right.button("Reset", width="stretch", on_click=session.reset)
    now = session.now()
    told = now.told
    place = st.container()  # always there: the parts below would close if they moved
    if told:
        with place.expander(f"{len(told)} changed"):
            for words in told:
                st.text(words)


def _save() -> None:
    with st.expander("Save for comparison"):
        st.text_input("Name", key=NAMED, max_chars=40)
        st.button("Save", on_click=_saved, width="stretch")
        for name in session.saved():
            left, right = st.columns((3, 1))
            left.button(name, key=f"load.{name}", on_click=_loaded, args=(name,), width="stretch")
            right.button(
                "",
                icon=":material/delete:",
                key=f"forget.{name}",
                help=f"forget {escaped(name)}",
                on_click=session.forget,
                args=(name,),
            )


def _saved() -> None:
    session.attempt(lambda: session.save(st.session_state[NAMED]))


def _loaded(name: str) -> None:
    session.ask(session.saved()[name])


def _download() -> None:
    setting = session.now()
    with st.expander("Download what is shown"):
        for kind, (title, mime) in KINDS.items():
            st.download_button(
                title,
                data=partial(export, setting, kind),
                file_name=f"{setting.scenario.name}.{kind}",
                mime=mime,
                key=f"download.{kind}",
                on_click="ignore",
                width="stretch",
            )


def _open() -> None:
    with st.expander("Open a scenario"):
        st.file_uploader(
            f"A TOML file, or {PLAN} and {SCENARIO} of a plan folder",
            type=["toml", "json"],
            accept_multiple_files=True,
            max_upload_size=uploads.MAX_MB,
            key=OPENED,
            on_change=_opened,
        )


def _opened() -> None:
    files: list[Any] = st.session_state[OPENED]
    if files:
        session.attempt(lambda: _take(files))


def _take(files: list[Any]) -> None:
    contents = {file.name: file.getvalue() for file in files}
    if set(contents) == {PLAN, SCENARIO}:
        opened = uploads.folder_of(contents[PLAN], contents[SCENARIO])
        session.ask(replace(opened, outage=session.now().outage))
    elif len(contents) == 1:
        (name,) = contents
        session.ask(own_setting(uploads.scenario_of(name, contents[name]), session.now()))
    elif set(contents) != {PLAN} and len(contents) > 1:
        raise ValueError(f"give one TOML file, or {PLAN} and {SCENARIO} of one plan folder")
