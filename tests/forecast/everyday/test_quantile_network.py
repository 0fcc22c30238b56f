from __future__ import annotations

import numpy as np
import pytest

from forecast.everyday.quantile_network import LEVELS, QuantileNetwork, Training, _gradient, trained

RNG = np.random.default_rng


def pinball(network, inputs, wanted):
    """Mean over the windows of the summed loss, before the quantiles are sorted."""
    first = np.maximum(inputs @ network.weights[0] + network.weights[1], 0.0)
    second = np.maximum(first @ network.weights[2] + network.weights[3], 0.0)
    output = (second @ network.weights[4] + network.weights[5]).reshape(len(inputs), 13, -1)
    off = wanted[:, None, :] - output
    return np.nansum(np.maximum(LEVELS[:, None] * off, (LEVELS[:, None] - 1.0) * off)) / len(inputs)


def test_the_gradient_is_the_slope_of_the_pinball_loss():
    rng = RNG(1)
    network = QuantileNetwork.random(5, 3, rng)
    inputs = rng.normal(size=(40, 5)).astype(np.float32)
    wanted = rng.normal(size=(40, 3)).astype(np.float32)
    wanted[3, 1:] = np.nan
    gradient = _gradient(network.weights, inputs, wanted)
    for layer, slope in enumerate(gradient):
        step = 1e-3 * np.sign(slope)
        moved = []
        for sign in (1.0, -1.0):
            weights = [array.astype(np.float64) for array in network.weights]
            weights[layer] = weights[layer] + sign * step
            moved.append(pinball(QuantileNetwork(tuple(weights)), inputs, wanted))
        measured = (moved[0] - moved[1]) / 2e-3
        assert measured == pytest.approx(float(np.abs(slope).sum()), rel=0.05)


def test_a_network_learns_the_quantiles_of_noise():
    rng = RNG(2)
    inputs = rng.normal(size=(20_000, 3))
    targets = 2.0 * inputs[:, :1] + rng.normal(size=(20_000, 1))
    network = trained(QuantileNetwork.random(3, 1, rng), inputs, targets, rng, Training(4))
    inputs = rng.normal(size=(4_000, 3))
    came = 2.0 * inputs[:, 0] + rng.normal(size=4_000)
    share = (came[:, None] <= network.quantiles(inputs)[:, :, 0]).mean(axis=0)
    assert share == pytest.approx(LEVELS, abs=0.03)


def test_training_is_deterministic_and_leaves_its_start_alone():
    rng = RNG(3)
    start = QuantileNetwork.random(4, 2, rng)
    before = [array.copy() for array in start.weights]
    inputs, targets = rng.normal(size=(300, 4)), rng.normal(size=(300, 2))
    one, two = (trained(start, inputs, targets, RNG(7), Training(2)) for _ in range(2))
    for a, b, c, d in zip(one.weights, two.weights, start.weights, before, strict=True):
        assert a.tobytes() == b.tobytes()
        assert c.tobytes() == d.tobytes()


def test_quantiles_never_cross():
    network = QuantileNetwork.random(6, 5, RNG(4))
    found = network.quantiles(RNG(5).normal(size=(50, 6)) * 20.0)
    assert (np.diff(found, axis=1) >= 0.0).all()
