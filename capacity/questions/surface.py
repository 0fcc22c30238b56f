"""A quadratic surface through draws of normal scores: the variance that any of them explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.arrays import Floats


@dataclass(frozen=True)
class Surface:
    """Quadratic function ``c + b'z + z'Az`` of correlated standard normal scores.

    Parameters
    ----------
    linear : numpy.ndarray, shape (inputs,)
        Slopes b at the middle. [unit of the output]
    quadratic : numpy.ndarray, shape (inputs, inputs)
        Symmetric matrix A. [unit of the output]
    correlation : numpy.ndarray, shape (inputs, inputs)
        Correlations of the scores. [1]
    """

    linear: Floats
    quadratic: Floats
    correlation: Floats

    def variance(self, known: Floats | list[int] | None = None) -> float:
        """Variance of the surface that some inputs explain, those that go with them included.

        Parameters
        ----------
        known : list of int, optional
            Numbers of the inputs; all if left out. [1]

        Returns
        -------
        float
            Variance of the expectation given these inputs. [unit of the output, squared]

        Notes
        -----
        Given the scores of a set S the others have mean ``P z_S`` with ``P = R[:, S] R[S, S]^-1``,
        so that the expectation is again quadratic, with slopes ``P'b`` and matrix ``P'AP``.

        Examples
        --------
        >>> flat = Surface(np.array([3.0, 4.0]), np.zeros((2, 2)), np.eye(2))
        >>> flat.variance(), flat.variance([1])
        (25.0, 16.0)
        """
        every = np.arange(len(self.linear))
        chosen = every if known is None else np.asarray(known, dtype=np.intp)
        if not chosen.size:
            return 0.0
        inside = self.correlation[np.ix_(chosen, chosen)]
        spread = np.linalg.solve(inside, self.correlation[chosen]).T
        slopes = spread.T @ self.linear
        bent = spread.T @ self.quadratic @ spread @ inside
        return float(slopes @ inside @ slopes + 2.0 * np.trace(bent @ bent))


def fit_surface(scores: Floats, values: Floats) -> Surface:
    """Least-squares surface through draws.

    Parameters
    ----------
    scores : numpy.ndarray, shape (draws, inputs)
        Standard normal scores. [1]
    values : numpy.ndarray, shape (draws,)
        Output. [any]

    Returns
    -------
    Surface
        With the correlations of the scores.

    Raises
    ------
    ValueError
        If there are fewer draws than twice the coefficients.

    Examples
    --------
    >>> z = np.random.default_rng(1).standard_normal((400, 2))
    >>> found = fit_surface(z, 2.0 * z[:, 0] + 3.0 * z[:, 1] + z[:, 0] * z[:, 1])
    >>> found.linear.round(6).tolist(), found.quadratic[0, 1].round(6).item()
    ([2.0, 3.0], 0.5)
    """
    draws, inputs = scores.shape
    rows, columns = np.triu_indices(inputs)
    if draws < 2 * (1 + inputs + len(rows)):
        raise ValueError(f"{draws} draws are too few for a surface of {inputs} inputs")
    terms = np.hstack((np.ones((draws, 1)), scores, scores[:, rows] * scores[:, columns]))
    found = np.asarray(np.linalg.lstsq(terms, values, rcond=None)[0], dtype=np.float64)
    quadratic: Floats = np.zeros((inputs, inputs))
    quadratic[rows, columns] = found[1 + inputs :]
    correlation = np.asarray(np.corrcoef(scores, rowvar=False), dtype=np.float64)
    return Surface(found[1 : 1 + inputs], np.asarray(quadratic + quadratic.T) / 2.0, correlation)
