from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.fleet.purchase import bought_to, nodes_standing
from capacity.money.recourse import outcome
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.procurement.buying import Buying
from capacity.procurement.deciding import decide
from capacity.procurement.decision import FORESIGHT, ON_DEMAND, RECOMMENDED, UNLIMITED, Decision
from capacity.procurement.held import Held
from capacity.procurement.program import Risk, cheapest_orders
from capacity.procurement.situation import Situation
from capacity.scenarios.file import load_scenario


def at_hand(name: str, draws: int) -> Situation:
    made = plan(load_scenario(name), draws=draws)
    assert isinstance(made, CapacityPlan)
    return Situation.of(made)


@pytest.fixture(scope="module")
def reported() -> Decision:
    return decide(at_hand("reported-case", 1_000))


def test_every_policy_is_judged_and_none_beats_perfect_foresight(reported: Decision) -> None:
    names = {item.name for item in reported.verdicts}
    assert names == {
        RECOMMENDED, UNLIMITED, FORESIGHT, ON_DEMAND,
        "buy to P50", "buy to P80", "buy to P90", "buy to P95",
    }  # fmt: skip
    assert reported.verdicts[0].name == FORESIGHT
    assert all(item.regret_usd >= 0.0 for item in reported.verdicts)
    assert list(reported.verdicts) == sorted(reported.verdicts, key=lambda item: item.usd)


@pytest.mark.parametrize("name", ["reported-case", "work-assistant", "public-mid-2024"])
def test_the_recommendation_beats_p50_p95_and_on_demand_on_draws_it_has_not_seen(
    name: str, reported: Decision
) -> None:
    made = reported if name == "reported-case" else decide(at_hand(name, 2_000))
    for rival in ("buy to P50", "buy to P95", ON_DEMAND):
        assert made.verdict(rival).above_usd > 0.0, rival


@pytest.mark.parametrize("name", ["reported-case", "platform-shift"])
def test_on_its_own_draws_no_listed_policy_is_cheaper(name: str) -> None:
    found, buying = at_hand(name, 400), Buying(max_shortfall=1.0)
    offered, rows = found.menu(buying), np.arange(400)
    futures = found.futures(rows, offered, buying)
    best = cheapest_orders(offered.offers, offered.top_up, futures, Risk())
    mine, need = offered.of(found.instance, "1y"), found.need.astype(np.int64)
    for p in (0.5, 0.8, 0.9, 0.95):
        target = nodes_standing(need, found.plan.policy, p) - found.held
        nodes = bought_to(target, offered.offers, mine)
        usd = outcome(offered.offers, nodes, offered.top_up, futures).usd.mean()
        assert best.usd <= usd * (1.0 + 1e-4), p


def test_figures_are_the_same_for_the_same_seed() -> None:
    one, two = (decide(at_hand("work-assistant", 100)) for _ in range(2))
    assert one.verdicts == two.verdicts
    assert one.lots == two.lots


def test_nodes_standing_are_those_held_and_ordered(reported: Decision) -> None:
    found = reported.situation
    total = found.held.copy()
    for lot in reported.lots:
        age = (found.months - lot.item.month).astype(np.int64)
        length = {"1y": 12, "3y": 36, "capacity-block": 1}[lot.item.term]
        total += lot.nodes * found.yields[lot.item.instance] * ((age >= 0) & (age < length))
    assert reported.standing == pytest.approx(total)


def test_missing_a_date_raises_the_risk_of_a_month_and_costs(reported: Decision) -> None:
    assert reported.late
    assert {item.order_by for item in reported.late} == {lot.item.order_by for lot in reported.lots}
    for item in reported.late:
        assert item.after >= item.before
        assert item.usd > 0.0
        assert item.month in {lot.item.month for lot in item.lots}
    assert max(item.after - item.before for item in reported.late) > 0.1


def test_a_tighter_limit_costs_more_and_a_looser_one_keeps_less(reported: Decision) -> None:
    loose = reported.verdict(UNLIMITED)
    assert loose.usd <= reported.verdict(RECOMMENDED).usd
    assert loose.shortfall.max() > reported.verdict(RECOMMENDED).shortfall.max()


