"""Quantile networks that learn from many series at once: shipped, or fitted to a panel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from forecast.draws import named_stream
from forecast.everyday.log_windows import UNIT, last_window, training_windows
from forecast.everyday.quantile_network import (
    LEVELS,
    MIDDLE,
    USUAL,
    QuantileNetwork,
    Training,
    trained,
)
from forecast.shipped.place import data_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Key = tuple[str, int]

__all__ = ["PooledNetworks", "learned"]

SHIPPED = "everyday.npz"
SHAPES: dict[Key, tuple[tuple[int, ...], int]] = {  # windows and reach
    ("year", 1): ((8, 8), 8),
    ("quarter", 4): ((8, 16), 8),
    ("month", 12): ((18, 36), 24),
    ("hour", 24): ((168,), 48),
}
SHORTEST, LONGEST = 14, 168
MOST_WINDOWS = 100_000
REFIT = Training(epochs=2, rate=1e-3)
PASSES = {"year": 40, "quarter": 20, "hour": 8}  # fewer windows, more passes


@dataclass(frozen=True, eq=False)
class PooledNetworks:
    """Networks for each step and season that they were trained on.

    Parameters
    ----------
    members : mapping of tuple to tuple of QuantileNetwork
        By name of the step and length of the season; their quantiles are averaged.

    Examples
    --------
    >>> sorted(PooledNetworks.shipped().members)
    [('hour', 24), ('month', 12), ('quarter', 4), ('year', 1)]
    """

    members: Mapping[Key, tuple[QuantileNetwork, ...]]

    @classmethod
    def shipped(cls) -> PooledNetworks:
        """Networks that come with the package.

        Returns
        -------
        PooledNetworks
            Read once.
        """
        return _read(data_path(SHIPPED))

    @classmethod
    def load(cls, path: Path) -> PooledNetworks:
        """Networks from a file.

        Parameters
        ----------
        path : pathlib.Path
            Written by `save`.

        Returns
        -------
        PooledNetworks
            The networks, to the precision of the file.
        """
        with np.load(path, allow_pickle=False) as arrays:
            names = sorted({name.rsplit("/", 1)[0] for name in arrays.files})
            members: dict[Key, tuple[QuantileNetwork, ...]] = {}
            for name in names:
                step, season, _ = name.split("/")
                weights = tuple(arrays[f"{name}/{i}"].astype(np.float32) for i in range(6))
                key = (step, int(season))
                members[key] = (*members.get(key, ()), QuantileNetwork(weights))
        return cls(members)

    def save(self, path: Path) -> None:
        """Write the networks, in half precision.

        Parameters
        ----------
        path : pathlib.Path
            Name with the ending npz; the same networks give the same bytes.
        """
        arrays = {
            f"{step}/{season}/{member}/{part}": weights.astype(np.float16)
            for (step, season), networks in sorted(self.members.items())
            for member, network in enumerate(networks)
            for part, weights in enumerate(network.weights)
        }
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]

    def offsets(self, logs: Floats, key: Key, horizon: int) -> Floats | None:
        """Quantiles of the steps ahead, as logarithms.

        Parameters
        ----------
        logs : ndarray of float
            Logarithms of the values so far. [1]
        key : tuple of str and int
            Name of the step and length of the season. [steps]
        horizon : int
            Steps ahead. [steps]

        Returns
        -------
        ndarray of float or None
            Shape (levels of `LEVELS`, horizon); None where no network knows such series. [1]
        """
        if key not in self.members:
            return None
        found = [_ahead(network, logs, key[1], horizon) for network in self.members[key]]
        return np.asarray(np.mean(found, axis=0))

    def refitted(self, panel: Sequence[Floats], key: Key) -> PooledNetworks:
        """Networks that go on learning from a panel; those for other series stay.

        Parameters
        ----------
        panel : sequence of ndarray of float
            Logarithms of the values of each series, of one step and season. [1]
        key : tuple of str and int
            That step and season. [steps]

        Returns
        -------
        PooledNetworks
            New networks; a kind of series that was unknown is learned from scratch.
        """
        return PooledNetworks({**self.members, key: learned(panel, key, self.members.get(key))})


def learned(
    panel: Sequence[Floats], key: Key, start: tuple[QuantileNetwork, ...] | None = None
) -> tuple[QuantileNetwork, ...]:
    """Networks from a panel; the same panel gives the same networks.

    Parameters
    ----------
    panel : sequence of ndarray of float
        Logarithms of the values of each series. [1]
    key : tuple of str and int
        Step and season of the series. [steps]
    start : tuple of QuantileNetwork, optional
        Networks that are trained further; new ones if left out.

    Returns
    -------
    tuple of QuantileNetwork
        One for each length of window; `start` itself where no series is long enough.

    Examples
    --------
    >>> panel = [np.linspace(0.0, slope, 20) for slope in (0.5, 1.0)]
    >>> [network.window for network in learned(panel, ("year", 1))]
    [8, 8]
    """
    windows, reach = _shape(key)
    stride = -(-sum(map(len, panel)) // MOST_WINDOWS)
    training = REFIT if start else Training(epochs=PASSES.get(key[0], USUAL.epochs))
    networks = []
    for member in range(len(start or windows)):
        rng = named_stream(member, f"network {key}")
        network = start[member] if start else QuantileNetwork.random(windows[member], reach, rng)
        shape = (network.window, key[1], network.reach, stride)
        pairs = [training_windows(logs, *shape) for logs in panel]
        seen, ahead = (np.concatenate(part) for part in zip(*pairs, strict=True))
        networks.append(trained(network, seen, ahead, rng, training) if len(seen) else network)
    return tuple(networks)


@lru_cache(maxsize=1)
def _read(path: Path) -> PooledNetworks:
    return PooledNetworks.load(path)


def _shape(key: Key) -> tuple[tuple[int, ...], int]:
    """Lengths of the windows and the reach for a kind of series."""
    generic = int(np.clip(2 * key[1], SHORTEST, LONGEST))
    return SHAPES.get(key, ((generic,), generic))


def _ahead(network: QuantileNetwork, logs: Floats, season: int, horizon: int) -> Floats:
    """Quantiles of one network; beyond its reach it goes on from its own median."""
    parts: list[Floats] = []
    spread = np.zeros((len(LEVELS), 1))
    while sum(part.shape[1] for part in parts) < horizon:
        seen, level = last_window(logs, network.window, season)
        found = network.quantiles(seen[None])[0] * UNIT
        middle = found[MIDDLE]
        # Errors of this stretch and of the one before it add up as independent ones do.
        off = found - middle
        parts.append(level + middle + np.sign(off) * np.hypot(off, spread))
        spread = np.abs(parts[-1][:, -1:] - parts[-1][MIDDLE, -1])
        logs = np.concatenate([logs, level + middle])
    return np.concatenate(parts, axis=1)[:, :horizon]
