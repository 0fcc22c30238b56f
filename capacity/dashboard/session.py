"""The state of one visitor: what is asked now, what was asked before, what was put aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from capacity.dashboard.links import LONGEST_LINK, last, nested, unnested
from capacity.dashboard.outage_setting import OutageSetting
from capacity.dashboard.setting import DRAWS, SEED, Setting
from forecast.messages import label

NOW, PAST, SAVED, BASELINE, MESSAGE = "now", "past", "saved", "baseline", "message"
MOST_PAST, MOST_SAVED = 50, 4
LINKED = (
    "scenario", "own", "set", "policy", "buying", "event", "today", "held", "draws", "seed",
    "outage", "incident", "with", "outage_draws", "saved", "baseline",
)  # fmt: skip


def begin() -> None:
    """Take the setting from the link when a visit begins; a wrong link is said and left aside."""
    if NOW in st.session_state:
        return
    setting, aside, before = Setting(), {}, None
    try:
        query = {key: st.query_params.get_all(key) for key in LINKED}
        setting, aside, before = Setting.from_query(query), _aside(query), _before(query)
    except ValueError as error:
        say_wrong(f"This link cannot be followed; the reported case is shown.\n{error}")
    st.session_state[NOW] = setting
    st.session_state[PAST] = ()
    st.session_state[SAVED] = aside
    st.session_state[BASELINE] = before or setting.unchanged


def link() -> dict[str, list[str]]:
    """Parameters of a link to the view: setting, what is put aside, what changes are told against.

    Returns
    -------
    dict of str to list of str
        Without what is put aside where all of it would be too long.
    """
    wanted, aside = (
        now().to_query(),
        [nested(name, setting.to_query()) for name, setting in saved().items()],
    )
    if 0 < len("".join(aside)) <= LONGEST_LINK:
        wanted["saved"] = aside
    if baseline() != now().unchanged:
        wanted["baseline"] = [nested("", baseline().to_query())]
    return wanted


def fits_a_link() -> bool:
    """Whether a link carries everything.

    Returns
    -------
    bool
        False where an own file or what is put aside is too long.
    """
    everything = [now(), *saved().values()]
    left = saved() and "saved" not in link()
    return not left and all(setting.fits_a_link for setting in everything)


def write_link() -> None:
    """Put the setting into the address, so that a link reproduces the view."""
    wanted, query = link(), st.query_params
    for key in [key for key in LINKED if key in query and key not in wanted]:
        del query[key]
    changed = {key: value for key, value in wanted.items() if query.get_all(key) != value}
    if changed:  # what a switch or a tab has put there itself stays
        query.update(changed)


def now() -> Setting:
    """Setting that is shown.

    Returns
    -------
    Setting
        Checked.
    """
    setting: Setting = st.session_state[NOW]
    return setting


def baseline() -> Setting:
    """Setting that changes are told against, with the draws of what is shown.

    Returns
    -------
    Setting
        Checked.
    """
    setting: Setting = st.session_state[BASELINE]
    return replace(setting, draws=now().draws, seed=now().seed, outage=now().outage)


def saved() -> dict[str, Setting]:
    """Settings put aside for comparison, by name.

    Returns
    -------
    dict of str to Setting
        At most four.
    """
    found: dict[str, Setting] = st.session_state[SAVED]
    return found


def ask(setting: Setting) -> None:
    """Show another setting; one that cannot be is said, and nothing changes.

    Parameters
    ----------
    setting : Setting
        Not yet checked.
    """
    attempt(lambda: _take(setting.check()))


def attempt(action: Callable[[], None]) -> None:
    """Do something that may be refused; a refusal is said, and nothing changes.

    Parameters
    ----------
    action : callable
        Raises ValueError or OSError where it is refused.
    """
    try:
        action()
    except (ValueError, OSError) as error:
        say_wrong(str(error))


def change(key: str, value: str) -> None:
    """Change one input or word of the scenario.

    Parameters
    ----------
    key, value : str
        As after ``--set``.
    """
    ask(now().with_change(key, value))


def move_lever(key: str, value: str) -> None:
    """Change one lever of the policy.

    Parameters
    ----------
    key, value : str
        As after ``--policy``.
    """
    ask(now().with_lever(key, value))


def assume(key: str, value: str) -> None:
    """Change one assumption of a purchase.

    Parameters
    ----------
    key, value : str
        As after ``--buying``.
    """
    ask(now().with_buying(key, value))


def change_outage(outage: OutageSetting) -> None:
    """Show another outage.

    Parameters
    ----------
    outage : OutageSetting
        Not yet checked.
    """
    attempt(lambda: ask(replace(now(), outage=outage.check())))


def undo() -> None:
    """Go back to what was asked before."""
    *before, last = st.session_state[PAST]
    st.session_state[PAST], st.session_state[NOW] = tuple(before), last


def reset() -> None:
    """Go back to the scenario as it was, with the first draws and seed."""
    outage = now().outage.unchanged
    _take(replace(now().unchanged, draws=DRAWS, seed=SEED, outage=outage))


def can_undo() -> bool:
    """Whether something was asked before.

    Returns
    -------
    bool
        True if there is.
    """
    return bool(st.session_state[PAST])


def save(name: str) -> None:
    """Put what is shown aside for comparison.

    Parameters
    ----------
    name : str
        What to call it; one of the same name is replaced.

    Raises
    ------
    ValueError
        If there is no name, or four are saved already.
    """
    kept, name = saved(), name.strip()
    if not name:
        raise ValueError("a saved scenario needs a name")
    if name not in kept and len(kept) >= MOST_SAVED:
        raise ValueError(f"{MOST_SAVED} scenarios are saved already; forget one first")
    st.session_state[SAVED] = {**kept, label(name): now()}


def forget(name: str) -> None:
    """Drop a saved setting.

    Parameters
    ----------
    name : str
        As it was saved.
    """
    st.session_state[SAVED] = {key: value for key, value in saved().items() if key != name}


def set_baseline() -> None:
    """Tell changes against what is shown now."""
    st.session_state[BASELINE] = now()


def say_wrong(text: str) -> None:
    """Keep a message for the top of the page.

    Parameters
    ----------
    text : str
        What is wrong and what is allowed.
    """
    st.session_state[MESSAGE] = text


def message() -> str:
    """Message for the top of the page, said once.

    Returns
    -------
    str
        Empty for none.
    """
    return str(st.session_state.pop(MESSAGE, ""))


def _aside(query: Mapping[str, Sequence[str]]) -> dict[str, Setting]:
    """Settings put aside that a link carries."""
    found = dict(map(unnested, query["saved"][:MOST_SAVED]))
    return {label(name): Setting.from_query(asked) for name, asked in found.items() if name}


def _before(query: Mapping[str, Sequence[str]]) -> Setting | None:
    """Baseline that a link carries."""
    text = last(query, "baseline", "")
    return Setting.from_query(unnested(text)[1]) if text else None


def _take(setting: Setting) -> None:
    if setting == now():
        return
    past = (*st.session_state[PAST], now())
    st.session_state[PAST] = past[-MOST_PAST:]
    if setting.base != now().base or setting.text != now().text:
        st.session_state[BASELINE] = setting.unchanged
    st.session_state[NOW] = setting
