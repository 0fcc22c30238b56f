"""What to do about growth: load, machines, availability, money, plan, report.

Names are loaded when they are first used, so that a command starts fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from capacity.auditing import audit
    from capacity.buying import Buying
    from capacity.comparison import compare
    from capacity.deciding import decide
    from capacity.estimate import Estimate
    from capacity.goal import Goal, solve
    from capacity.outcome import CapacityPlan, Infeasible
    from capacity.planning import plan
    from capacity.policy import Policy
    from capacity.report import write
    from capacity.scenario import Scenario
    from capacity.situation import Situation

_HOMES = {
    "Buying": "capacity.buying",
    "CapacityPlan": "capacity.outcome",
    "Estimate": "capacity.estimate",
    "Goal": "capacity.goal",
    "Infeasible": "capacity.outcome",
    "Policy": "capacity.policy",
    "Scenario": "capacity.scenario",
    "Situation": "capacity.situation",
    "audit": "capacity.auditing",
    "compare": "capacity.comparison",
    "decide": "capacity.deciding",
    "plan": "capacity.planning",
    "solve": "capacity.goal",
    "write": "capacity.report",
}

__all__ = [
    "Buying",
    "CapacityPlan",
    "Estimate",
    "Goal",
    "Infeasible",
    "Policy",
    "Scenario",
    "Situation",
    "audit",
    "compare",
    "decide",
    "plan",
    "solve",
    "write",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'capacity' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
