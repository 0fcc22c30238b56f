from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.arrays import Floats
from capacity.money.recourse import Futures, Offers, TopUp, outcome
from capacity.procurement.program import Purchase, Risk, cheapest_orders

MONTHS = 6


def offers(
    *terms: tuple[int, float], months: int = MONTHS, first: int = 0, lot: float = 1.0
) -> Offers:
    """One offer of each term, length and price of a node, for each month."""
    starts = range(first, months)
    rows = [(start, length, usd) for length, usd in terms for start in starts]
    start, length, usd = (np.array(column) for column in zip(*rows, strict=True))
    size = len(rows)
    return Offers(
        start, length, usd.astype(float), np.ones(size), np.full(size, np.inf),
        np.full(size, lot), np.zeros(size, dtype=bool), np.zeros(size, dtype=np.int64),
    )  # fmt: skip


def top_up(
    months: int = MONTHS, on_demand: float = 10.0, limit: float = 0.0, missing: float = 40.0
) -> TopUp:
    each = [np.full(months, value) for value in (on_demand, limit, 0.0, missing)]
    return TopUp(*each)


def futures(need: Floats) -> Futures:
    return Futures(need, np.zeros_like(need), np.zeros(len(need), dtype=np.int64))


def growing(seed: int, draws: int = 40, months: int = MONTHS) -> Futures:
    rng = np.random.default_rng(seed)
    steps = rng.normal(0.15, 0.25, (draws, months))
    spot = rng.integers(0, 2, (draws, months)).astype(float)
    need = np.ceil(4.0 * np.exp(np.cumsum(steps, axis=1)))
    return Futures(need, spot, np.zeros(draws, dtype=np.int64))


def mean_usd(what: Offers, found: Purchase, top: TopUp, draws: Futures) -> float:
    return float(outcome(what, found.nodes, top, draws).usd.mean())


@given(
    st.lists(st.integers(0, 60), min_size=5, max_size=40), st.floats(1.3, 30.0), st.integers(0, 9)
)
@settings(max_examples=40, deadline=None)
def test_one_month_and_one_term_are_the_newsvendor(
    needs: list[int], missing: float, held: int
) -> None:
    need = np.array(needs, dtype=float)[:, None] - held
    found = cheapest_orders(
        offers((1, 1.0), months=1), top_up(1, 1.0, 0.0, missing), futures(need), Risk()
    )
    best = np.maximum(0.0, np.quantile(need, 1.0 - 1.0 / missing, method="inverted_cdf"))
    cost = best + missing * np.maximum(0.0, need - best).mean()
    assert found.usd == pytest.approx(cost, rel=1e-9)


def test_with_a_known_need_three_months_are_as_by_hand() -> None:
    """Need 2, 5, 3. Three months cost 24, one month 10, on demand 12 for one node.

    Two nodes are needed throughout: 48. A third for two months costs 20 by the month. The fourth
    and fifth are one month each: with no limit 20, so 88. With two by the month, one of the three
    in the second month comes on demand: 48 + 20 + 12 + 10 = 90; a third long one would make 92.
    """
    need = futures(np.array([[2.0, 5.0, 3.0]]))
    what = offers((3, 24.0), (1, 10.0), months=3)
    top = top_up(3, 12.0, 1.0, 100.0)
    assert cheapest_orders(what, top, need, Risk()).usd == pytest.approx(88.0)
    fewer = replace(what, limit=np.where(what.length == 1, 2.0, np.inf))
    found = cheapest_orders(fewer, top, need, Risk())
    assert found.usd == pytest.approx(90.0)
    assert found.nodes[0, 0] == pytest.approx(2.0)
    assert outcome(fewer, found.nodes, top, need).on_demand.tolist() == [[0.0, 1.0, 0.0]]


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_no_other_orders_are_cheaper_on_the_same_draws(seed: int) -> None:
    draws, what, top = growing(seed), offers((1, 7.0), (3, 15.0), (12, 30.0)), top_up(limit=2.0)
    found = cheapest_orders(what, top, draws, Risk())
    rng = np.random.default_rng(seed)
    for others in rng.integers(0, 4, (30, 1, what.start.size)) * (rng.random((30, 1, 1)) < 0.5):
        other = outcome(what, others.astype(float), top, draws).usd.mean()
        assert found.bound <= other + 1e-6
        assert found.usd * (1.0 - 1e-4) <= other + 1e-6


