"""Draws of one world: demand, load and every resource but GPUs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats
from capacity.fleet.sizing import Traffic
from capacity.load.demand import Demand, demand
from capacity.load.resources import Draws, load, machines, network, storage
from capacity.market.hardware import Architecture
from capacity.money.bill import billed_storage
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario
from capacity.serving.replica import TokenLengths
from capacity.serving.transformer import count_parameters
from forecast.shipped.datasets import profile


@dataclass(frozen=True)
class World:
    """Draws that do not depend on the choice of hardware.

    Parameters
    ----------
    scenario : Scenario
        The world we do not control.
    policy : Policy
        What we do control.
    seed : int
        The user's seed. [1]
    x : mapping of str to numpy.ndarray, shape (draws, 1)
        Draws of the uncertain inputs, each in its unit.
    wanted : Demand
        Users and queries per day.
    resources : mapping of str to numpy.ndarray, shape (draws, months)
        Load, storage, network, databases and hosts, each in its metric's unit.
    traffic : Traffic
        The load as the serving tier meets it.
    """

    scenario: Scenario
    policy: Policy
    seed: int
    x: Mapping[str, Floats]
    wanted: Demand
    resources: Mapping[str, Floats]
    traffic: Traffic


def draw_world(
    scenario: Scenario, policy: Policy, architecture: Architecture, *, seed: int, draws: int
) -> World:
    """Draw demand and resources of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Histories, growth, inputs.
    policy : Policy
        Copies, retention and traffic between zones and regions.
    architecture : Architecture
        Model that serves, whose checkpoints are stored.
    seed : int
        The user's seed. [1]
    draws : int
        Number of joint draws. [1]

    Returns
    -------
    World
        The same draws in every part.

    Raises
    ------
    ValueError
        If the scenario names an unknown model.
    """
    x = scenario.draw(draws, seed)
    wanted = demand(scenario, x, draws, seed)
    rates = load(wanted.users, wanted.queries, x, profile(scenario.profile))
    parameters = count_parameters(architecture).total
    stored = _stored(wanted, x, policy, parameters)
    resources = {
        **rates,
        **stored,
        **billed_storage(stored, policy),
        **network(rates, x, policy, parameters),
        **machines(rates["peak_rate"], x, policy),
    }
    prompt = np.maximum(1.0, x["prompt_tokens"])
    reply = np.maximum(1.0, x["reply_tokens"])
    traffic = Traffic(
        rate=rates["peak_rate"],
        lengths=TokenLengths(prompt, prompt * x["cached_share"], reply),
        speed=x["serving_error"] * x["engine_maturity"],
        variability=(x["arrival_variability"] + x["reply_variability"]) / 2.0,
    )
    return World(scenario, policy, seed, x, wanted, resources, traffic)


def _stored(wanted: Demand, x: Draws, policy: Policy, parameters: float) -> dict[str, Floats]:
    """Stores in the months of the plan, filled since the first reported month. [PB]"""
    since = np.concatenate((wanted.earlier, wanted.queries), axis=1)
    months = wanted.queries.shape[1]
    stored = storage(since, x, policy, parameters)
    return {name: values[:, -months:] for name, values in stored.items()}
