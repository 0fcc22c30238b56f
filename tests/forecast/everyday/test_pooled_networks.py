from __future__ import annotations

import numpy as np
import pytest

from forecast.everyday.pooled_networks import SHAPES, PooledNetworks, learned
from forecast.everyday.quantile_network import LEVELS
from forecast.shipped.place import data_path

YEAR = ("year", 1)
PANEL = [np.cumsum(np.random.default_rng(i).normal(0.02, 0.05, 25)) for i in range(6)]


def test_what_is_shipped_has_the_stated_shapes():
    shipped = PooledNetworks.shipped().members
    found = {key: (tuple(n.window for n in nets), nets[0].reach) for key, nets in shipped.items()}
    assert found == SHAPES
    for networks in shipped.values():
        for network in networks:
            assert all(np.isfinite(weights).all() for weights in network.weights)
    assert data_path("everyday.npz").stat().st_size < 2_000_000


def test_what_is_written_is_read_again_to_half_precision(tmp_path):
    pooled = PooledNetworks({YEAR: learned(PANEL, YEAR)})
    paths = [tmp_path / name for name in ("a.npz", "b.npz")]
    for path in paths:
        pooled.save(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    again = PooledNetworks.load(paths[0])
    for given, read in zip(pooled.members[YEAR], again.members[YEAR], strict=True):
        for a, b in zip(given.weights, read.weights, strict=True):
            assert b == pytest.approx(a, rel=1e-3, abs=1e-6)


def test_learning_is_deterministic():
    for one, two in zip(learned(PANEL, YEAR), learned(PANEL, YEAR), strict=True):
        assert all((a == b).all() for a, b in zip(one.weights, two.weights, strict=True))


def test_an_unknown_kind_of_series_has_no_quantiles_until_learned():
    week = ("week", 52)
    assert PooledNetworks({}).offsets(PANEL[0], week, 3) is None
    found = PooledNetworks({}).refitted([np.tile(PANEL[0], 6)], week).offsets(PANEL[0], week, 3)
    assert found is not None
    assert found.shape == (len(LEVELS), 3)


def test_quantiles_ascend_and_spread_out_beyond_the_reach():
    reach = SHAPES[YEAR][1]
    found = PooledNetworks.shipped().offsets(PANEL[0], YEAR, 3 * reach)
    assert found is not None
    assert (np.diff(found, axis=0) >= 0.0).all()
    width = found[-1] - found[0]
    assert (width[reach:] > 0.9 * width[reach - 1]).all()
    short = PooledNetworks.shipped().offsets(PANEL[0], YEAR, 2)
    assert short is not None
    assert short == pytest.approx(found[:, :2])


def test_the_level_of_a_series_shifts_its_quantiles():
    shipped = PooledNetworks.shipped()
    low, high = (shipped.offsets(PANEL[0] + shift, YEAR, 4) for shift in (0.0, 2.0))
    assert low is not None
    assert high == pytest.approx(low + 2.0, abs=1e-4)
