"""Where a function of one number crosses a target: both sides of the step, or the nearest miss."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Function = Callable[[float], float]
Goal = tuple[str, float]
SENSES = ("<=", ">=", "=")
FINENESS = 1e-5  # of an input, where the bracket is closed
BEND = 0.1  # of a step, below which its chord shows the crossing


@dataclass(frozen=True)
class Point:
    """An input and what it gives.

    Parameters
    ----------
    x : float
        The input, in its unit.
    y : float
        The output, in its unit; not-a-number where there is none.
    """

    x: float
    y: float


Step = tuple[Point, Point]


@dataclass(frozen=True)
class Crossing:
    """Two neighbouring inputs, one on either side of a target.

    Parameters
    ----------
    met : Point or None
        The side that meets the target; none if no input does.
    missed : Point or None
        The side that does not; none if every input meets it.
    nearest : Point
        The input whose output is nearest to the target.
    crossings : int
        How often the scanned outputs change sides. [1]
    monotone : bool
        Whether the scanned outputs only rise or only fall.
    scanned : tuple of Point
        The inputs that were tried first, in ascending order.
    """

    met: Point | None
    missed: Point | None
    nearest: Point
    crossings: int
    monotone: bool
    scanned: tuple[Point, ...]


def find_crossing(
    function: Function, goal: Goal, inputs: Sequence[float], now: float, *, whole: bool = False
) -> Crossing:
    """The place where a function crosses a target, between neighbouring inputs.

    Parameters
    ----------
    function : callable
        Output of an input; not-a-number where there is none, which never meets the target.
    goal : (str, float)
        Sense and target, in the output's unit. ``<=`` and ``>=`` say which outputs meet the
        target. Under ``=`` an output meets it once the function, seen from the first input, has
        reached it.
    inputs : sequence of float
        Inputs to scan, ascending; a crossing is looked for between two of them. [unit of x]
    now : float
        Of several crossings the one nearest to this input is taken. [unit of x]
    whole : bool
        Whether only whole inputs count.

    Returns
    -------
    Crossing
        The bracket is closed to neighbours: whole numbers, or a hundred thousandth of the input.

    Raises
    ------
    ValueError
        If the sense is unknown or no input gives any output.

    Notes
    -----
    Bisection, because an output of whole machines is a staircase, on which faster methods stall;
    where the output proves straight, the chord is tried. Two crossings between neighbouring inputs
    of the scan are not seen.

    Examples
    --------
    >>> stairs = find_crossing(lambda x: float(math.ceil(x)), ("<=", 3.0), [0.0, 10.0], 5.0)
    >>> stairs.met.y, stairs.missed.y, round(stairs.met.x, 4)
    (3.0, 4.0, 3.0)
    """
    sense, target = goal
    if sense not in SENSES:
        raise ValueError(f"sense = {sense!r}: allowed {', '.join(SENSES)}")
    scanned = tuple(Point(x, function(x)) for x in inputs)
    known = [point for point in scanned if not math.isnan(point.y)]
    if not known:
        raise ValueError(f"no input from {inputs[0]:g} to {inputs[-1]:g} gives any output")
    meets = _meeting(target, sense, known)
    nearest = min(known, key=lambda point: _distance(point.y, target))
    steps = [(a, b) for a, b in pairwise(scanned) if meets(a.y) != meets(b.y)]
    if steps:
        step = min(steps, key=lambda ends: max(ends[0].x - now, now - ends[1].x))
        met, missed = _closed(function, (target, meets), step, whole)
        return Crossing(met, missed, met, len(steps), _monotone(known), scanned)
    met_all = meets(nearest.y) and (sense != "=" or nearest.y == target)
    return Crossing(nearest if met_all else None, None, nearest, 0, _monotone(known), scanned)


def _meeting(target: float, sense: str, known: Sequence[Point]) -> Callable[[float], bool]:
    """Whether an output meets the target; not-a-number never does."""
    falling = sense == "=" and known[0].y > known[-1].y
    if sense == "<=" or falling:
        return lambda y: y <= target
    return lambda y: y >= target


def _closed(
    function: Function, goal: tuple[float, Callable[[float], bool]], step: Step, whole: bool
) -> Step:
    """The step between neighbours: the side that meets the target, and the one that does not."""
    target, meets = goal
    while (middle := _between(step, whole)) is not None:
        point = Point(middle, function(middle))
        straight = _straight(step, point) and not whole
        step = _narrowed(step, point, meets)
        for x in _around(step, target) if straight else ():
            if step[0].x < x < step[1].x:
                step = _narrowed(step, Point(x, function(x)), meets)
    return step if meets(step[0].y) else (step[1], step[0])


def _narrowed(step: Step, point: Point, meets: Callable[[float], bool]) -> Step:
    low, high = step
    return (point, high) if meets(point.y) == meets(low.y) else (low, point)


def _straight(step: Step, point: Point) -> bool:
    """Whether the middle of a step lies near its chord, so that the chord shows the crossing."""
    low, high = step
    share = (point.x - low.x) / (high.x - low.x)
    off = point.y - low.y - share * (high.y - low.y)
    return abs(off) < BEND * abs(high.y - low.y)


def _around(step: Step, target: float) -> tuple[float, float]:
    """Two neighbours around the place where the chord crosses the target."""
    low, high = step
    rise = high.y - low.y
    if not math.isfinite(rise) or rise == 0.0:
        return low.x, high.x
    x = low.x + (target - low.y) / rise * (high.x - low.x)
    return x - 0.4 * FINENESS * abs(x), x + 0.4 * FINENESS * abs(x)


def _between(step: Step, whole: bool) -> float | None:
    """Middle of a step, geometric where it is wide; none once it is closed."""
    low, high = step[0].x, step[1].x
    if whole:
        return float((low + high) // 2) if high - low > 1.0 else None
    if high - low <= FINENESS * max(abs(low), abs(high)):
        return None
    return math.sqrt(low * high) if low > 0.0 and high > 2.0 * low else (low + high) / 2.0


def _distance(y: float, target: float) -> float:
    return 0.0 if y == target else abs(y - target)


def _monotone(known: Sequence[Point]) -> bool:
    steps = [b.y - a.y for a, b in pairwise(known) if a.y != b.y]
    return all(step > 0.0 for step in steps) or all(step < 0.0 for step in steps)
