"""Users and queries together: paths that rise and fall in company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from forecast.draws import correlate, named_stream, path_scores
from forecast.growth.bridge import gaps, reconstruct
from forecast.growth.class_parameters import learned_parameters
from forecast.growth.sampling import FEWEST_PATHS
from forecast.paths import months_after

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from forecast.growth.model import GrowthModel
    from forecast.history import History
    from forecast.paths import Forecast

__all__ = ["default_correlation", "predict_jointly"]


def default_correlation() -> float:
    """Return the rank correlation assumed between users and queries.

    Returns
    -------
    float
        An assumption: two past products alone reported a user count and an activity. [1]

    Examples
    --------
    >>> 0.4 <= default_correlation() <= 0.9
    True
    """
    return float(learned_parameters()["users_queries_correlation"]["mid"])


def predict_jointly(
    models: tuple[GrowthModel, GrowthModel],
    histories: tuple[History, History],
    months: int,
    paths: int,
    seed: int,
    correlation: float | None = None,
) -> tuple[Forecast, Forecast]:
    """Whole paths of two quantities, from the first reported month, with correlated shocks.

    Parameters
    ----------
    models : tuple of two GrowthModel
        Model of each quantity, users first.
    histories : tuple of two History
        Reported values of each quantity, ending in the same month, with different names.
    months : int
        Number of months after the last reported one, at least 1. [months]
    paths : int
        Number of sample paths, at least 2. [1]
    seed : int
        Seed of the named random streams. [1]
    correlation : float, optional
        Rank correlation between the two quantities in each month, -1 to 1; a stated assumption if
        left out. [1]

    Returns
    -------
    tuple of two Forecast
        Reported, reconstructed and forecast months; path k of one belongs to path k of the other,
        so that a ratio of the two is a forecast as well.

    Raises
    ------
    ValueError
        If the histories end in different months or share a name, or an argument is not as
        described.

    Notes
    -----
    A Gaussian copula: the second quantity's normal numbers follow those of the first. Each quantity
    has its own named streams, so that the first one's paths do not depend on the second.

    Examples
    --------
    >>> from forecast.history import History
    >>> from forecast.growth.reference_class import ReferenceClass
    >>> users = History.from_points("users", {"2022-01": 120e3, "2022-12": 620e3}, kind="flow")
    >>> queries = History.from_points("queries", {"2022-01": 250e3, "2022-12": 1.8e6}, kind="flow")
    >>> joint = predict_jointly((ReferenceClass(),) * 2, (users, queries), 18, 1_000, seed=7)
    >>> joint[0].values.shape, joint[1].kinds[:2]
    ((1000, 30), ('reported', 'reconstructed'))
    """
    first, second = histories
    if first.origin != second.origin or first.name == second.name:
        raise ValueError(
            f"{first.name} ends in {first.origin}, {second.name} in {second.origin}; "
            "allowed: two names and one last month"
        )
    months_after(first.origin, months)
    if paths < FEWEST_PATHS:
        raise ValueError(f"paths must be at least {FEWEST_PATHS}, got {paths!r}")
    correlation = default_correlation() if correlation is None else correlation
    steps = [int(gaps(history)[-1]) for history in histories]
    past = _pair((seed, "{} between reports"), histories, (paths, max(steps)), correlation)
    future = _pair((seed, "{}"), histories, (paths, months), correlation)
    persistence = learned_parameters()["classes"]["service"]["persistence"]
    whole = [
        # The last steps of both quantities are the same months; column 0 is the last step.
        reconstruct(history, paths, seed, shocks=back[:, :count][:, ::-1]).then(
            model.fit(history).predict(months, paths, seed, path_scores(ahead, persistence))
        )
        for model, history, count, back, ahead in zip(
            models, histories, steps, past, future, strict=True
        )
    ]
    return whole[0], whole[1]


def _pair(
    stream: tuple[int, str],
    histories: tuple[History, History],
    shape: tuple[int, int],
    correlation: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw for both quantities numbers independent over columns, shape (paths, columns)."""
    seed, pattern = stream
    own = [
        named_stream(seed, pattern.format(history.name)).standard_normal(shape[::-1]).T
        for history in histories
    ]
    return own[0], np.asarray(correlate(own[0], own[1], correlation))
