"""Results kept by content: what was asked once is not computed again, for any visitor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from capacity.auditing import Finding
from capacity.dashboard import asked, questions, results
from capacity.dashboard.asked import Asked
from capacity.dashboard.questions import Advice, Compared, Matters, Money
from capacity.dashboard.results import Ahead, Redundancy, Refused, Shown
from capacity.dashboard.setting import Setting
from capacity.dashboard.ways_out import outcome
from capacity.outcome import CapacityPlan
from capacity.questions.tornado import Told
from capacity.report.sources import InputRow, inputs

Hashing = dict[str | type[Any], Callable[[Any], Any]]
MOST_RESULTS, MOST_COMPARISONS = 64, 16
BY_CONTENT: Hashing = {Setting: lambda setting: setting.content}  # not by the way that led to it
BY_PURCHASE: Hashing = {
    Setting: lambda setting: (setting.content, repr(setting.assumed), setting.today, setting.held)
}
Found = TypeVar("Found")


@st.cache_data(max_entries=MOST_RESULTS, show_spinner=False, hash_funcs=BY_CONTENT)
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
    return results.result(setting)


@st.cache_data(max_entries=MOST_RESULTS, show_spinner=False, hash_funcs=BY_CONTENT)
def ahead(setting: Setting) -> Ahead:
    """Demand of a setting, whether there is a plan or not.

    Parameters
    ----------
    setting : Setting
        Checked.

    Returns
    -------
    Ahead
        Kept for whoever asks the same.

    Raises
    ------
    ValueError
        If the scenario names an unknown model or profile.
    """
    return results.ahead(setting)


@st.cache_data(max_entries=MOST_RESULTS, show_spinner=False, hash_funcs=BY_CONTENT)
def assumptions(setting: Setting) -> list[InputRow]:
    """Uncertain inputs of a plan, with what each moves.

    Parameters
    ----------
    setting : Setting
        Checked.

    Returns
    -------
    list of InputRow
        The most important first; empty without a plan. Kept for whoever asks the same.
    """
    found = outcome(setting)
    return inputs(found) if isinstance(found, CapacityPlan) else []


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner="Judging the claims ...")
def findings(draws: int, seed: int) -> tuple[Finding, ...]:
    """Audit of the reported case.

    Parameters
    ----------
    draws, seed : int
        Of the joint draws. [1]

    Returns
    -------
    tuple of Finding
        In the order of the claims.
    """
    return results.findings(draws, seed)


@st.cache_data(
    max_entries=MOST_RESULTS,
    show_spinner="Looking for the cheapest redundancy ...",
    hash_funcs=BY_CONTENT,
)
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
    return results.redundancy(setting)


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner=False, hash_funcs=BY_PURCHASE)
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
    return _telling("Deciding", lambda told: questions.advice(setting, told))


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner=False, hash_funcs=BY_CONTENT)
def backtested(setting: Setting) -> tuple[str, ...]:
    """How the growth model would have done on the past of users and of queries.

    Parameters
    ----------
    setting : Setting
        Checked.

    Returns
    -------
    tuple of str
        Kept for whoever asks the same.
    """
    return _telling("Backtesting", lambda told: questions.backtested(setting, told))


@st.cache_data(
    max_entries=MOST_RESULTS, show_spinner="Dividing the bill ...", hash_funcs=BY_CONTENT
)
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
    return questions.money(setting, budget)


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner=False, hash_funcs=BY_CONTENT)
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
    title = "Planning with one input at either end"
    return _telling(title, lambda told: questions.matters(setting, metric, told))


@st.cache_data(
    max_entries=MOST_COMPARISONS,
    show_spinner="Comparing in common draws ...",
    hash_funcs=BY_CONTENT,
)
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
    return questions.compared(named)


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner=False, hash_funcs=BY_CONTENT)
def why(setting: Setting, metric: str, month: str) -> Asked:
    """Why a figure is what it is.

    Parameters
    ----------
    setting : Setting
        Checked.
    metric, month : str
        Which figure.

    Returns
    -------
    Asked
        Kept for whoever asks the same.
    """
    return asked.why(setting, metric, month)


@st.cache_data(max_entries=MOST_COMPARISONS, show_spinner=False, hash_funcs=BY_CONTENT)
def backwards(setting: Setting, goal: str, vary: str) -> Asked:
    """The value of an input at which an output reaches a goal.

    Parameters
    ----------
    setting : Setting
        Checked.
    goal, vary : str
        As after ``fleetcast solve``.

    Returns
    -------
    Asked
        Kept for whoever asks the same.
    """
    return _telling("Planning", lambda told: asked.backwards(setting, goal, vary, told))


def _telling(title: str, work: Callable[[Told], Found]) -> Found:
    """Result of a longer calculation, which tells meanwhile what it does."""
    place = st.empty()

    def told(line: str) -> None:
        place.text(f"{title} ... {line}")

    told("")
    found = work(told)
    place.empty()
    return found
