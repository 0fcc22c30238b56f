"""The cheapest mix of node types for classes of requests, as an integer program."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats, Ints

_RELATIVE_GAP = 1e-4
_NODES_SEARCHED = 20_000
_FULL = 1.0 - 1e-9


@dataclass(frozen=True)
class MixProblem:
    """What is to be served, and what could serve it.

    Parameters
    ----------
    rates : ndarray, shape (classes,)
        Requests of each class. [requests/s]
    capacity : ndarray, shape (types, classes)
        Requests of one class that one node serves; 0 where it cannot. [requests/s]
    usd_per_h : ndarray, shape (types,)
        Price of a node. [USD/h]
    pool : ndarray, shape (types,)
        Which pool of nodes each type draws on: one node may be set up in several ways. [1]
    limits : ndarray, shape (pools,)
        Nodes that can be had of each pool; infinite without a limit. [nodes]

    Raises
    ------
    ValueError
        If shapes do not agree or a number is out of range.
    """

    rates: Floats
    capacity: Floats
    usd_per_h: Floats
    pool: Ints
    limits: Floats

    def __post_init__(self) -> None:
        """Refuse what is no problem of this kind."""
        types, classes = self.capacity.shape
        if (classes,) != self.rates.shape or {self.usd_per_h.shape, self.pool.shape} != {(types,)}:
            raise ValueError(
                f"capacity of shape {self.capacity.shape} needs {classes} rates, and {types} "
                f"prices and pools; got {self.rates.shape}, {self.usd_per_h.shape} and "
                f"{self.pool.shape}"
            )
        if not np.all(self.rates > 0.0) or np.any(self.capacity < 0.0):
            raise ValueError("rates must be above 0 and capacity at least 0")
        if not np.all(self.usd_per_h > 0.0) or np.any(self.limits < 0.0):
            raise ValueError("usd_per_h must be above 0 and limits at least 0")


@dataclass(frozen=True)
class Mix:
    """Cheapest nodes found, and who serves whom.

    Parameters
    ----------
    nodes : ndarray, shape (types,)
        Whole nodes. [nodes]
    shares : ndarray, shape (types, classes)
        Part of each class that each type serves; columns sum to 1. [1]
    usd_per_h : float
        Price of all nodes. [USD/h]
    gap : float
        Part of that price by which the optimum may at most be lower: proven. [1]
    """

    nodes: Ints
    shares: Floats
    usd_per_h: float
    gap: float


@dataclass(frozen=True)
class NoMix:
    """No mix serves all: a result, with what binds.

    Parameters
    ----------
    served : float
        Largest part of every class that can be served. [1]
    unserved : tuple of int
        Numbers of the classes that no type serves at any number of nodes. [1]
    exhausted : tuple of int
        Numbers of the pools whose limit is reached when as much as possible is served. [1]
    """

    served: float
    unserved: tuple[int, ...]
    exhausted: tuple[int, ...]


def cheapest_mix(problem: MixProblem) -> Mix | NoMix:
    """Fewest dollars for all classes: fractional assignment, whole nodes.

    Parameters
    ----------
    problem : MixProblem
        Classes, types, prices and limits.

    Returns
    -------
    Mix or NoMix
        Never dearer than one type alone; or why all cannot be served.

    Notes
    -----
    Minimise price times nodes, where the shares of each class sum to one and the node time that
    a type's shares take is at most its nodes. Solved by HiGHS through `scipy.optimize.milp` to a
    relative gap of 1e-4, or to a count of branches, so that the answer is the same every time.

    Examples
    --------
    >>> small_large = np.array([[10.0, 0.0], [12.0, 4.0]])
    >>> problem = MixProblem(
    ...     np.array([20.0, 4.0]), small_large, np.array([1.0, 2.0]), np.arange(2), np.full(2, 9.0)
    ... )
    >>> cheapest_mix(problem).nodes
    array([2, 1])
    """
    usable = problem.capacity.max(axis=0) > 0.0
    if not usable.all():
        return NoMix(0.0, tuple(np.flatnonzero(~usable).tolist()), ())
    found = _solve(problem, most=False)
    if found is None:
        return _shortfall(problem)
    values, bound = found
    return _better(_mix(problem, values, bound), problem)


def one_type(problem: MixProblem) -> tuple[Ints, Floats]:
    """Nodes and price where a single type serves everything.

    Parameters
    ----------
    problem : MixProblem
        Classes, types, prices and limits.

    Returns
    -------
    ndarray, ndarray, shape (types,) each
        Nodes, and their price; the price is infinite where a class cannot be served or the
        limit is exceeded. [nodes], [USD/h]

    Examples
    --------
    >>> problem = MixProblem(
    ...     np.ones(1), np.array([[0.3]]), np.ones(1), np.zeros(1, np.int64), np.full(1, 9.0)
    ... )
    >>> one_type(problem)
    (array([4]), array([4.]))
    """
    able = problem.capacity.min(axis=1) > 0.0
    time = np.sum(problem.rates / np.where(able[:, None], problem.capacity, 1.0), axis=1)
    nodes = np.ceil(time * _FULL).astype(np.int64)
    able &= nodes <= problem.limits[problem.pool]
    return np.where(able, nodes, 0), np.where(able, nodes * problem.usd_per_h, np.inf)


def _solve(problem: MixProblem, *, most: bool) -> tuple[Floats, float] | None:
    """Variables (shares by type, nodes, part served) and the bound, or None where infeasible."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  heavy

    types, classes = problem.capacity.shape
    size = types * classes + types + 1
    cost = np.zeros(size)
    cost[-1 - types : -1] = 0.0 if most else problem.usd_per_h
    cost[-1] = -1.0 if most else 0.0
    upper = np.full(size, np.inf)
    upper[: types * classes] = (problem.capacity > 0.0).ravel()
    upper[-1] = 1.0
    lower = np.zeros(size)
    lower[-1] = 0.0 if most else 1.0
    whole = np.zeros(size)
    whole[-1 - types : -1] = 1.0
    found = milp(
        cost,
        integrality=whole,
        bounds=Bounds(lower, upper),
        constraints=[LinearConstraint(*rows) for rows in _rows(problem)],
        options={"mip_rel_gap": _RELATIVE_GAP, "node_limit": _NODES_SEARCHED},
    )
    return None if found.x is None else (found.x, float(found.mip_dual_bound))