@given(st.integers(0, 10_000), st.sampled_from([1.0, 0.1]))
@settings(max_examples=25, deadline=None)
def test_the_program_and_the_simulation_agree_on_the_cost(seed: int, limit: float) -> None:
    draws, what, top = growing(seed), offers((1, 7.0), (3, 15.0)), top_up(limit=2.0)
    found = cheapest_orders(what, top, draws, Risk(limit))
    assert mean_usd(what, found, top, draws) == pytest.approx(found.usd, rel=1e-6)
    assert 0.0 <= found.gap < 0.2


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.05, 0.3]))
@settings(max_examples=25, deadline=None)
def test_the_limit_on_a_shortfall_holds_in_every_month(seed: int, limit: float) -> None:
    draws, what = growing(seed), offers((2, 15.0), lot=3.0)
    top = top_up(limit=2.0, missing=10.0)
    found = cheapest_orders(what, top, draws, Risk(limit))
    assert not found.unreachable.any()
    assert (outcome(what, found.nodes, top, draws).shortfall <= limit + 1e-12).all()
    assert found.usd >= cheapest_orders(what, top, draws, Risk()).usd * (1.0 - 1e-4)


def test_a_limit_out_of_reach_is_named_by_month_and_met_as_far_as_can_be() -> None:
    draws, what = growing(3), offers((6, 30.0), first=2)
    what = replace(what, limit=np.full(what.start.size, 1.0))
    found = cheapest_orders(what, top_up(), draws, Risk(0.05))
    assert found.unreachable[0, :2].all()
    assert found.nodes[0].tolist() == [1.0] * 4


