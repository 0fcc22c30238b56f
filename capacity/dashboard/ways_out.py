"""Ways out of a setting without a plan: the nearest changes of one lever that lead to one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from capacity.dashboard.outage_setting import OutageSetting
from capacity.dashboard.setting import FEWEST_DRAWS, Setting
from capacity.market.catalogue import shipped_catalogue
from capacity.outcome import CapacityPlan, Infeasible
from capacity.outlook import Outlook
from capacity.planning import outlook, plan_in, world_of
from capacity.policy import LEVERS, Policy
from capacity.world import World

MOST_KEPT = 2  # plans: what is shown, and what it is told against
STEPS = 6  # values tried between a number and its bound
NAMED = re.compile(r"(\w+)=([\w.]+)(?: or ([\w.]+))?")


def outcome(setting: Setting) -> CapacityPlan | Infeasible:
    """Plan that a setting asks for; the last ones are kept with their draws.

    Parameters
    ----------
    setting : Setting
        Any setting.

    Returns
    -------
    CapacityPlan or Infeasible
        As `capacity.plan` gives it.
    """
    return _kept(_undecided(setting))


def planned(setting: Setting) -> CapacityPlan:
    """The plan of a setting, which a question is about.

    Parameters
    ----------
    setting : Setting
        Any setting.

    Returns
    -------
    CapacityPlan
        With its draws.

    Raises
    ------
    ValueError
        If there is no plan.
    """
    found = outcome(setting)
    if isinstance(found, Infeasible):
        raise ValueError(f"no plan: {found.reason}")  # noqa: TRY004  not a matter of types
    return found


def demand_of(setting: Setting) -> Outlook:
    """Demand of a setting, in the draws from which its plan is then made.

    Parameters
    ----------
    setting : Setting
        Any setting.

    Returns
    -------
    Outlook
        Whether there is a plan or not.
    """
    return outlook(_drawn(_undecided(setting)))


def _undecided(setting: Setting) -> Setting:
    """The same without what decides no plan."""
    return replace(setting, buying=(), today="", held=None, outage=OutageSetting())


@lru_cache(maxsize=MOST_KEPT)
def _kept(setting: Setting) -> CapacityPlan | Infeasible:
    return plan_in(_drawn(setting))


@lru_cache(maxsize=1)  # its arrays are those of the plan
def _drawn(setting: Setting) -> World:
    return world_of(setting.portable, setting.policy, seed=setting.seed, draws=setting.draws)


def ways_out(setting: Setting, remedies: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Changes of one lever under which there is a plan, each tried out with few draws.

    Parameters
    ----------
    setting : Setting
        Without a plan.
    remedies : tuple of str
        As `Infeasible` names them; the levers in them are tried.

    Returns
    -------
    tuple of (str, str)
        Lever and the nearest value that leads to a plan, one a lever.
    """
    few = replace(setting, draws=FEWEST_DRAWS)
    nearest: dict[str, str] = {}
    for remedy in remedies:
        for lever, value in candidates(remedy, setting.policy):
            if lever not in nearest and _leads_to_a_plan(few.with_lever(lever, value)):
                nearest[lever] = value
    return tuple(nearest.items())


def candidates(remedy: str, policy: Policy) -> Iterator[tuple[str, str]]:
    """Values worth trying that a remedy speaks of, the nearest first.

    Parameters
    ----------
    remedy : str
        One sentence.
    policy : Policy
        What was asked for.

    Yields
    ------
    (str, str)
        Lever and value.

    Examples
    --------
    >>> list(candidates("two regions: --policy regions=2", Policy()))
    [('regions', '2')]
    >>> list(candidates("a target of at most 0.99941", Policy()))
    [('availability', '0.99941')]
    """
    if remedy.startswith("a target of at most "):
        yield "availability", remedy.rpartition(" ")[2]
    given = [match for match in NAMED.findall(remedy) if match[0] in LEVERS]
    for lever, *values in given:
        yield from ((lever, value) for value in values if value)
    told = set(re.findall(r"\w+", remedy)) - {match[0] for match in given}
    for lever in (name for name in LEVERS if name in told):
        yield from ((lever, value) for value in _others(lever, policy))


def _others(lever: str, policy: Policy) -> list[str]:
    """Other words, or numbers from the one asked for up to its bound."""
    here = getattr(policy, lever)
    if isinstance(here, str):
        providers = {node.provider for node in shipped_catalogue().instances.values()}
        words = LEVERS[lever].choices or tuple(sorted(providers) * (lever == "provider"))
        return [word for word in words if word != here]
    factor = (LEVERS[lever].maximum / here) ** (1.0 / STEPS)
    return [f"{here * factor**step:.2g}" for step in range(1, STEPS + 1)]


def _leads_to_a_plan(setting: Setting) -> bool:
    try:
        return isinstance(outcome(setting.check()), CapacityPlan)
    except ValueError:  # such as a node type that another provider does not have
        return False
