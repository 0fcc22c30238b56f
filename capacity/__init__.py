"""What to do about growth: load, machines, availability, money, plan, report.

Names are loaded when they are first used, so that a command starts fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from capacity.auditing import audit
    from capacity.comparison import compare
    from capacity.estimate import Estimate
    from capacity.outcome import CapacityPlan, Infeasible
    from capacity.planning import plan
    from capacity.policy import Policy
    from capacity.procurement.buying import Buying
    from capacity.procurement.deciding import decide
    from capacity.procurement.situation import Situation
    from capacity.questions.goal import Goal, solve
    from capacity.report import write
    from capacity.scenarios.scenario import Scenario

_HOMES = {
    "Buying": "capacity.procurement.buying",
    "CapacityPlan": "capacity.outcome",
    "Estimate": "capacity.estimate",
    "Goal": "capacity.questions.goal",
    "Infeasible": "capacity.outcome",
    "Policy": "capacity.policy",
    "Scenario": "capacity.scenarios.scenario",
    "Situation": "capacity.procurement.situation",
    "audit": "capacity.auditing",
    "compare": "capacity.comparison",
    "decide": "capacity.procurement.deciding",
    "plan": "capacity.planning",
    "solve": "capacity.questions.goal",
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
