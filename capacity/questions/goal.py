"""Questions backwards: the input at which an output of the plan reaches a goal."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.policy import LEVERS, Policy
from capacity.questions.crossing import Crossing, Point, find_crossing
from capacity.questions.outputs import output, place_of
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.scenario import Scenario
from forecast.messages import LONGEST, shown
from forecast.shipped.place import nearest

GOAL = re.compile(r"(\w+?)\s*(<=|>=|=)\s*([-+.\deE]+)(\s*%)?")
USERS = "users"
REACH = 100.0  # times the middle value, both ways, where the allowed range is wider
STEPS = 9  # inputs of the scan
DECADE = 10.0
NUMBERS = {  # levers that are numbers, and of which kind
    item.name: type(item.default) for item in fields(Policy) if not isinstance(item.default, str)
}
VARIED = (USERS, *ASSUMPTIONS, *NUMBERS)  # what a goal may vary
Told = Callable[[str], None]


@dataclass(frozen=True)
class Goal:
    """What an output of a plan shall be, and the input that is varied until it is.

    Parameters
    ----------
    output : str
        A metric, or a name of `capacity.questions.outputs.DECISIONS`.
    sense : {"<=", ">=", "="}
        At most, at least, or just reached.
    value : float
        In the output's unit; a multiple of what the plan gives now where `relative`.
    vary : str
        An uncertain input, which is then certain; a lever of the policy that is a number; or
        ``users``, which varies ``demand_factor``.
    relative : bool
        Whether `value` is a multiple.
    month : str
        As YYYY-MM; the last of the plan if empty.
    quantile : float
        Probability of the quantile of a metric. [1]
    between : (float, float) or None
        Where to look; by default a hundredth to a hundred times the middle value, inside what is
        allowed. [unit of the input]

    Raises
    ------
    ValueError
        If a name is unknown or a number out of range.

    Examples
    --------
    >>> Goal.parse("cost<=50%", "cached_share", quantile=0.9).value
    0.5
    """

    output: str
    sense: str
    value: float
    vary: str
    relative: bool = False
    month: str = ""
    quantile: float = 0.5
    between: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Refuse what no plan can be asked."""
        output(self.output)
        if not math.isfinite(self.value):
            raise ValueError(f"goal {self.output} {self.sense} {self.value}: must be finite")
        if not 0.0 < self.quantile < 1.0:
            raise ValueError(f"quantile = {self.quantile}: allowed between 0 and 1")
        if self.key not in (*ASSUMPTIONS, *NUMBERS):
            near = nearest(self.vary[:LONGEST], VARIED)
            raise ValueError(f"unknown input {shown(self.vary)}; {near}")
        low, high = self.allowed
        if self.between and not low <= self.between[0] < self.between[1] <= high:
            ends = f"{self.between[0]:g},{self.between[1]:g}"
            raise ValueError(f"{self.vary} between {ends}: allowed {low:g} to {high:g}, low first")

    @classmethod
    def parse(cls, text: str, vary: str, **more: Any) -> Goal:
        """Goal as typed.

        Parameters
        ----------
        text : str
            ``output<=value``, ``output>=value`` or ``output=value``; with ``%`` the value is a
            share of what the plan gives now.
        vary : str
            The input that is varied.
        **more
            Other fields.

        Returns
        -------
        Goal
            Checked.

        Raises
        ------
        ValueError
            If the text cannot be read.
        """
        found = GOAL.fullmatch(text.strip())
        try:
            name, sense, number, percent = found.groups() if found else ("", "", "", "")
            value = float(number)
        except ValueError:
            raise ValueError(
                f"goal {shown(text)}: must be output<=value, output>=value or output=value; "
                "50% is half of what the plan gives now"
            ) from None
        value = value / 100.0 if percent else value
        return cls(name, sense, value, vary, relative=bool(percent), **more)

    @property
    def key(self) -> str:
        """The input or lever behind the word."""
        return "demand_factor" if self.vary == USERS else self.vary

    @property
    def whole(self) -> bool:
        """Whether the lever takes whole numbers only."""
        return NUMBERS.get(self.key) is int

    @property
    def unit(self) -> str:
        """Unit of the varied input."""
        known = ASSUMPTIONS.get(self.key)
        return known.estimate.unit if known else LEVERS[self.key].unit

    @property
    def allowed(self) -> tuple[float, float]:
        """Range of the varied input, in its unit."""
        known = ASSUMPTIONS.get(self.key) or LEVERS[self.key]
        return known.minimum, known.maximum

    def inputs(self, middle: float) -> list[float]:
        """Inputs to look between, the value as it is among them.

        Parameters
        ----------
        middle : float
            Value as it is. [unit of the input]

        Returns
        -------
        list of float
            Ascending; on a log scale where the ends are more than a decade apart.
            [unit of the input]

        Examples
        --------
        >>> Goal.parse("cost<=1e6", "zones").inputs(3.0)
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
        """
        low, high = self.between or self._reach(middle)
        if self.whole:
            low, high = float(math.ceil(low)), float(math.floor(high))
            count = min(STEPS, int(high - low) + 1)
            return sorted({float(round(x)) for x in np.linspace(low, high, count)})
        wide = low > 0.0 and high > DECADE * low
        spaced = np.geomspace(low, high, STEPS) if wide else np.linspace(low, high, STEPS)
        found = [low, *(x for x in spaced[1:-1].tolist() if not math.isclose(x, middle)), high]
        return sorted({*found, middle} if low < middle < high else found)

    def _reach(self, middle: float) -> tuple[float, float]:
        low, high = self.allowed
        if middle > 0.0 and high > 1.0:
            return max(low, middle / REACH), min(high, middle * REACH)
        return low, high


