"""The rule by which a plan orders spares: the design basis, or weighted by requests."""

from __future__ import annotations

import numpy as np

from capacity.arrays import Floats
from capacity.fleet.request_weighted import RequestWeighted
from capacity.fleet.sizing import Redundancy, design_failures
from capacity.load.workload import weekly_load
from capacity.policy import Policy
from capacity.scenarios.scenario import Scenario
from capacity.scenarios.tree_file import service_of
from forecast.shipped.datasets import profile


def redundancy_rule(scenario: Scenario, policy: Policy, peak_rate: Floats) -> Redundancy:
    """Rule of a policy.

    Parameters
    ----------
    scenario : Scenario
        Failure rates, parts, profile of the load.
    policy : Policy
        Which rule, and what it aims at.
    peak_rate : numpy.ndarray, shape (draws,)
        Arrivals in the peak minute of the last month; as many hosts stand as its quantile that
        the policy buys takes. [requests/s]

    Returns
    -------
    Failures or RequestWeighted
        All rates at their middle; redundancy is a design decision, not a draw.

    Examples
    --------
    >>> case = Scenario.load("reported-case")
    >>> rule = redundancy_rule(case, Policy(redundancy="request-weighted"), np.array([900.0]))
    >>> rule.zone_nodes(np.array([60]), Policy()).item()
    17
    """
    x = scenario.inputs
    if policy.redundancy == "design-basis":
        return design_failures(x, policy, scenario.parts)
    bought = float(np.quantile(peak_rate, policy.confidence))
    return RequestWeighted(
        service_of(scenario.parts, x, policy),
        weekly_load(profile(scenario.profile), x["weekend_factor"].mid),
        max(1, int(np.ceil(bought / x["queries_per_host_s"].mid))),
        bought * x["reads_per_query"].mid / x["database_reads_per_s"].mid,
    )