def test_months_that_no_order_can_reach_are_named() -> None:
    """Only small cards arrive within a month of 1 January, A100 servers in ten weeks."""
    found = at_hand("reported-case", 100)
    bare = replace(found, held=np.zeros(found.months.size))
    made = decide(bare, Buying(on_demand_nodes=2))
    assert [str(month) for month in made.unreachable] == ["2023-01"]
    large = replace(bare, yields={found.instance: 1.0})
    made = decide(large, Buying(on_demand_nodes=2))
    assert [str(month) for month in made.unreachable] == ["2023-01", "2023-02", "2023-03"]


def test_waiting_has_no_worth_where_the_first_order_cannot_wait() -> None:
    """With nothing held, ordering nothing for a quarter leaves users unserved."""
    made = decide(at_hand("public-mid-2024", 400))
    assert made.waiting.usd + made.waiting.error < 0.0
    assert made.reviewing.usd > 0.0
    assert made.shorter_lead.usd > 0.0


def test_the_tail_is_lighter_where_it_is_minimised() -> None:
    found = at_hand("work-assistant", 300)
    mean, tail = (decide(found, Buying(max_shortfall=1.0, cvar=cvar)) for cvar in (0.0, 0.9))
    assert tail.verdict(RECOMMENDED).tail_usd < mean.verdict(RECOMMENDED).tail_usd
    assert tail.verdict(RECOMMENDED).bought_usd > mean.verdict(RECOMMENDED).bought_usd


def test_progress_is_told_step_by_step() -> None:
    steps: list[str] = []
    decide(at_hand("work-assistant", 100), progress=steps.append)
    assert len(steps) == 4


def test_regions_that_differ_by_nothing_get_half_of_the_common_orders_each() -> None:
    """A price that differs by a billionth makes the program tell the regions apart."""
    found = at_hand("work-assistant", 200)
    alike, apart = (
        decide(found, Buying(region_price=price)) for price in ((1.0,), (1.0, 1 + 1e-9))
    )
    assert not alike.regions_differ
    assert apart.regions_differ
    assert apart.purchase.bound == pytest.approx(alike.purchase.bound, rel=1e-6)
    assert apart.purchase.usd == pytest.approx(alike.purchase.usd, rel=1e-3)
    for name in (ON_DEMAND, FORESIGHT, "buy to P80"):
        one, two = apart.verdict(name), alike.verdict(name)
        assert one.usd == pytest.approx(two.usd, rel=1e-6)
        assert one.minutes == pytest.approx(two.minutes)
        assert one.shortfall == pytest.approx(two.shortfall)


def test_a_region_without_on_demand_orders_more() -> None:
    buying = Buying(region_on_demand=(1.0, 0.0), zone_lot=2)
    made = decide(at_hand("work-assistant", 200), buying)
    lot = 2 * made.situation.plan.policy.zones
    assert all(found.nodes % lot == 0 for found in made.lots)
    first, second = (
        sum(
            lot.nodes * {"1y": 12, "3y": 36, "capacity-block": 1}[lot.item.term]
            for lot in made.lots
            if lot.item.region == region
        )
        for region in (1, 2)
    )
    assert 0 < first < second


def test_cards_that_retire_early_are_replaced_by_orders() -> None:
    found = at_hand("work-assistant", 200)
    last, early = found.months[-1], found.months[3]
    standing, usd = [], []
    for until in (last, early):
        mine = Situation.of(found.plan, held=[Held(30, until)])
        offered, buying = mine.menu(Buying()), Buying()
        futures = mine.futures(np.arange(200), offered, buying)
        best = cheapest_orders(offered.offers, offered.top_up, futures, Risk(0.05))
        standing.append(futures.cover(offered.offers) @ best.nodes[0])
        usd.append(best.usd)
        result = outcome(offered.offers, best.nodes, offered.top_up, futures)
        assert not best.unreachable.any()
        assert (result.shortfall <= 0.05).all()
    assert (standing[1][4:] > standing[0][4:]).all()
    assert usd[1] > usd[0]
