"""Results kept by content: what was asked once is not computed again, for any visitor."""

from __future__ import annotations

import streamlit as st

from capacity.auditing import Finding
from capacity.comparison import Difference
from capacity.dashboard import results
from capacity.dashboard.results import Redundancy, Refused, Shown
from capacity.dashboard.setting import Setting
from capacity.scenario_file import dump_scenario

MOST_RESULTS, MOST_COMPARISONS = 64, 16
Key = tuple[str, str, int, int]


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


def differences(base: Setting, other: Setting) -> tuple[Difference, ...]:
    """What changes from one setting to another, in common draws.

    Parameters
    ----------
    base, other : Setting
        Checked.

    Returns
    -------
    tuple of Difference
        By month, then by metric.

    Raises
    ------
    ValueError
        If one of them has no plan, or they share no month.
    """
    return _differences((_key(base), _key(other)), base, other)


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


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner="Comparing in common draws ...")
def _differences(keys: tuple[Key, Key], _base: Setting, _other: Setting) -> tuple[Difference, ...]:
    del keys
    return results.differences(_base, _other)


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner="Judging the claims ...")
def _findings(draws: int, seed: int, _setting: Setting) -> tuple[Finding, ...]:
    del draws, seed
    return results.findings(_setting)
