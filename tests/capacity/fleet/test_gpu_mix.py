from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.fleet.gpu_mix import Mix, MixProblem, NoMix, cheapest_mix, one_type

GAP = 1e-4


def random_problem(seed: int, limit: float = np.inf) -> MixProblem:
    """Three types that are good at different lengths, five classes; the last type serves all."""
    rng = np.random.default_rng(seed)
    capacity = rng.uniform(0.5, 8.0, (3, 5)) * (rng.random((3, 5)) > 0.2)
    capacity[2] = rng.uniform(0.5, 4.0, 5)
    return MixProblem(
        rng.uniform(5, 60, 5), capacity, rng.uniform(1, 9, 3), np.arange(3), np.full(3, limit)
    )


def test_two_types_by_hand() -> None:
    """40 short requests/s: 4 small nodes at 1; 8 long ones: 2 large nodes at 3; together 10.

    Large nodes alone: 40 / 12 + 8 / 4 = 5.33, so 6 at 3 are 18. Small ones cannot serve the long.
    """
    problem = MixProblem(
        np.array([40.0, 8.0]),
        np.array([[10.0, 0.0], [12.0, 4.0]]),
        np.array([1.0, 3.0]),
        np.arange(2),
        np.full(2, np.inf),
    )
    found = cheapest_mix(problem)
    assert isinstance(found, Mix)
    assert found.nodes.tolist() == [4, 2]
    assert found.usd_per_h == pytest.approx(10.0)
    assert one_type(problem)[1].tolist() == [np.inf, 18.0]
    assert found.gap == pytest.approx(0.0, abs=1e-9)


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_a_mix_is_never_dearer_than_one_type(seed: int) -> None:
    problem = random_problem(seed)
    found = cheapest_mix(problem)
    assert isinstance(found, Mix)
    assert found.usd_per_h <= one_type(problem)[1].min() + 1e-9


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_every_class_is_served_exactly_and_no_node_is_busy_beyond_its_time(seed: int) -> None:
    problem = random_problem(seed)
    found = cheapest_mix(problem)
    assert isinstance(found, Mix)
    assert found.shares.sum(axis=0) == pytest.approx(np.ones(5), abs=1e-9)
    assert np.all(found.shares[problem.capacity == 0.0] == 0.0)
    time = np.divide(
        found.shares * problem.rates,
        problem.capacity,
        out=np.zeros((3, 5)),
        where=problem.capacity > 0.0,
    )
    assert np.all(time.sum(axis=1) <= found.nodes + 1e-6 * problem.rates.sum())
    assert found.usd_per_h == pytest.approx(float(found.nodes @ problem.usd_per_h))


@given(st.integers(0, 10_000), st.floats(3, 60), st.floats(1, 40))
@settings(max_examples=40)
def test_relaxing_a_limit_never_costs_more_and_never_serves_less(
    seed: int, limit: float, more: float
) -> None:
    tight = cheapest_mix(random_problem(seed, np.floor(limit)))
    loose = cheapest_mix(random_problem(seed, np.floor(limit + more)))
    if isinstance(tight, Mix):
        assert isinstance(loose, Mix)
        assert loose.usd_per_h <= tight.usd_per_h * (1.0 + GAP)
    elif isinstance(loose, NoMix):
        assert loose.served >= tight.served - GAP


def test_no_cheaper_whole_numbers_exist_by_brute_force() -> None:
    for seed in range(6):
        problem = random_problem(seed)
        problem = replace(problem, rates=problem.rates / 8.0)
        found = cheapest_mix(problem)
        assert isinstance(found, Mix)
        assert found.usd_per_h <= brute_force(problem) * (1.0 + GAP)


def brute_force(problem: MixProblem) -> float:
    """Cheapest whole numbers of nodes whose linear program of shares is feasible."""
    from scipy.optimize import linprog  # noqa: PLC0415

    best = float(one_type(problem)[1].min())
    time = np.where(problem.capacity > 0.0, problem.rates / np.maximum(problem.capacity, 1e-9), 0.0)
    upper = (problem.capacity > 0.0).astype(float).ravel()
    busy = np.kron(np.eye(3), np.ones(5)) * time.ravel()
    for nodes in np.ndindex(*(int(best // usd) + 1 for usd in problem.usd_per_h)):
        usd = float(np.dot(nodes, problem.usd_per_h))
        if usd < best:
            fits = linprog(
                np.zeros(15),
                A_ub=busy,
                b_ub=nodes,
                A_eq=np.tile(np.eye(5), 3),
                b_eq=np.ones(5),
                bounds=np.column_stack((np.zeros(15), upper)),
            )
            best = usd if fits.status == 0 else best
    return best


def test_a_class_that_no_type_serves_is_named() -> None:
    problem = random_problem(3)
    capacity = problem.capacity.copy()
    capacity[:, 1] = 0.0
    found = cheapest_mix(replace(problem, capacity=capacity))
    assert isinstance(found, NoMix)
    assert found.unserved == (1,)


def test_limits_that_are_too_tight_are_named_with_the_part_that_is_served() -> None:
    problem = MixProblem(
        np.array([10.0]), np.array([[1.0], [1.0]]), np.ones(2), np.arange(2), np.array([3.0, 2.0])
    )
    found = cheapest_mix(problem)
    assert isinstance(found, NoMix)
    assert found.served == pytest.approx(0.5)
    assert found.exhausted == (0, 1)


def test_two_set_ups_of_one_node_share_its_limit() -> None:
    problem = MixProblem(
        np.array([10.0, 10.0]),
        np.array([[2.0, 0.0], [0.0, 2.0], [1.0, 1.0]]),
        np.array([1.0, 1.0, 9.0]),
        np.array([0, 0, 1]),
        np.array([8.0, np.inf]),
    )
    found = cheapest_mix(problem)
    assert isinstance(found, Mix)
    assert found.nodes[:2].sum() == 8
    assert found.nodes[2] == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rates": np.ones(4)}, "needs 5 rates"),
        ({"rates": np.zeros(5)}, "rates must be above 0"),
        ({"usd_per_h": np.zeros(3)}, "usd_per_h must be above 0"),
    ],
)
def test_impossible_problems_are_refused(change: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(random_problem(1), **change)