@given(st.integers(0, 10_000), st.sampled_from([0.5, 0.9]))
@settings(max_examples=15, deadline=None)
def test_the_cvar_is_that_of_the_simulated_costs_and_the_least(seed: int, level: float) -> None:
    draws, what, top = growing(seed), offers((1, 7.0), (3, 15.0)), top_up(limit=1.0)
    found = cheapest_orders(what, top, draws, Risk(cvar=level))
    careless = cheapest_orders(what, top, draws, Risk())

    def worst(nodes: Floats) -> float:
        usd = np.sort(outcome(what, nodes, top, draws).usd)
        return float(usd[round(level * usd.size) :].mean())

    assert worst(found.nodes) == pytest.approx(found.usd, rel=1e-6)
    assert found.usd <= worst(careless.nodes) * (1.0 + 1e-4)


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_knowing_more_never_costs_more(seed: int) -> None:
    """Nothing known, four groups told apart after two months, every draw known."""
    draws, what, top = growing(seed), offers((1, 7.0), (4, 18.0)), top_up(limit=1.0)
    ranks = np.argsort(np.argsort(draws.need[:, 1], kind="stable"))
    some = replace(what, informed=what.start >= 2)
    every = replace(what, informed=np.ones(what.start.size, dtype=bool))
    grouped = replace(draws, group=ranks * 4 // len(ranks))
    known = replace(draws, group=np.arange(len(ranks)))
    costs = [
        cheapest_orders(kind, top, drawn, Risk(), whole=False).usd
        for kind, drawn in ((what, draws), (some, grouped), (every, known))
    ]
    assert costs[2] <= costs[1] + 1e-6 <= costs[0] + 2e-6


def test_orders_before_the_review_are_the_same_in_every_group() -> None:
    draws, what = growing(5), offers((1, 7.0), (4, 18.0))
    what = replace(what, informed=what.start >= 2)
    grouped = replace(draws, group=np.arange(40, dtype=np.int64) % 3)
    found = cheapest_orders(what, top_up(), grouped, Risk(0.1))
    assert np.ptp(found.nodes[:, ~what.informed], axis=0).max() == 0.0
    assert np.ptp(found.nodes[:, what.informed], axis=0).max() > 0.0


def test_after_the_review_the_limit_holds_in_every_group() -> None:
    draws, what = growing(5), offers((1, 7.0))
    what = replace(what, informed=what.start >= 2)
    high = (draws.need[:, 1] > np.median(draws.need[:, 1])).astype(np.int64)
    grouped = replace(draws, group=high)
    found = cheapest_orders(what, top_up(missing=10.0), grouped, Risk(0.1))
    missing = outcome(what, found.nodes, top_up(missing=10.0), grouped).missing > 0.0
    for group in (0, 1):
        assert (missing[high == group, 2:].mean(axis=0) <= 0.1).all()
    assert (missing[:, :2].mean(axis=0) <= 0.1).all()


@given(st.integers(0, 10_000), st.sampled_from([1.0, 3.0, 5.0]))
@settings(max_examples=20, deadline=None)
def test_orders_come_in_whole_lots_and_cost_at_least_the_linear_bound(
    seed: int, lot: float
) -> None:
    draws, what, top = growing(seed), offers((1, 7.0), (4, 18.0), lot=lot), top_up(limit=1.5)
    found = cheapest_orders(what, top, draws, Risk())
    free = cheapest_orders(what, top, draws, Risk(), whole=False)
    lots = found.nodes / lot
    assert np.abs(lots - np.rint(lots)).max() < 1e-6
    assert found.bound == pytest.approx(free.usd, rel=1e-6)
    assert found.usd >= free.usd - 1e-6


@pytest.mark.parametrize("values", [(-0.1, 0.0), (1.1, 0.0), (0.5, 1.0), (np.nan, 0.0)])
def test_what_is_no_probability_is_refused(values: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="allowed are 0 to 1"):
        Risk(*values)


def by_region(what: Offers, *factors: float) -> Offers:
    """The same offers in each region, at a price of its own."""
    columns = {name: np.concatenate([values] * len(factors)) for name, values in vars(what).items()}
    region = np.repeat(np.arange(len(factors)), what.start.size)
    usd = columns["usd"] * np.array(factors)[region]
    return Offers(**{**columns, "usd": usd, "region": region})


def parted(draws: Futures, regions: int) -> Futures:
    """An equal part of the need in each region."""
    need, spot = (np.tile(part / regions, regions) for part in (draws.need, draws.spot))
    return Futures(need, spot, draws.group, regions)


def twice(top: TopUp, other: TopUp) -> TopUp:
    return TopUp(*(np.concatenate(pair) for pair in zip(*map(_columns, (top, other)), strict=True)))


def _columns(top: TopUp) -> list[Floats]:
    return [top.on_demand_usd, top.on_demand_limit, top.spot_usd, top.shortfall_usd]


@given(st.integers(0, 10_000), st.sampled_from([1.0, 0.1]), st.sampled_from([0.0, 0.5]))
@settings(max_examples=20, deadline=None)
def test_regions_on_equal_terms_cost_what_one_order_for_both_does(
    seed: int, limit: float, cvar: float
) -> None:
    draws, risk = growing(seed), Risk(limit, cvar)
    alike = offers((1, 7.0), (3, 15.0), lot=2.0)
    whole = cheapest_orders(alike, top_up(limit=2.0), draws, risk)
    each = by_region(replace(alike, lot=alike.lot / 2.0), 1.0, 1.0)
    top = twice(top_up(limit=1.0), top_up(limit=1.0))
    found = cheapest_orders(each, top, parted(draws, 2), risk)
    assert found.bound == pytest.approx(whole.bound, rel=1e-6)
    if not cvar:  # the tail of a sum may be lighter where regions are not in step
        assert found.usd == pytest.approx(whole.usd, rel=3e-4)
    assert found.usd <= whole.usd * (1.0 + 3e-4)


@given(st.integers(0, 10_000), st.sampled_from([1.0, 0.1]), st.floats(1.0, 1.8))
@settings(max_examples=20, deadline=None)
def test_the_mean_cost_falls_into_one_program_for_each_region(
    seed: int, limit: float, dearer: float
) -> None:
    draws, what = growing(seed), offers((1, 7.0), (3, 15.0))
    tops, factors = (top_up(limit=3.0), top_up(on_demand=12.0, limit=0.0)), (1.0, dearer)
    half = Futures(draws.need / 2.0, draws.spot / 2.0, draws.group)
    apart = [
        cheapest_orders(by_region(what, factor), top, half, Risk(limit)).usd
        for factor, top in zip(factors, tops, strict=True)
    ]
    together = by_region(what, *factors)
    found = cheapest_orders(together, twice(*tops), parted(draws, 2), Risk(limit))
    assert found.usd == pytest.approx(sum(apart), rel=3e-4)
    result = outcome(together, found.nodes, twice(*tops), parted(draws, 2))
    assert (result.shortfall <= limit + 1e-12).all()  # in any of both