def _rows(problem: MixProblem) -> list[tuple[Floats, Floats, Floats]]:
    """Constraint rows with their lower and upper ends: classes served, node time, limits."""
    types, classes = problem.capacity.shape
    able = problem.capacity > 0.0
    time = np.where(able, problem.rates / np.where(able, problem.capacity, 1.0), 0.0)
    each, own = np.tile(np.eye(classes), types), np.eye(types)
    none, never = np.zeros(classes), np.full(types, -np.inf)
    served = np.hstack((each, np.zeros((classes, types)), -np.ones((classes, 1))))
    busy = np.hstack(((own[:, :, None] * time).reshape(types, -1), -own, np.zeros((types, 1))))
    limited = np.flatnonzero(np.isfinite(problem.limits))
    pools = np.zeros((limited.size, served.shape[1]))
    pools[:, -1 - types : -1] = problem.pool == limited[:, None]
    rows = [(served, none, none), (busy, never, np.zeros(types))]
    most = problem.limits[limited]
    return [*rows, (pools, np.full_like(most, -np.inf), most)] if limited.size else rows


def _mix(problem: MixProblem, values: Floats, bound: float) -> Mix:
    types, classes = problem.capacity.shape
    shares = np.maximum(values[: types * classes].reshape(types, classes), 0.0)
    shares = shares / shares.sum(axis=0)
    nodes = np.rint(values[types * classes : -1]).astype(np.int64)
    usd = float(nodes @ problem.usd_per_h)
    return Mix(nodes, shares, usd, max(0.0, 1.0 - bound / usd))


def _better(mix: Mix, problem: MixProblem) -> Mix:
    """Mix, or the best single type where the search ended before it was found."""
    nodes, usd = one_type(problem)
    best = int(np.argmin(usd))
    if usd[best] >= mix.usd_per_h:
        return mix
    chosen = np.arange(usd.size) == best
    bound = (1.0 - mix.gap) * mix.usd_per_h
    shares = np.repeat(chosen[:, None].astype(np.float64), problem.rates.size, axis=1)
    alone = float(usd[best])
    return Mix(np.where(chosen, nodes, 0), shares, alone, max(0.0, 1.0 - bound / alone))


def _shortfall(problem: MixProblem) -> NoMix:
    """Largest part of every class that the limits allow, and the limits that it uses up."""
    found = _solve(problem, most=True)
    if found is None:
        return NoMix(0.0, (), tuple(range(problem.limits.size)))
    values = found[0]
    types = problem.pool.size
    used = np.bincount(problem.pool, np.rint(values[-1 - types : -1]), problem.limits.size)
    full = tuple(np.flatnonzero(used >= problem.limits - 0.5).tolist())
    return NoMix(float(values[-1]), (), full)
