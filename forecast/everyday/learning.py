"""Learning what the everyday model ships: networks, and the errors that its intervals rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from forecast.everyday.ensemble import outlook
from forecast.everyday.error_table import TINY, PastForecasts, learned_errors
from forecast.everyday.past import prepared_past
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
        Values of each series, without gaps. [unit]
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
    prepared = [(values, prepared_past(values, key[1])) for values in series]
    varied = [values for values, past in prepared if not past.constant]
    logs = [np.log(past.values) for _, past in prepared if not past.constant]
    cases: list[Case] = []
    for fold in range(FOLDS):
        others = [one for row, one in enumerate(logs) if row % FOLDS != fold]
        networks = NO_NETWORKS.refitted(others, key)
        for values in varied[fold::FOLDS]:
            cases += _cases(values, key, horizon, networks)
    errors = learned_errors(PastForecasts(*map(np.array, zip(*cases, strict=True))))
    return Learned(PooledNetworks({key: learned(logs, key)}), errors)


def _cases(values: Floats, key: Key, horizon: int, networks: PooledNetworks) -> Iterator[Case]:
    """Forecasts of a series from its latest origins, from the last of them with short pasts too.

    Each past is prepared from what was known then; what came stays as it is.
    """
    for back in range(1, ORIGINS + 1):
        known, came = values[: -back * horizon], values[len(values) - back * horizon :][:horizon]
        if len(known) < max(FEWEST, key[1] + 2):
            return
        lengths = [seasons * max(FEWEST, key[1]) for seasons in SHORT] if back == 1 else []
        for length in [len(known), *(length for length in lengths if length < len(known))]:
            past = prepared_past(known[-length:], key[1])
            if not past.constant:
                ahead = outlook(past.values, key, horizon, networks)
                error = np.log(np.maximum(past.forward(came), TINY) / ahead.middle)
                yield Case(error, ahead.error, ahead.networks, length, length == len(known))