@dataclass(frozen=True)
class Answer:
    """The input at which a goal is met, with both sides of the step as proof.

    Parameters
    ----------
    goal : Goal
        What was asked.
    target : float
        Value of the goal, in the output's unit.
    now : Point
        The plan as it is: middle value of the input, and the output; not-a-number without a plan.
    found : Crossing
        Where the goal is met, or the nearest miss.
    users : float
        Users at the value that meets the goal, or at the nearest miss. [users]
    reasons : tuple of (float, str)
        Inputs of the scan without a plan, and why. [unit of the input]
    plan : CapacityPlan
        Plan at that value.
    """

    goal: Goal
    target: float
    now: Point
    found: Crossing
    users: float
    reasons: tuple[tuple[float, str], ...]
    plan: CapacityPlan

    @property
    def reached(self) -> bool:
        """Whether some input meets the goal."""
        return self.found.met is not None

    @property
    def value(self) -> float:
        """The input that meets the goal, or the nearest that there is, in its unit."""
        return (self.found.met or self.found.nearest).x


def solve(
    scenario: Scenario,
    goal: Goal,
    policy: Policy | None = None,
    *,
    seed: int = 7,
    draws: int = 2_000,
    progress: Told | None = None,
) -> Answer:
    """Find the value of an input at which an output meets a goal.

    Parameters
    ----------
    scenario : Scenario
        The world we do not control.
    goal : Goal
        What is wanted, and what may change.
    policy : Policy, optional
        What we do control; the scenario's own if left out.
    seed : int
        Seed of all draws, the same in every plan. [1]
    draws : int
        Joint draws of every plan, at least 100. [1]
    progress : callable, optional
        Called with a line for each plan that is made.

    Returns
    -------
    Answer
        With both sides of the step, or the nearest that can be reached.

    Raises
    ------
    ValueError
        If the month lies outside the plan, no value gives a plan, or the goal is a multiple of
        what the plan gives now and there is none.

    Notes
    -----
    Every plan has the same seed and so the same draws of every input but the varied one; the
    output is a deterministic function of the input, and hardware is chosen anew each time.

    Examples
    --------
    >>> from capacity.scenarios.file import load_scenario
    >>> twice = Goal.parse("cost=200%", "price_factor", between=(1.5, 2.5))
    >>> round(solve(load_scenario("work-assistant"), twice, draws=100).value, 1)
    2.0
    """
    known = scenario.policy if policy is None else policy
    asked = _Question(scenario, known, goal, (seed, draws), progress)
    base = asked.planned(None)
    if base is None and goal.relative:
        raise ValueError(f"no plan for {scenario.name} as it is: {asked.why[None]}")
    now = Point(asked.middle, math.nan if base is None else asked.figure(base))
    target = goal.value * now.y if goal.relative else goal.value
    inputs = goal.inputs(now.x)
    found = find_crossing(asked.at, (goal.sense, target), inputs, now.x, whole=goal.whole)
    best = (found.met or found.nearest).x
    last = asked.planned(best)
    if last is None:
        raise ValueError(f"no plan for {goal.key} = {best:g}: {asked.why[best]}")
    users = float(last.quantile(USERS, 0.5)[asked.place(last)])
    reasons = tuple((x, why) for x, why in asked.why.items() if x is not None)
    return Answer(goal, target, now, found, users, reasons, last)


@dataclass(frozen=True)
class _Question:
    """One function of one number: from the varied input to the output."""

    scenario: Scenario
    policy: Policy
    goal: Goal
    run: tuple[int, int]
    progress: Told | None

    @cached_property
    def why(self) -> dict[float | None, str]:
        """Inputs without a plan, and the reason."""
        return {}

    @property
    def middle(self) -> float:
        """Value of the input as it is."""
        if self.goal.key in ASSUMPTIONS:
            return self.scenario.inputs[self.goal.key].mid
        return float(getattr(self.policy, self.goal.key))

    def planned(self, value: float | None) -> CapacityPlan | None:
        """Plan at a value of the input, or of the scenario as it is; none where there is none."""
        scenario, policy, key = self.scenario, self.policy, self.goal.key
        if value is not None and key in ASSUMPTIONS:
            scenario = scenario.override("goal", **{key: value})
        elif value is not None:
            policy = policy.change({key: int(value) if self.goal.whole else value})
        found = plan(scenario, policy, seed=self.run[0], draws=self.run[1])
        if isinstance(found, CapacityPlan):
            return found
        self.why[value] = found.reason
        return None

    def place(self, found: CapacityPlan) -> int:
        """Place of the month that the goal names."""
        return place_of(found, self.goal.month)

    def figure(self, found: CapacityPlan) -> float:
        """The output of a plan."""
        return output(self.goal.output).figure(found, self.place(found), self.goal.quantile)

    def at(self, value: float) -> float:
        """The output at a value of the input; not-a-number where there is no plan."""
        found = self.planned(value)
        result = math.nan if found is None else self.figure(found)
        if self.progress is not None:
            told = "no plan" if found is None else f"{result:.6g}"
            self.progress(f"{self.goal.key} = {value:.6g}: {self.goal.output} {told}")
        return result
