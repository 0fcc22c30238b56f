"""The same load on models of other sizes: what an unknown model size is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from capacity.fleet.choice import Market, choose
from capacity.fleet.redundancy_rule import redundancy_rule
from capacity.fleet.sizing import Traffic
from capacity.market.catalogue import shipped_catalogue
from capacity.outcome import CapacityPlan
from capacity.scenarios.scenario import Scenario
from capacity.serving.replica import TokenLengths


@dataclass(frozen=True)
class ModelSize:
    """Serving hardware for one model at the median load of the last month.

    Parameters
    ----------
    architecture : str
        Name of the model.
    parameters : float
        Its parameters. [1]
    option : str
        Cheapest hardware that meets every target; empty where none does.
    gpus : int
        Serving GPUs with all redundancy; 0 where none serves. [GPUs]
    usd_per_month : float
        Their price; 0 where none serves. [USD/month]
    reason : str
        Why none serves; empty where one does.
    """

    architecture: str
    parameters: float
    option: str
    gpus: int
    usd_per_month: float
    reason: str = ""


def model_sizes(plan: CapacityPlan) -> tuple[ModelSize, ...]:
    """Serving hardware for every model of the catalogue, smallest first.

    Parameters
    ----------
    plan : CapacityPlan
        Gives load, policy and months; every uncertain input is held at its middle value.

    Returns
    -------
    tuple of ModelSize
        One for each architecture.

    Examples
    --------
    >>> from capacity.planning import plan
    >>> found = model_sizes(plan(Scenario.load("reported-case"), draws=200))
    >>> found[0].parameters < found[-1].parameters
    True
    """
    rate = float(np.median(plan.draws["peak_rate"][:, -1]))
    traffic = _middle_traffic(plan.scenario, rate)
    names = shipped_catalogue().architectures
    sizes = [_size(replace(plan.scenario, architecture=name), plan, traffic) for name in names]
    return tuple(sorted(sizes, key=lambda size: size.parameters))


def _middle_traffic(scenario: Scenario, rate: float) -> Traffic:
    mid = {name: np.full((1, 1), estimate.mid) for name, estimate in scenario.inputs.items()}
    prompt = mid["prompt_tokens"]
    return Traffic(
        rate=np.full((1, 1), rate),
        lengths=TokenLengths(prompt, prompt * mid["cached_share"], mid["reply_tokens"]),
        speed=mid["serving_error"] * mid["engine_maturity"],
        variability=(mid["arrival_variability"] + mid["reply_variability"]) / 2.0,
    )


def _size(scenario: Scenario, plan: CapacityPlan, traffic: Traffic) -> ModelSize:
    catalogue = shipped_catalogue()
    rule = redundancy_rule(scenario, plan.policy, plan.draws["peak_rate"][:, -1])
    market = Market(catalogue, scenario.serving.constants, scenario, plan.policy, rule)
    total = float(market.parameters.total)
    candidates, rejections = choose(market, traffic)
    if not candidates:
        reasons = [item.reason for item in rejections if item.binding != "date"]
        reason = reasons[0] if reasons else "no node type could be had"
        return ModelSize(scenario.architecture, total, "", 0, 0.0, reason)
    best = candidates[0]
    gpus = best.nodes * best.option.instance.gpus
    return ModelSize(scenario.architecture, total, best.option.name, gpus, best.usd_per_month)
