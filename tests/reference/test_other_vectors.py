"""Rows with other parameters: every model against exact arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reference.test_availability_vectors import MODELS as AVAILABILITY
from tests.reference.test_queueing_vectors import MODELS as QUEUEING

shares = st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=1000)
rates = st.fractions(Fraction(1, 1000), 4, max_denominator=1000)
sizes = st.integers(1, 30)


def found(models: dict[str, Any], model: str, metric: str, **inputs: Any) -> float:
    """Value of a row; numbers arrive as floats, as from a file."""
    row = {key: float(value) for key, value in inputs.items()}
    return float(models[model]({"model": model, "metric": metric, **row}))


def too_few(need: int, machines: int, up: Fraction) -> Fraction:
    ways = (math.comb(machines, j) * up**j * (1 - up) ** (machines - j) for j in range(need))
    return sum(ways, Fraction(0))


def chain(births: list[Fraction], deaths: list[Fraction]) -> list[Fraction]:
    weights = [Fraction(1)]
    for up, down in zip(births, deaths, strict=True):
        weights.append(weights[-1] * up / down)
    return [weight / sum(weights) for weight in weights]


@given(sizes, sizes, shares, shares)
def test_pools(need: int, more: int, up: Fraction, beta: Fraction) -> None:
    n = need + more - 1
    inputs = {"n": n, "k": need, "A": up}
    down = too_few(need, n, up)
    for model in ("k_of_n", "parallel"):
        assert found(AVAILABILITY, model, "unavailability", **inputs) == pytest.approx(float(down))
    q = 1 - up
    shared = 1 - (1 - beta * q) * (1 - too_few(need, n, 1 - (1 - beta) * q))
    inputs = {"n": n, "k": need, "beta": beta, "q": q}
    hit = found(AVAILABILITY, "beta_factor", "unavailability", **inputs)
    assert hit == pytest.approx(float(shared), rel=1e-8)


@given(sizes, sizes, sizes, rates, rates)
def test_machine_repair(need: int, more: int, crews: int, lam: Fraction, mu: Fraction) -> None:
    n = need + more - 1
    states = chain([(n - j) * lam for j in range(n)], [min(j + 1, crews) * mu for j in range(n)])
    down, often = sum(states[more:], Fraction(0)), states[more - 1] * need * lam
    exact = {
        "availability": 1 - down,
        "unavailability": down,
        "failure_frequency_per_h": often,
        "mean_up": sum((n - j) * share for j, share in enumerate(states)),
        "mean_down_time_h": down / often,
    }
    inputs = {"n": n, "k": need, "crews": crews, "lam": lam, "mu": mu}
    for metric, value in exact.items():
        here = found(AVAILABILITY, "machine_repair", metric, **inputs)
        assert here == pytest.approx(float(value), rel=1e-8)


@given(st.integers(1, 5), sizes, sizes, shares, shares)
def test_zones(zones: int, each: int, need: int, up: Fraction, zone_up: Fraction) -> None:
    down = Fraction(0)
    for j in range(zones + 1):
        weight = math.comb(zones, j) * zone_up**j * (1 - zone_up) ** (zones - j)
        down += weight * (too_few(need, j * each, up) if j * each >= need else 1)
    row = {"zones": zones, "per_zone": each, "need": need, "A": up, "zone_availability": zone_up}
    here = found(AVAILABILITY, "zonal_pool", "unavailability", **row)
    assert here == pytest.approx(float(down), rel=1e-8)


@given(sizes, st.integers(0, 30), rates, rates)
def test_bounded_queues(c: int, room: int, lam: Fraction, mu: Fraction) -> None:
    places = c + room
    states = chain([lam] * places, [min(j + 1, c) * mu for j in range(places)])
    mean = sum((j * share for j, share in enumerate(states)), Fraction(0))
    waiting = sum((max(j - c, 0) * share for j, share in enumerate(states)), Fraction(0))
    taken = lam * (1 - states[-1])
    exact = {
        "p_block": states[-1],
        "p0": states[0],
        "L": mean,
        "Lq": waiting,
        "W": mean / taken,
        "Wq": waiting / taken,
    }
    for metric, value in exact.items():
        here = found(QUEUEING, "mmck", metric, lam=lam, mu=mu, c=c, K=places)
        assert here == pytest.approx(float(value), rel=1e-8)


@given(sizes, st.fractions(Fraction(1, 50), Fraction(999, 1000), max_denominator=1000))
def test_endless_queues(c: int, use: Fraction) -> None:
    a, blocked = use * c, Fraction(1)
    for k in range(1, c + 1):
        blocked = a * blocked / (k + a * blocked)
    waits = c * blocked / (c - a * (1 - blocked))
    empty = waits * (1 - use) * math.factorial(c) / a**c
    inputs = {"lam": a, "mu": 1, "c": c}
    assert found(QUEUEING, "erlang_b", "p_block", **inputs) == pytest.approx(float(blocked))
    assert found(QUEUEING, "erlang_c", "p_wait", **inputs) == pytest.approx(float(waits))
    assert found(QUEUEING, "mmc", "p0", **inputs) == pytest.approx(float(empty), rel=1e-7)
    queue = found(QUEUEING, "mmc", "Lq", **inputs)
    assert queue == pytest.approx(float(waits * use / (1 - use)))


@given(st.floats(0.05, 0.97), st.sampled_from((2, 3, 4)))
def test_regular_arrivals_at_one_server(use: float, phases: int) -> None:
    """A request finds j others with probability (1 - s) s^j, s the root of s = A(1 - s)."""
    s = 0.5
    for _ in range(5000):
        s = (phases * use / (phases * use + 1.0 - s)) ** phases
    wait = s / (1.0 - s)
    here = found(QUEUEING, "e2mc_exact", "Wq", lam=use, mu=1, c=1, ca2=1 / phases)
    assert here == pytest.approx(use * wait, rel=1e-6)
