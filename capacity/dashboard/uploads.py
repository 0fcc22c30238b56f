"""Files of a visitor: bounded, read as data only, checked like those of the command line."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from capacity.dashboard.outage_setting import incident_from_text
from capacity.dashboard.setting import Setting, own_setting, scenario_from_text
from capacity.outage.incident import Incident
from capacity.report.saved import PLAN, SCENARIO, read_saved
from capacity.scenarios.scenario import Scenario
from forecast.history import History, HistoryKind

MAX_MB = 1
MAX_BYTES = 1_000_000
MAX_PLAN_BYTES = 5_000_000
OWN_NAME = "own-history"
UNITS = {"users": "users", "queries": "queries/day"}


def scenario_of(name: str, content: bytes) -> Scenario:
    """Scenario of an uploaded TOML file.

    Parameters
    ----------
    name : str
        Name of the file, for messages only.
    content : bytes
        At most 1 MB.

    Returns
    -------
    Scenario
        Checked.

    Raises
    ------
    ValueError
        With one line per fault.
    """
    return scenario_from_text(_text(name, content))


def incident_of(name: str, content: bytes) -> Incident:
    """Incident of an uploaded TOML file.

    Parameters
    ----------
    name : str
        Name of the file, for messages only.
    content : bytes
        At most 1 MB.

    Returns
    -------
    Incident
        Checked.

    Raises
    ------
    ValueError
        With one line per fault.
    """
    return incident_from_text(_text(name, content))


def folder_of(plan: bytes, scenario: bytes) -> Setting:
    """Setting of the two files of a folder that `fleetcast plan --out` wrote.

    Parameters
    ----------
    plan, scenario : bytes
        Contents of ``plan.json`` and ``scenario.toml``.

    Returns
    -------
    Setting
        With the policy, draws and seed of the folder.

    Raises
    ------
    ValueError
        If one of them cannot be read.
    """
    _bounded(PLAN, plan, MAX_PLAN_BYTES)
    scenario_of(SCENARIO, scenario)  # refuses what names files of the server
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / PLAN).write_bytes(plan)
        (folder / SCENARIO).write_bytes(scenario)
        saved = read_saved(folder)
    standard = type(saved.policy)()
    levers = {
        key: value for key, value in vars(saved.policy).items() if value != vars(standard)[key]
    }
    like = Setting(draws=saved.draws, seed=saved.seed)
    return own_setting(replace(saved.scenario, levers=levers), like)


def history_of(content: bytes, series: str, kind: HistoryKind) -> History:
    """History of an uploaded CSV file.

    Parameters
    ----------
    content : bytes
        At most 1 MB, with the header ``date,value``.
    series : str
        ``"users"`` or ``"queries"``; the name of the file plays no part.
    kind : {"cumulative", "active", "flow"}
        What is counted.

    Returns
    -------
    History
        Checked.

    Raises
    ------
    ValueError
        With one line per fault, naming its line in the file.
    """
    file = f"{series}.csv"
    _bounded(file, content, MAX_BYTES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, file)
        path.write_bytes(content)
        try:
            unit, source = UNITS[series], f"uploaded {file}"
            return History.from_csv(path, name=series, kind=kind, unit=unit, source=source)
        except ValueError as error:
            raise ValueError(str(error).replace(str(path), file)) from error


def with_histories(scenario: Scenario, users: History | None, queries: History | None) -> Scenario:
    """Scenario that rests on other histories and looks as far ahead as before.

    Parameters
    ----------
    scenario : Scenario
        Everything else.
    users, queries : History or None
        New histories; None keeps the one there is.

    Returns
    -------
    Scenario
        From the first month that both histories cover, with their names.

    Raises
    ------
    ValueError
        If the two do not go together.
    """
    ahead = np.datetime64(scenario.end, "M") - scenario.queries.origin
    users, queries = users or scenario.users, queries or scenario.queries
    return replace(
        scenario,
        name=OWN_NAME,
        users=users,
        queries=queries,
        start=str(max(users.months[0], queries.months[0])),
        end=str(queries.origin + ahead),
        cross_checks=(),
    )


def _text(name: str, content: bytes) -> str:
    _bounded(name, content, MAX_BYTES)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{_plain(name)}: must be UTF-8 text ({error.reason})") from error


def _bounded(name: str, content: bytes, most: int) -> None:
    if len(content) > most:
        raise ValueError(f"{_plain(name)}: larger than {most / 1e6:g} MB")


def _plain(name: str) -> str:
    """File name without anything that could be markup or a path."""
    return "".join(sign for sign in name[-64:] if sign.isalnum() or sign in " ._-") or "file"
