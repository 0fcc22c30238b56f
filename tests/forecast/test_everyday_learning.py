from __future__ import annotations

import numpy as np

from forecast.everyday_learning import learn_kind

YEAR = ("year", 1)


def walks(count, size=0.1, length=24):
    steps = np.random.default_rng(5).normal(0.02, size, (count, length))
    return list(np.exp(np.cumsum(steps, axis=1)))


def test_learning_from_the_same_series_gives_the_same():
    one, two = (learn_kind(walks(6), YEAR, 3) for _ in range(2))
    assert one.errors.quantiles.tolist() == two.errors.quantiles.tolist()
    assert one.errors.stretch.tolist() == two.errors.stretch.tolist()
    for a, b in zip(one.networks.members[YEAR], two.networks.members[YEAR], strict=True):
        assert all((x == y).all() for x, y in zip(a.weights, b.weights, strict=True))


def test_without_networks_the_errors_are_those_of_the_classical_forecast():
    found = learn_kind(walks(80), ("other", 1), 4, pooled=False)
    assert found.networks.members == {}
    assert set(found.errors.stretch) == {1.0}
    assert 0.25 < found.errors.growth < 0.75  # a random walk's is a half


def test_constant_series_teach_nothing():
    both = learn_kind([*walks(6), np.full(24, 3.0)], ("other", 1), 3, pooled=False)
    alone = learn_kind(walks(6), ("other", 1), 3, pooled=False)
    assert both.errors.quantiles.tolist() == alone.errors.quantiles.tolist()
