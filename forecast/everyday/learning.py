"""Learning what the everyday model ships: networks, and the errors that its intervals rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from forecast.everyday.ensemble import outlook
from forecast.everyday.error_table import PastForecasts, learned_errors
from forecast.everyday.past import past_of
from forecast.everyday.pooled_networks import PooledNetworks, learned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from forecast.everyday.error_table import ErrorTable
    from forecast.everyday.pooled_networks import Key

    Floats = NDArray[np.float64]

__all__ = ["Learned", "learn_kind"]

ORIGINS = 2  # from which each series is forecast, a horizon apart
FEWEST = 8  # values before an origin
SHORT = (1, 2, 3)  # seasons, or eights of values, that the latest past is also cut to
FOLDS = 3
NO_NETWORKS = PooledNetworks({})


class Learned(NamedTuple):
    """What was learned about one kind of series."""

    networks: PooledNetworks
    errors: ErrorTable


class Case(NamedTuple):
    """A forecast and what came."""

    error: Floats
    expected: Floats
    networks: Floats | None
    length: int
    whole: bool


def learn_kind(series: Sequence[Floats], key: Key, horizon: int) -> Learned:
    """Learn networks and errors of one kind of series; the same series give the same result.

    Parameters
    ----------
    series : sequence of ndarray of float
        Values of each series. [unit]
    key : tuple of str and int
        Step and season of the series. [steps]
    horizon : int
        Steps that errors are measured over. [steps]

    Returns
    -------
    Learned
        Networks from all series. Errors from forecasts of each third of the series with
        networks that have learned from the others only; what short pasts cost from forecasts of
        the same values from the latest part of the past alone.
    """
    pasts = [past.values for past in map(past_of, series) if not past.constant]
    cases: list[Case] = []
    for fold in range(FOLDS):
        others = [np.log(v) for row, v in enumerate(pasts) if row % FOLDS != fold]
        networks = NO_NETWORKS.refitted(others, key)
        for values in pasts[fold::FOLDS]:
            cases += _cases(values, key, horizon, networks)
    errors = learned_errors(PastForecasts(*map(np.array, zip(*cases, strict=True))))
    members = {key: learned([np.log(values) for values in pasts], key)}
    return Learned(PooledNetworks(members), errors)


def _cases(values: Floats, key: Key, horizon: int, networks: PooledNetworks) -> Iterator[Case]:
    """Forecasts of a series from its latest origins, from the last of them with short pasts too."""
    for back in range(1, ORIGINS + 1):
        past, came = values[: -back * horizon], values[len(values) - back * horizon :][:horizon]
        if len(past) < max(FEWEST, key[1] + 2):
            return
        lengths = [seasons * max(FEWEST, key[1]) for seasons in SHORT] if back == 1 else []
        for length in [len(past), *(length for length in lengths if length < len(past))]:
            seen = past[-length:]
            if np.ptp(seen) > 0.0:
                ahead = outlook(seen, key, horizon, networks)
                error = np.log(came / ahead.middle)
                yield Case(error, ahead.error, ahead.networks, length, length == len(past))
