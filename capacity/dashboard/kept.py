"""Results kept by content: what was asked once is not computed again, for any visitor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from capacity.auditing import Finding
from capacity.dashboard import questions, results
from capacity.dashboard.questions import Advice, Compared, Matters, Money
from capacity.dashboard.results import Redundancy, Refused, Shown
from capacity.dashboard.setting import Setting
from capacity.scenario_file import dump_scenario
from capacity.tornado import Told

MOST_RESULTS, MOST_COMPARISONS = 64, 16
Key = tuple[str, str, int, int]
Found = TypeVar("Found")


def result(setting: Setting) -> Shown | Refused:
    """What the pages show of a setting.

    Parameters
    ----------
    setting : Setting
        Checked.

    Returns
    -------
    Shown or Refused
        Kept for whoever asks the same.

    Raises
    ------
    ValueError
        If the plan cannot be computed, such as for a node type that the provider does not have.
    """
    return _result(_key(setting), setting)


def findings(setting: Setting) -> tuple[Finding, ...]:
    """Audit of the reported case.

    Parameters
    ----------
    setting : Setting
        Whose draws and seed to take.

    Returns
    -------
    tuple of Finding
        In the order of the claims.
    """
    return _findings(setting.draws, setting.seed, setting)


def redundancy(setting: Setting) -> Redundancy:
    """Cheapest redundancy for the target of a setting.

    Parameters
    ----------
    setting : Setting
        Checked.

    Returns
    -------
    Redundancy
        Kept for whoever asks the same.
    """
    return _redundancy(_key(setting), setting)


def advice(setting: Setting) -> Advice:
    """What to order under uncertainty.

    Parameters
    ----------
    setting : Setting
        Checked.

    Returns
    -------
    Advice
        Kept for whoever asks the same.

    Raises
    ------
    ValueError
        If there is no plan, or nothing left to decide.
    """
    return _advice(_key(setting), setting)


def money(setting: Setting, budget: float | None) -> Money:
    """Unit costs, renting against reserving, runway of a budget.

    Parameters
    ----------
    setting : Setting
        Checked.
    budget : float, optional
        For the months ahead. [USD]

    Returns
    -------
    Money
        Kept for whoever asks the same.

    Raises
    ------
    ValueError
        If there is no plan, or the budget is not above 0.
    """
    return _money(_key(setting), budget, setting)


def matters(setting: Setting, metric: str) -> Matters:
    """Whose uncertainty the uncertainty of a figure is.

    Parameters
    ----------
    setting : Setting
        Checked.
    metric : str
        The figure.

    Returns
    -------
    Matters
        Kept for whoever asks the same.

    Raises
    ------
    ValueError
        If there is no plan, or its draws are too few.
    """
    return _matters(_key(setting), metric, setting)


def compared(named: dict[str, Setting]) -> Compared:
    """What changes from one setting to others, in common draws.

    Parameters
    ----------
    named : dict of str to Setting
        Checked, the base first.

    Returns
    -------
    Compared
        Kept for whoever asks the same under the same names.

    Raises
    ------
    ValueError
        If the base has no plan, or the plans share no month.
    """
    return _compared(tuple((name, _key(setting)) for name, setting in named.items()), named)


def _key(setting: Setting) -> Key:
    """Content that decides a plan: scenario, policy, draws and seed."""
    return dump_scenario(setting.scenario), repr(setting.policy), setting.draws, setting.seed


@st.cache_data(max_entries=MOST_RESULTS, show_spinner="Planning ...")
def _result(key: Key, _setting: Setting) -> Shown | Refused:
    del key
    return results.result(_setting)


@st.cache_data(max_entries=MOST_RESULTS, show_spinner="Looking for the cheapest redundancy ...")
def _redundancy(key: Key, _setting: Setting) -> Redundancy:
    del key
    return results.redundancy(_setting)


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner=False)
def _advice(key: Key, _setting: Setting) -> Advice:
    del key
    return _telling("Deciding", lambda told: questions.advice(_setting, told))


@st.cache_data(max_entries=MOST_RESULTS, show_spinner="Dividing the bill ...")
def _money(key: Key, budget: float | None, _setting: Setting) -> Money:
    del key
    return questions.money(_setting, budget)


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner=False)
def _matters(key: Key, metric: str, _setting: Setting) -> Matters:
    del key
    title = "Planning with one input at either end"
    return _telling(title, lambda told: questions.matters(_setting, metric, told))


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner="Comparing in common draws ...")
def _compared(keys: tuple[tuple[str, Key], ...], _named: dict[str, Setting]) -> Compared:
    del keys
    return questions.compared(_named)


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner="Judging the claims ...")
def _findings(draws: int, seed: int, _setting: Setting) -> tuple[Finding, ...]:
    del draws, seed
    return results.findings(_setting)


def _telling(title: str, work: Callable[[Told], Found]) -> Found:
    """Result of a longer calculation, which tells meanwhile what it does."""
    place = st.empty()

    def told(line: str) -> None:
        place.text(f"{title} ... {line}")

    told("")
    found = work(told)
    place.empty()
    return found
