"""Replays kept by content, and an outage put together from them: as the command gives it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from capacity.dashboard.setting import Setting
from capacity.outage import study as outage
from capacity.outage.alerts import AlertOutcome, alert_outcomes
from capacity.outage.file import dump_incident
from capacity.outage.incident import Incident
from capacity.outage.replay import Replay
from capacity.outage.study import Effect, Outage, Totals, to_rank
from capacity.report.outage_json import outage_csv, outage_json
from capacity.report.outage_pdf import outage_pdf

MOST_REPLAYS, MOST_SAMPLES = 64, 256
Names = tuple[str, ...]


def story(setting: Setting) -> Outage:
    """Story and countermeasures at middle parameters, without the ranking and the alerts.

    Parameters
    ----------
    setting : Setting
        Checked.

    Returns
    -------
    Outage
        Without effects and alerts.
    """
    asked, told = setting.outage, _central(setting, ())
    chosen = _central(setting, asked.names) if asked.names else told
    return Outage(asked.incident, asked.names, told, chosen, (), (), asked.draws, setting.seed)


def effects(
    setting: Setting, progress: Callable[[float], object] = lambda done: None
) -> tuple[Effect, ...]:
    """Effect of every countermeasure over the parameter draws.

    Parameters
    ----------
    setting : Setting
        Checked.
    progress : callable
        Told the share that is done before each replay. [1]

    Returns
    -------
    tuple of Effect
        As `capacity.outage.study.study` gives them.

    Notes
    -----
    Each replay is kept on its own: a visitor who changes something meanwhile interrupts the
    ranking at the next call of `progress`, and it goes on from there.
    """
    todo, found = to_rank(setting.outage.names), {}
    for place, names in enumerate(todo):
        progress(place / len(todo))
        found[names] = _sampled(setting, names)
    return outage.effects(found, setting.seed)


def alerts(setting: Setting) -> tuple[AlertOutcome, ...]:
    """When each alert would have fired in the story, and what that would have saved.

    Parameters
    ----------
    setting : Setting
        Checked.

    Returns
    -------
    tuple of AlertOutcome
        As `capacity.outage.study.study` gives them.
    """
    asked = setting.outage
    return _kept_alerts((asked.preset, asked.text), setting.seed, asked.incident)


def export(setting: Setting, kind: str) -> bytes:
    """File of exactly what the outage lab shows.

    Parameters
    ----------
    setting : Setting
        What is shown.
    kind : str
        csv, json, pdf or toml.

    Returns
    -------
    bytes
        The file.
    """
    if kind == "toml":
        text = f"# {command(setting)}\n{dump_incident(setting.outage.incident)}"
        return text.encode()
    if kind == "csv":
        return outage_csv(story(setting)).encode()
    shown = replace(story(setting), effects=effects(setting), alerts=alerts(setting))
    return outage_pdf(shown) if kind == "pdf" else outage_json(shown).encode()


def command(setting: Setting) -> str:
    """Command that gives what the outage lab shows.

    Parameters
    ----------
    setting : Setting
        Any setting.

    Returns
    -------
    str
        For a shell, in the folder of the downloaded incident where it is an own one.
    """
    asked = setting.outage
    switched = [word for name in asked.names for word in ("--with", name)]
    numbers = ["--draws", str(asked.draws), "--seed", str(setting.seed)]
    name = f"{asked.incident.name}.toml" if asked.text else asked.preset
    return shlex.join(["fleetcast", "outage", name, *switched, *numbers])


def _central(setting: Setting, names: Names) -> Replay:
    asked = setting.outage
    return _kept_central((asked.preset, asked.text), names, setting.seed, asked.incident)


def _sampled(setting: Setting, names: Names) -> Totals:
    asked = setting.outage
    key = (asked.preset, asked.text)
    return _kept_sample(key, names, asked.draws, setting.seed, asked.incident)


@st.cache_resource(max_entries=MOST_REPLAYS, show_spinner=False)
def _kept_central(key: tuple[str, str], names: Names, seed: int, _incident: Incident) -> Replay:
    del key
    return outage.central(_incident, names, seed)


@st.cache_resource(max_entries=MOST_SAMPLES, show_spinner=False)
def _kept_sample(
    key: tuple[str, str], names: Names, draws: int, seed: int, _incident: Incident
) -> Totals:
    del key
    return outage.sampled(_incident, names, draws, seed)


@st.cache_resource(max_entries=MOST_REPLAYS, show_spinner=False)
def _kept_alerts(key: tuple[str, str], seed: int, _incident: Incident) -> tuple[AlertOutcome, ...]:
    told = _kept_central(key, (), seed, _incident)
    return alert_outcomes(told, outage.TARGET, seed)
