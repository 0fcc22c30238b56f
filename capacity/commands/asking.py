"""What a command line asks for: scenario, policy and plan, or an early end without a plan."""

from __future__ import annotations

import argparse

from capacity.outcome import CapacityPlan, Infeasible
from capacity.planning import plan
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario
from capacity.scenarios.settings import asked_scenario, parse_pairs


class NoPlan(Exception):  # noqa: N818  an outcome that ends a command, not an error
    """No plan meets the policy; the text says why, and what would."""


def asked_case(arguments: argparse.Namespace) -> tuple[Scenario, Policy]:
    """Scenario and policy of a command line.

    Parameters
    ----------
    arguments : argparse.Namespace
        With the arguments of a scenario.

    Returns
    -------
    Scenario, Policy
        Changed as asked.

    Raises
    ------
    ValueError, FileNotFoundError
        If a file is missing or faulty, or a change is.
    """
    scenario = asked_scenario(arguments)
    return scenario, scenario.policy.change(parse_pairs(arguments.policy))


def asked_plan(arguments: argparse.Namespace) -> CapacityPlan:
    """Plan of the scenario and policy of a command line.

    Parameters
    ----------
    arguments : argparse.Namespace
        With the arguments of a scenario and of draws.

    Returns
    -------
    CapacityPlan
        The plan.

    Raises
    ------
    NoPlan
        If no plan meets the policy.
    ValueError, FileNotFoundError
        If a file is missing or faulty, or a change is.
    """
    scenario, policy = asked_case(arguments)
    return feasible(plan(scenario, policy, seed=arguments.seed, draws=arguments.draws))


def feasible(found: CapacityPlan | Infeasible) -> CapacityPlan:
    """Plan, or the end of the command.

    Parameters
    ----------
    found : CapacityPlan or Infeasible
        Outcome of planning.

    Returns
    -------
    CapacityPlan
        What was found.

    Raises
    ------
    NoPlan
        If there is none.
    """
    if isinstance(found, Infeasible):
        raise NoPlan(found.text)
    return found
