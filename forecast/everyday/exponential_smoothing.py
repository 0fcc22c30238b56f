"""Additive exponential smoothing: all smoothing constants of a grid at once, no optimiser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Form", "Smoothed", "smooth"]

Form = Literal["level", "trend", "damped"]

LEVEL = np.array([0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98])
SLOPE = np.array([0.02, 0.1, 0.25, 0.5])  # shares of the constant of the level
SEASON = np.array([0.0, 0.1, 0.3, 0.6])  # shares of what the level leaves of an error
NONE = np.zeros(1)
TRENDS: dict[Form, tuple[Floats, Floats]] = {
    "level": (NONE, NONE),
    "trend": (SLOPE, np.ones(1)),
    "damped": (SLOPE, np.array([0.8, 0.9, 0.95, 0.98])),
}
RIDGE = 1e-6  # keeps a start state that the values do not determine near zero


class Smoothed(NamedTuple):
    """Best model of one form.

    Parameters
    ----------
    criterion : float
        Corrected Akaike criterion; lower is better. [1]
    forecast : ndarray of float
        Values ahead, shape (horizon,). [unit]
    """

    criterion: float
    forecast: Floats


class Grid(NamedTuple):
    """Smoothing constants of all candidates, each of shape (candidates, 1)."""

    level: Floats
    slope: Floats
    damping: Floats
    season: Floats


class State(NamedTuple):
    """Errors and last states of all candidates, a column for each unit start state."""

    errors: Floats
    level: Floats
    slope: Floats
    season: Floats


def smooth(
    values: Floats, horizon: int, form: Form, season: int = 1, weights: Floats | None = None
) -> Smoothed:
    """Exponential smoothing with the constants of a grid that fit best.

    Parameters
    ----------
    values : ndarray of float
        Values at even steps, of the order of 1. [unit]
    horizon : int
        Steps ahead. [steps]
    form : {"level", "trend", "damped"}
        What is carried on: the level, a straight trend or a trend that fades.
    season : int
        Steps of an additive season, 1 for none. [steps]
    weights : ndarray of float, optional
        Weight of each error. [1/unit]

    Returns
    -------
    Smoothed
        Criterion and forecast.

    Notes
    -----
    The errors of such a model are linear in its start state. The recursion is run once for the
    values from a start at zero and once for each unit start state, as columns of one array; least
    squares then give the best start of every candidate.

    References
    ----------
    .. [1] R. J. Hyndman, A. B. Koehler, J. K. Ord and R. D. Snyder, Forecasting with exponential
       smoothing: the state space approach, Springer, 2008.

    Examples
    --------
    >>> smooth(1.0 + np.arange(20.0), 3, "trend").forecast.round(4).tolist()
    [21.0, 22.0, 23.0]
    """
    grid, trended = _grid(form, season), form != "level"
    state = _run(values, grid, trended, season)
    errors = state.errors if weights is None else state.errors * weights[:, None, None]
    start, squares = _best_start(errors.transpose(1, 0, 2))
    best = int(squares.argmin())
    level, slope = state.level[best] @ start[best], state.slope[best] @ start[best]
    steps = np.arange(1, horizon + 1)
    ahead = level + slope * np.cumsum(grid.damping[best] ** steps)
    if season > 1:
        ahead = ahead + (state.season[:, best] @ start[best])[(len(values) + steps - 1) % season]
    free = start.shape[1] + trended + (form == "damped") + (season > 1)
    return Smoothed(_criterion(float(squares[best]), len(values), free), ahead)


def _grid(form: Form, season: int) -> Grid:
    slope, damping = TRENDS[form]
    axes = np.meshgrid(LEVEL, slope, damping, SEASON if season > 1 else NONE, indexing="ij")
    level, share, damping, rest = (axis.reshape(-1, 1) for axis in axes)
    return Grid(level, level * share, damping, (1.0 - level) * rest)


def _run(values: Floats, grid: Grid, trended: bool, season: int) -> State:
    """Errors from a zero start (column 0) and what each unit start state adds to them."""
    seasons = season if season > 1 else 0
    columns = 2 + trended + seasons
    errors = np.zeros((len(values), len(grid.level), columns))
    level, slope = np.zeros(errors.shape[1:]), np.zeros(errors.shape[1:])
    profile = np.zeros((max(seasons, 1), *errors.shape[1:]))
    level[:, 1] = 1.0
    slope[:, 2:] = float(trended)
    slope[:, 2 + trended :] = 0.0
    for phase in range(seasons):
        profile[phase, :, 2 + trended + phase] = 1.0
    for step, value in enumerate(values):
        error, phase = errors[step], step % max(seasons, 1)
        if trended:
            slope *= grid.damping
            level += slope
        np.negative(level, out=error)
        error -= profile[phase]
        error[:, 0] += value
        level += grid.level * error
        if trended:
            slope += grid.slope * error
        if seasons:
            profile[phase] += grid.season * error
    return State(errors, level, slope, profile)


def _best_start(errors: Floats) -> tuple[Floats, Floats]:
    """Start states, a leading 1 before them, and the sum of squares they leave."""
    products = errors.transpose(0, 2, 1) @ errors
    normal, size = products[:, 1:, 1:], products.shape[1] - 1
    scale = np.trace(normal, axis1=1, axis2=2) / size
    ridge = (RIDGE * scale + np.finfo(float).tiny)[:, None, None] * np.eye(size)
    found = -np.linalg.solve(normal + ridge, products[:, 1:, :1])[:, :, 0]
    start = np.concatenate([np.ones((len(found), 1)), found], axis=1)
    return start, np.einsum("ki,kij,kj->k", start, products, start)


def _criterion(squares: float, count: int, free: int) -> float:
    correction = 2.0 * free * (free + 1) / max(count - free - 1, 0.5)
    return float(count * np.log(max(squares, RIDGE**4) / count) + 2.0 * free + correction)
