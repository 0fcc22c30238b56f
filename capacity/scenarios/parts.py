"""The parts of a scenario: how demand grows, named changes, published figures."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from capacity.estimate import Estimate
from forecast.joint import default_correlation
from forecast.messages import LONGEST, shown
from forecast.shipped.place import nearest

MONTH = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")
GROWTH_MODELS = (
    "reference-class", "constant", "linear", "logistic", "gompertz", "everyday", "prophet",
)  # fmt: skip
COMPARATORS = ("about", "over", "under")
REFERENCES = ("service", "developer", "all")


@dataclass(frozen=True)
class Growth:
    """How demand is forecast.

    Parameters
    ----------
    model : str
        Growth model, one of `GROWTH_MODELS`.
    reference : str
        Reference class: service, developer or all.
    correlation : float
        Correlation of the growth of users and of queries, between -1 and 1. [1]

    Raises
    ------
    ValueError
        With one line per unknown name or impossible number.

    Examples
    --------
    >>> Growth().model
    'reference-class'
    """

    model: str = "reference-class"
    reference: str = "service"
    correlation: float = field(default_factory=default_correlation)

    def __post_init__(self) -> None:
        """Report every fault at once."""
        faults = []
        if self.model not in GROWTH_MODELS:
            faults.append(
                f"model = {shown(self.model)}: {nearest(self.model[:LONGEST], GROWTH_MODELS)}"
            )
        if self.reference not in REFERENCES:
            faults.append(f"reference = {shown(self.reference)}: allowed {', '.join(REFERENCES)}")
        if not -1.0 <= self.correlation <= 1.0:
            faults.append(f"correlation = {self.correlation}: allowed -1 to 1")
        if faults:
            raise ValueError("\n".join(faults))


@dataclass(frozen=True)
class Override:
    """Named change of some inputs.

    Parameters
    ----------
    name : str
        What the change means to the planner.
    estimates : mapping of str to Estimate
        New values by input.
    """

    name: str
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True)
class CrossCheck:
    """Published figure that a plan is compared with; it decides nothing.

    Parameters
    ----------
    metric : str
        Metric of the plan.
    month : str
        Month as YYYY-MM.
    comparator : {"about", "over", "under"}
        Sense of the published value.
    value : float
        The published value, in the metric's unit.
    source : str
        Where it was published.

    Raises
    ------
    ValueError
        If the month or the comparator is none, or the value is not finite.
    """

    metric: str
    month: str
    comparator: str
    value: float
    source: str

    def __post_init__(self) -> None:
        """Refuse what cannot be compared."""
        if not MONTH.fullmatch(self.month):
            raise ValueError(f"month = {shown(self.month)}: must be YYYY-MM")
        if not math.isfinite(self.value):
            raise ValueError(f"value = {self.value}: must be a finite number")
        if self.comparator not in COMPARATORS:
            known = ", ".join(COMPARATORS)
            raise ValueError(f"comparator = {shown(self.comparator)}: allowed {known}")
