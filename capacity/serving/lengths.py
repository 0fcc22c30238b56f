"""How prompt and reply lengths are distributed, one by one and together.

A length is described by what traces publish: its mean and some quantiles. Outside the quantiles
its logarithm is a straight line in the normal score, as in a lognormal; between them a power of
it is, and the exponent follows from the mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from capacity.arrays import Array, Floats

_BISECTIONS = 80
_STRONGEST = 30.0  # exponent at which a segment is all but flat
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


@dataclass(frozen=True)
class LengthCurve:
    """Distribution of one length: knots of its logarithm, and slopes outside them.

    Parameters
    ----------
    scores : tuple of float
        Normal scores of the knots, rising. [1]
    logs : tuple of float
        Natural logarithm of the length at each knot. [1]
    below, above : float
        Slope below the first and above the last knot. [1]
    power : float
        Between two knots this power of the length is linear in the score; 0: its logarithm. [1]

    Examples
    --------
    >>> LengthCurve.fit(mean=165.0, known={0.5: 100.0}).quantile(0.5).round(6)
    np.float64(100.0)
    """

    scores: tuple[float, ...]
    logs: tuple[float, ...]
    below: float
    above: float
    power: float = 0.0

    @classmethod
    def fit(cls, mean: float, known: Mapping[float, float], spread: float = 1.0) -> LengthCurve:
        """Distribution with a mean and quantiles, all reproduced.

        Parameters
        ----------
        mean : float
            Mean length, at least 1. [tokens]
        known : mapping of float to float
            Length at each known probability; may be empty. [tokens]
        spread : float
            Standard deviation of the logarithm where no quantile is known. [1]

        Returns
        -------
        LengthCurve
            A lognormal for up to one quantile; else the first and the last slope of the
            logarithm go on outside, and the power between follows from the mean.

        Raises
        ------
        ValueError
            If a length is below one token, quantiles do not rise, or no curve has this mean.
        """
        levels = sorted(known)
        values = [known[level] for level in levels]
        if not mean >= 1.0 or any(value < 1.0 for value in values):
            raise ValueError(f"lengths must be at least 1 token, got mean {mean} and {values}")
        if any(low >= high for low, high in pairwise(values)):
            raise ValueError(f"quantiles must rise with their probability, got {dict(known)}")
        logs, scores = np.log(values), ndtri(levels)
        if len(levels) > 1:
            return _bent(mean, tuple(scores), tuple(logs))
        if levels:
            spread = _lognormal_spread(scores[0], logs[0] - np.log(mean))
        return cls((0.0,), (float(np.log(mean) - 0.5 * spread**2),), spread, spread)

    def quantile(self, p: Array) -> Floats:
        """Length that a share `p` of the requests does not exceed.

        Parameters
        ----------
        p : float or numpy.ndarray
            Probability, strictly between 0 and 1. [1]

        Returns
        -------
        numpy.ndarray
            Same shape, at least 1. [tokens]
        """
        z, knots = ndtri(np.asarray(p, dtype=np.float64)), np.asarray(self.scores)
        logs = self._between(z)
        logs = logs + self.below * np.minimum(z - knots[0], 0.0)
        logs = logs + self.above * np.maximum(z - knots[-1], 0.0)
        return np.asarray(np.exp(np.maximum(logs, 0.0)))

    @property
    def mean(self) -> float:
        """Mean length [tokens]."""
        z = np.asarray(self.scores)
        half, middle = 0.5 * np.diff(z)[:, None], 0.5 * (z[1:] + z[:-1])[:, None]
        nodes = middle + half * _NODES
        density = np.exp(-0.5 * nodes**2) / np.sqrt(2.0 * np.pi)
        inside = np.sum(half * _WEIGHTS * density * np.exp(self._between(nodes)))
        low = _lower_part(z[0], self.logs[0], self.below)
        start = self.logs[-1] - self.above * z[-1]
        high = np.exp(start + 0.5 * self.above**2) * ndtr(self.above - z[-1])
        return float(low + inside + high)

    def _between(self, z: Floats) -> Floats:
        """Logarithm of the length at scores held within the knots."""
        knots, logs = np.asarray(self.scores), np.asarray(self.logs)
        if knots.size == 1:
            return np.full_like(z, logs[0])
        left = np.clip(np.searchsorted(knots, z) - 1, 0, knots.size - 2)
        share = np.clip((z - knots[left]) / (knots[left + 1] - knots[left]), 0.0, 1.0)
        rise = logs[left + 1] - logs[left]
        if self.power:
            return np.asarray(
                logs[left] + np.log1p(share * np.expm1(self.power * rise)) / self.power
            )
        return np.asarray(logs[left] + share * rise)


@dataclass(frozen=True)
class LengthModel:
    """Joint distribution of prompt and reply.

    Parameters
    ----------
    prompt, reply : LengthCurve
        One by one.
    correlation : float
        Of their normal scores (a Gaussian copula), strictly between -1 and 1. [1]

    Raises
    ------
    ValueError
        If the correlation is out of range.
    """

    prompt: LengthCurve
    reply: LengthCurve
    correlation: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a correlation that no two lengths can have."""
        if not -1.0 < self.correlation < 1.0:
            raise ValueError(f"correlation must be between -1 and 1, got {self.correlation}")

    def at(self, u: Array, v: Array) -> tuple[Floats, Floats]:
        """Lengths at two independent uniform numbers.

        Parameters
        ----------
        u, v : float or numpy.ndarray
            Strictly between 0 and 1, shapes that broadcast. [1]

        Returns
        -------
        numpy.ndarray, numpy.ndarray
            Prompts and replies. [tokens]
        """
        first, second = ndtri(u), ndtri(v)
        along = self.correlation * first + np.sqrt(1.0 - self.correlation**2) * second
        return self.prompt.quantile(u), self.reply.quantile(ndtr(along))

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Random requests.

        Parameters
        ----------
        n : int
            Requests. [1]
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        numpy.ndarray, numpy.ndarray
            Whole tokens of prompts and replies, shape (n,) each. [tokens]
        """
        prompt, reply = self.at(rng.random(n), rng.random(n))
        return np.rint(prompt), np.rint(reply)

    def spread_evenly(self, log2_n: int = 10) -> tuple[Floats, Floats]:
        """Fixed requests that stand for all: points of low discrepancy.

        Parameters
        ----------
        log2_n : int
            Binary logarithm of the number of requests. [1]

        Returns
        -------
        numpy.ndarray, numpy.ndarray
            Prompts and replies, shape (2**log2_n,) each. [tokens]
        """
        points = even_points(2, log2_n)
        return self.at(points[:, 0], points[:, 1])


def even_points(dimensions: int, log2_n: int) -> Floats:
    """Points that fill the unit cube evenly: Sobol's sequence, off the edges.

    Parameters
    ----------
    dimensions : int
        Of the cube. [1]
    log2_n : int
        Binary logarithm of the number of points. [1]

    Returns
    -------
    numpy.ndarray, shape (2**log2_n, dimensions)
        Strictly between 0 and 1. [1]

    Examples
    --------
    >>> even_points(2, 1)
    array([[0.25, 0.25],
           [0.75, 0.75]])
    """
    points = qmc.Sobol(dimensions, scramble=False).random_base2(log2_n)
    return np.asarray(points + 0.5 / 2**log2_n)


def scaled(curve: LengthCurve, mean: float) -> LengthCurve:
    """Curve of the same shape with another mean.

    Parameters
    ----------
    curve : LengthCurve
        To be scaled.
    mean : float
        Wanted mean, above 1. [tokens]

    Returns
    -------
    LengthCurve
        All lengths times one factor; those that fall below a token count as one.

    Raises
    ------
    ValueError
        If the mean is not above one token.
    """
    if not mean > 1.0:
        raise ValueError(f"mean must be above 1 token, got {mean}")
    low, high = -np.log(mean) - 30.0, np.log(mean) + 30.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _moved(curve, middle).mean < mean else (low, middle)
    return _moved(curve, 0.5 * (low + high))


def _moved(curve: LengthCurve, shift: float) -> LengthCurve:
    logs = tuple(value + shift for value in curve.logs)
    return replace(curve, logs=logs)


def _lognormal_spread(score: float, log_ratio: float) -> float:
    """Smallest spread at which a lognormal has a given quantile over its mean."""
    root = score**2 - 2.0 * log_ratio
    if root < 0.0:
        raise ValueError(f"no lognormal has a quantile {np.exp(log_ratio):.3g} times its mean")
    near, far = score - np.sqrt(root), score + np.sqrt(root)
    if far <= 0.0:
        raise ValueError(f"no lognormal has a quantile {np.exp(log_ratio):.3g} times its mean")
    return float(near if near > 0.0 else far)


def _lower_part(score: float, log: float, slope: float) -> float:
    """Contribution to the mean of all that lies below a knot; no length is below one token."""
    start = log - slope * score
    one = -start / slope
    return float(
        ndtr(one) + np.exp(start + 0.5 * slope**2) * (ndtr(score - slope) - ndtr(one - slope))
    )


def _bent(mean: float, scores: tuple[float, ...], logs: tuple[float, ...]) -> LengthCurve:
    """Curve through all knots whose power between them gives the mean."""
    slopes = np.diff(logs) / np.diff(scores)

    def trial(power: float) -> LengthCurve:
        return LengthCurve(scores, logs, float(slopes[0]), float(slopes[-1]), power)

    low, high = -_STRONGEST, _STRONGEST
    if not trial(low).mean < mean < trial(high).mean:
        raise ValueError(
            f"no curve through these quantiles has mean {mean}: allowed are "
            f"{trial(low).mean:.4g} to {trial(high).mean:.4g}"
        )
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if trial(middle).mean < mean else (low, middle)
    return trial(0.5 * (low + high))
