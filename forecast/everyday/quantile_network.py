"""Small neural network for quantiles: two hidden layers, pinball loss, plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Weights = tuple[NDArray[np.float32], ...]

__all__ = ["LEVELS", "MIDDLE", "USUAL", "QuantileNetwork", "Training", "trained"]

LEVELS = np.array(
    [0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.975, 0.99], dtype=np.float32
)
MIDDLE = len(LEVELS) // 2
HIDDEN = 128
BATCH = 256
WARM_UP = 50  # steps until the full rate
MOMENTUM, MEMORY, EPSILON = 0.9, 0.999, 1e-8


class Training(NamedTuple):
    """How a network learns.

    Parameters
    ----------
    epochs : int
        Passes over all windows. [1]
    rate : float
        Largest step. [1]
    """

    epochs: int = 12
    rate: float = 2e-3


USUAL = Training()


@dataclass(frozen=True, eq=False)
class QuantileNetwork:
    """Network from a window of the past to quantiles of the steps ahead.

    Parameters
    ----------
    weights : tuple of ndarray of float32
        Matrix and offset of each of the three layers. [1]

    Examples
    --------
    >>> network = QuantileNetwork.random(window=8, reach=4, rng=np.random.default_rng(1))
    >>> network.window, network.reach, network.quantiles(np.zeros((2, 8))).shape
    (8, 4, (2, 13, 4))
    """

    weights: Weights

    @classmethod
    def random(cls, window: int, reach: int, rng: np.random.Generator) -> QuantileNetwork:
        """Network that knows nothing.

        Parameters
        ----------
        window : int
            Values it looks back on. [steps]
        reach : int
            Steps it looks ahead. [steps]
        rng : numpy.random.Generator
            Source of the first weights.

        Returns
        -------
        QuantileNetwork
            With small outputs.
        """
        sizes = (window, HIDDEN, HIDDEN, len(LEVELS) * reach)
        weights: list[NDArray[np.float32]] = []
        for rows, columns, gain in zip(sizes[:-1], sizes[1:], (1.0, 1.0, 0.1), strict=True):
            spread = gain * np.sqrt(2.0 / rows)
            weights.append((rng.standard_normal((rows, columns)) * spread).astype(np.float32))
            weights.append(np.zeros(columns, dtype=np.float32))
        return cls(tuple(weights))

    @property
    def window(self) -> int:
        """Values that the network looks back on [steps]."""
        return len(self.weights[0])

    @property
    def reach(self) -> int:
        """Steps that the network looks ahead [steps]."""
        return len(self.weights[-1]) // len(LEVELS)

    def quantiles(self, windows: Floats) -> Floats:
        """Quantiles at `LEVELS`, ascending.

        Parameters
        ----------
        windows : ndarray of float
            Shape (series, window). [1]

        Returns
        -------
        ndarray of float
            Shape (series, levels, reach). [1]
        """
        output = _layers(self.weights, windows.astype(np.float32))[-1]
        return np.sort(output.reshape(len(windows), len(LEVELS), -1), axis=1).astype(np.float64)


def trained(
    network: QuantileNetwork,
    windows: Floats,
    targets: Floats,
    rng: np.random.Generator,
    training: Training = USUAL,
) -> QuantileNetwork:
    """Network after stochastic gradient descent on the mean pinball loss.

    Parameters
    ----------
    network : QuantileNetwork
        Where to start; it stays as it is.
    windows : ndarray of float
        Shape (windows, window). [1]
    targets : ndarray of float
        What came, NaN where unknown; shape (windows, reach). [1]
    rng : numpy.random.Generator
        Decides the order of the windows.
    training : Training
        Passes and rate.

    Returns
    -------
    QuantileNetwork
        The same arguments give the same weights.

    References
    ----------
    .. [1] D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, International
       Conference on Learning Representations, 2015.
    """
    inputs, wanted = windows.astype(np.float32), targets.astype(np.float32)
    descent = Descent(tuple(array.copy() for array in network.weights))
    steps = training.epochs * -(-len(inputs) // BATCH)
    for _ in range(training.epochs):
        order = rng.permutation(len(inputs))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            gradient = _gradient(descent.weights, inputs[rows], wanted[rows])
            done = (descent.step + 1) / steps
            warm = min(1.0, (descent.step + 1) / WARM_UP)
            descent.move(gradient, training.rate * warm * np.cos(np.pi * done / 2.0) ** 2)
    return QuantileNetwork(descent.weights)


class Descent:
    """Weights on their way down, with running means of the slopes and of their squares.

    Parameters
    ----------
    weights : tuple of ndarray of float32
        Changed in place. [1]
    """

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.mean = tuple(map(np.zeros_like, weights))
        self.power = tuple(map(np.zeros_like, weights))
        self.step = 0

    def move(self, gradient: Weights, rate: float) -> None:
        """Take one step of Adam.

        Parameters
        ----------
        gradient : tuple of ndarray of float32
            Slope of the loss for each weight. [1]
        rate : float
            Size of the step. [1]
        """
        self.step += 1
        for layer, slope in enumerate(gradient):
            mean, power, weights = self.mean[layer], self.power[layer], self.weights[layer]
            mean += np.float32(1.0 - MOMENTUM) * (slope - mean)
            power += np.float32(1.0 - MEMORY) * (slope**2 - power)
            size = np.sqrt(power / np.float32(1.0 - MEMORY**self.step)) + np.float32(EPSILON)
            weights -= np.float32(rate / (1.0 - MOMENTUM**self.step)) * mean / size


def _layers(weights: Weights, inputs: NDArray[np.float32]) -> Weights:
    """Inputs and the outputs of the three layers."""
    first = np.maximum(inputs @ weights[0] + weights[1], 0.0)
    second = np.maximum(first @ weights[2] + weights[3], 0.0)
    return inputs, first, second, second @ weights[4] + weights[5]


def _gradient(
    weights: Weights, inputs: NDArray[np.float32], wanted: NDArray[np.float32]
) -> Weights:
    """Slope of the summed pinball loss of a batch, per window, for each weight."""
    inputs, first, second, output = _layers(weights, inputs)
    ahead = wanted[:, None, :] < output.reshape(len(inputs), len(LEVELS), -1)
    slope = ahead - LEVELS[:, None]
    slope *= ~np.isnan(wanted)[:, None, :] / np.float32(len(inputs))
    back = slope.reshape(output.shape)
    into_second = (back @ weights[4].T) * (second > 0.0)
    into_first = (into_second @ weights[2].T) * (first > 0.0)
    pairs = ((inputs, into_first), (first, into_second), (second, back))
    found: list[NDArray[np.float32]] = []
    for left, right in pairs:
        found += [
            (left.T @ right).astype(np.float32, copy=False),
            right.sum(axis=0, dtype=np.float32),
        ]
    return tuple(found)
