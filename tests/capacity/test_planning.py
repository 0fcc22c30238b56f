from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from capacity.availability.redundancy import MINUTES_PER_MONTH
from capacity.estimate import Estimate
from capacity.fleet.error_budget import availability_reached, pool_unavailability
from capacity.fleet.redundancy_rule import design_failures
from capacity.market.catalogue import shipped_catalogue
from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan, Infeasible
from capacity.planning import plan
from capacity.policy import LEVERS, Policy
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.scenario import Scenario

Planner = Callable[..., CapacityPlan]


def differing(one: CapacityPlan, other: CapacityPlan) -> set[str]:
    return {name for name in METRICS if not np.array_equal(one.draws[name], other.draws[name])}


# --- what is asked for ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "values", [{"seed": -1}, {"draws": 99}, {"draws": 1_000_001}, {"draws": -5}, {"draws": 0}]
)
def test_impossible_numbers_of_draws_and_seeds_are_refused(
    short: Scenario, values: dict[str, int]
) -> None:
    with pytest.raises(ValueError, match="allowed from 0, and 100 to 1,000,000"):
        plan(short, **values)


@pytest.mark.parametrize("values", [{"seed": 1.5}, {"seed": True}, {"draws": 200.5}])
def test_draws_and_seeds_are_whole_numbers(short: Scenario, values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"seed|draws"):
        plan(short, **({"draws": 200} | values))


@pytest.mark.parametrize("draws", [1_000_000, 500_000])
def test_more_draws_than_memory_holds_are_refused_before_they_are_made(
    reported: Scenario, monkeypatch: pytest.MonkeyPatch, draws: int
) -> None:
    """One metric of 1,000,000 draws in 240 months takes 2 GB; a plan holds more than fifty."""

    def allocated(*_: object, **__: object) -> None:
        raise MemoryError("the draws would have been made")

    monkeypatch.setattr("capacity.planning.draw_world", allocated)
    long = replace(reported, end="2041-12")
    with pytest.raises(ValueError, match="draws"):
        plan(long, draws=draws)


@pytest.mark.parametrize(
    ("change", "policy", "message"),
    [
        ({"architecture": "llama-2-13"}, {}, "llama-2-13.*nearest: llama-2-13b"),
        ({"profile": "burstgpt_chatgpt_con"}, {}, "nearest: burstgpt_chatgpt_conv"),
        ({}, {"provider": "AWSS"}, "unknown provider 'AWSS'; nearest: AWS"),
        ({}, {"instance": "p4d.24xlrge"}, "nearest: p4d.24xlarge"),
    ],
)
def test_an_unknown_name_is_a_value_error_with_the_nearest(
    short: Scenario, change: dict[str, str], policy: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        plan(replace(short, **change), Policy(**policy), draws=200)


def test_the_same_seed_gives_the_same_plan_and_another_does_not(
    short: Scenario, planned: Planner
) -> None:
    assert differing(planned(short), planned(short)) == set()
    other = plan(short, seed=8, draws=200)
    assert isinstance(other, CapacityPlan)
    assert "cost" in differing(planned(short), other)


def test_two_scenarios_share_their_draws(short: Scenario, planned: Planner) -> None:
    moved = differing(planned(short), planned(short, grid_carbon=(100, 200, 300)))
    assert moved == {"carbon_t"}


def test_demand_is_independent_of_every_input(reported_plan: CapacityPlan) -> None:
    draws = reported_plan.scenario.draw(2_000, 7)
    for metric in ("users", "daily_queries"):
        last = reported_plan.draws[metric][:, -1]
        for name, item in reported_plan.scenario.inputs.items():
            if not item.certain:
                rank = spearmanr(draws[name][:, 0], last).statistic
                assert abs(rank) < 4 / np.sqrt(2_000), name


def test_the_scenarios_own_policy_holds_until_another_is_given(public: Scenario) -> None:
    found = plan(public, draws=200)
    assert isinstance(found, CapacityPlan)
    assert found.policy == public.policy == Policy(precision="int8", ttft_s=5.0)


# --- edges of demand ------------------------------------------------------------------------


def test_no_demand_is_the_least_redundancy_or_a_clear_refusal(
    short: Scenario, planned: Planner
) -> None:
    try:
        found = planned(short, demand_factor=0)
    except ValueError as error:
        assert "demand_factor" in str(error)  # noqa: PT017  either answer is fine
        return
    assert found.serving_nodes.tolist() == [6] * 4
    assert all(np.all(np.isfinite(found.draws[name])) for name in METRICS)


def test_almost_no_demand_is_the_least_redundancy(short: Scenario, planned: Planner) -> None:
    found = planned(short, demand_factor=1e-6)
    assert found.serving_nodes.tolist() == [6] * 4
    assert all(np.all(np.isfinite(found.draws[name])) for name in METRICS)


@pytest.mark.parametrize(
    ("name", "numbers", "level"),
    [
        ("reply_tokens", (1, 1000, 1e6), 0.01),
        ("price_factor", (0.01, 1, 10), 1e-6),
        ("demand_factor", (1e-9, 1, 1e4), 0.05),
    ],
)
def test_an_estimate_that_states_almost_nothing_is_refused_or_finite(
    short: Scenario, name: str, numbers: tuple[float, float, float], level: float
) -> None:
    """The tails of a hundredth of the mass inside reach beyond every float."""
    try:
        value = Estimate(*numbers, level=level, unit=short.inputs[name].unit)
        found = plan(short.override("x", **{name: value}), draws=200)
    except ValueError as error:
        assert "level" in str(error) or name in str(error)  # noqa: PT017  either answer is fine
        return
    if isinstance(found, CapacityPlan):
        assert all(np.all(np.isfinite(found.draws[metric])) for metric in METRICS)


def test_ten_thousand_times_the_demand_is_planned(short: Scenario, planned: Planner) -> None:
    one, many = planned(short, demand_factor=1), planned(short, demand_factor=10_000)
    assert np.all(many.draws["peak_rate"] == pytest.approx(one.draws["peak_rate"] * 1e4))
    assert all(np.all(np.isfinite(many.draws[name])) for name in METRICS)
    assert many.availability >= 0.9995


@pytest.mark.parametrize("model", ["llama-3.1-8b", "llama-3.1-70b", "mixtral-8x7b", "falcon-180b"])
def test_every_size_of_model_is_planned_or_infeasible(short: Scenario, model: str) -> None:
    found = plan(replace(short, architecture=model), draws=200)
    assert isinstance(found, CapacityPlan | Infeasible)
    if isinstance(found, CapacityPlan):
        assert np.all(np.isfinite(found.draws["cost"]))


# --- infeasible -----------------------------------------------------------------------------

INFEASIBLE = {
    "one region": ({}, {"regions": 1}, "single region"),
    "failover": ({"failover_failure": 1.0}, {}, "failover"),
    "changes": ({}, {"changes_per_month": 1000}, "changes"),
    "latency": ({}, {"ttft_s": 0.05}, "latency"),
    "zone of a region": ({}, {"zones": 1, "regions": 1, "availability": 0.998}, "zone"),
    "zone": ({"zone_unavailability": 0.01}, {"zones": 1}, "zone"),
}


@pytest.mark.parametrize("case", INFEASIBLE)
def test_what_cannot_be_met_is_a_result_with_reason_and_remedies(
    short: Scenario, case: str
) -> None:
    inputs, levers, word = INFEASIBLE[case]
    found = plan(short.override("x", **inputs), Policy(**levers), draws=200)
    assert isinstance(found, Infeasible)
    assert word in found.reason
    assert found.remedies


@pytest.mark.parametrize(
    ("levers", "binding", "word"),
    [
        ({"provider": "GCP", "term": "1y"}, "price", "price"),
        ({"provider": "GCP", "term": "on-demand", "precision": "fp8"}, "precision", "number type"),
        ({"instance": "p5.48xlarge"}, "date", "had"),
    ],
)
def test_the_reason_names_the_constraint_that_binds_and_not_another(
    short: Scenario, levers: dict[str, str], binding: str, word: str
) -> None:
    """No price, no number type, no card on sale: looser latency targets would not help."""
    found = plan(short, Policy(**levers), draws=200)
    assert isinstance(found, Infeasible)
    assert binding in {item.binding for item in found.rejections}
    assert "latency" not in {item.binding for item in found.rejections}
    assert "latency" not in found.reason
    assert word in found.reason or binding in found.reason


@pytest.mark.parametrize(
    "levers",
    [{"regions": 1}, {"changes_per_month": 1000}, {"regions": 1, "zones": 1}],
    ids=str,
)
def test_a_target_that_a_remedy_names_can_be_met(short: Scenario, levers: dict[str, int]) -> None:
    refused = plan(short, Policy(**levers), draws=200)
    assert isinstance(refused, Infeasible)
    named = re.search(r"a target of at most (0\.[0-9]+)", " ".join(refused.remedies))
    assert named
    lower = Policy(**levers, availability=float(named.group(1)))
    assert isinstance(plan(short, lower, draws=200), CapacityPlan)


def test_a_remedy_works(short: Scenario) -> None:
    refused = plan(short, Policy(regions=1), draws=200)
    assert isinstance(refused, Infeasible)
    assert any("regions=2" in remedy for remedy in refused.remedies)
    assert isinstance(plan(short, Policy(regions=2), draws=200), CapacityPlan)


@pytest.mark.parametrize("regions", [1, 2])
def test_spare_replicas_cost_the_databases_that_they_are(short: Scenario, regions: int) -> None:
    policy = Policy(regions=regions, availability=0.99)
    one, more = (plan(short, policy.change({"read_spares": n}), draws=200) for n in (1, 3))
    assert isinstance(one, CapacityPlan)
    assert isinstance(more, CapacityPlan)
    moved = {"databases", "cost_databases", "cost_overhead", "cost"}
    unit_costs = {name for name in METRICS if name.startswith("cost_per_")}
    assert moved <= differing(one, more) <= moved | unit_costs
    added = more.draws["databases"] - one.draws["databases"]
    assert np.all(added == 2 * regions)
    each = one.draws["cost_databases"] / one.draws["databases"]
    share = 1.0 + one.draws["cost_overhead"] / (one.draws["cost"] - one.draws["cost_overhead"])
    dearer = more.draws["cost"] - one.draws["cost"]
    np.testing.assert_allclose(dearer, added * each * share, rtol=1e-6)


def test_a_large_load_is_told_how_many_more_replicas_it_takes() -> None:
    busy = Scenario.load("public-mid-2024")
    policy = busy.policy.change({"redundancy": "request-weighted"})
    refused = plan(busy, policy, draws=100)
    assert isinstance(refused, Infeasible)
    assert "most of them to read replicas" in refused.reason
    remedy = "one more read replica in each region: --policy read_spares=2"
    assert remedy in refused.remedies
    found = plan(busy, policy.change({"read_spares": 2}), draws=100)
    assert isinstance(found, CapacityPlan)
    assert found.availability >= policy.availability


def test_replicas_are_no_remedy_where_they_do_not_help(short: Scenario) -> None:
    for redundancy in LEVERS["redundancy"].choices:
        refused = plan(short, Policy(regions=1, redundancy=redundancy), draws=100)
        assert isinstance(refused, Infeasible)
        assert not any("read_spares" in remedy for remedy in refused.remedies)


# --- purchase -------------------------------------------------------------------------------

STARTS = ["2022-01", "2022-05", "2022-12", "2023-07", "2023-11", "2024-01"]


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.99])
def test_standing_nodes_cover_the_quantile_in_every_month(
    reported: Scenario, planned: Planner, confidence: float
) -> None:
    found = planned(reported, Policy(confidence=confidence))
    need = found.draws["serving_gpus"] / found.option.instance.gpus
    assert np.all((need <= found.serving_nodes).mean(axis=0) >= confidence)
    assert np.all(found.shortfall <= 1 - confidence + 1e-12)


def test_the_shortfall_is_the_share_of_draws_that_need_more(reported_plan: CapacityPlan) -> None:
    need = reported_plan.draws["serving_gpus"] / 8
    expected = (need > reported_plan.serving_nodes).mean(axis=0)
    assert reported_plan.shortfall == pytest.approx(expected)


def test_orders_add_up_to_what_stands(reported_plan: CapacityPlan) -> None:
    for purpose in ("serving", "training"):
        stands = getattr(reported_plan, f"{purpose}_nodes")
        for column, month in enumerate(reported_plan.months):
            lots = [lot for lot in reported_plan.orders if lot.purpose == purpose]
            there = sum(lot.nodes for lot in lots if lot.in_service <= month)
            assert there == stands[column]


def test_orders_come_in_time_under_the_lead_time_of_their_day(reported_plan: CapacityPlan) -> None:
    days = [lot.order_by for lot in reported_plan.orders]
    assert days == sorted(days)
    for lot in reported_plan.orders:
        placed = np.datetime64(lot.order_by, "M")
        lead = shipped_catalogue().lead_time(reported_plan.option.instance.name, placed)
        arrival = np.datetime64(lot.order_by) + np.timedelta64(round(lead.mid * 7), "D")
        assert arrival <= lot.in_service.astype("datetime64[D]")


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("levers", [{}, {"provider": "GCP", "term": "on-demand"}], ids=str)
def test_no_plan_buys_what_its_first_month_cannot_have(
    reported: Scenario, start: str, levers: dict[str, str]
) -> None:
    found = plan(replace(reported, start=start), Policy(**levers), draws=200)
    assert isinstance(found, CapacityPlan)
    assert found.option.instance.purchasable_from <= np.datetime64(start)


def test_a_plan_that_begins_in_2022_lists_later_cards_as_rejected(
    reported_plan: CapacityPlan,
) -> None:
    late = {"p5.48xlarge", "p5en.48xlarge", "p6-b200.48xlarge", "g6.48xlarge"}
    dated = {item.option.split()[0] for item in reported_plan.rejections if item.binding == "date"}
    assert late <= dated


@pytest.mark.parametrize("start", ["2023-07", "2023-08", "2023-10"])
def test_a_node_just_on_sale_is_planned_or_rejected_by_its_lead_time(
    reported: Scenario, start: str
) -> None:
    found = plan(replace(reported, start=start), Policy(instance="p5.48xlarge"), draws=200)
    assert isinstance(found, CapacityPlan | Infeasible)


@pytest.mark.parametrize("start", ["2023-07", "2023-11", "2024-01"])
def test_nothing_is_ordered_before_the_card_exists(reported: Scenario, start: str) -> None:
    found = plan(replace(reported, start=start), Policy(instance="p5.48xlarge"), draws=200)
    if isinstance(found, CapacityPlan):
        card = shipped_catalogue().accelerators[found.option.instance.accelerator]
        first = card.released.astype("datetime64[D]").item()
        assert min(lot.order_by for lot in found.orders) >= first


def test_a_window_without_a_published_figure_leaves_it_out(public: Scenario) -> None:
    """Shortening the plan is what a planner does first: it must not end in an error."""
    found = plan(replace(public, end="2024-03"), draws=200)
    assert isinstance(found, CapacityPlan)
    assert found.checks == ()


# --- availability ---------------------------------------------------------------------------


@pytest.mark.parametrize("availability", [0.99, 0.999, 0.9995])
@pytest.mark.parametrize(("zones", "regions"), [(2, 2), (3, 2), (4, 3)])
def test_what_stands_reaches_the_target_and_one_node_fewer_a_zone_misses_it(
    short: Scenario, planned: Planner, availability: float, zones: int, regions: int
) -> None:
    policy = Policy(availability=availability, zones=zones, regions=regions, order_months=1)
    found = planned(replace(short, start="2023-03"), policy)
    failures = design_failures(found.scenario.inputs, policy)
    assert found.availability >= availability
    each = int(found.serving_nodes[-1]) // (zones * regions)
    fewer = (needed(found) <= each - 1).mean()
    assert fewer < policy.confidence
    assert availability_reached(1.0, policy, failures) < availability


def needed(found: CapacityPlan) -> np.ndarray:
    """Nodes that each draw needs in each zone in the last month."""
    nodes = found.draws["serving_gpus"][:, -1] / found.option.instance.gpus
    return nodes / (found.policy.zones * found.policy.regions)


def test_the_need_of_every_draw_meets_the_target_with_its_nodes_and_not_with_one_fewer(
    short: Scenario, planned: Planner
) -> None:
    found = planned(short)
    failures = design_failures(found.scenario.inputs, found.policy)
    for each in np.unique(needed(found)).astype(int)[:5]:
        largest = max(
            need
            for need in range(1, each * 3 + 1)
            if reaches(need, each, found.policy, failures) >= found.policy.availability
        )
        assert reaches(largest + 1, each, found.policy, failures) < found.policy.availability


def reaches(need: int, each: int, policy: Policy, failures: Any) -> float:
    return availability_reached(pool_unavailability(need, each, policy, failures), policy, failures)


def test_the_budget_of_a_plan_adds_up_and_leaves_something(reported_plan: CapacityPlan) -> None:
    total = sum(line.minutes for line in reported_plan.budget)
    assert total == pytest.approx(0.0005 * MINUTES_PER_MONTH)
    assert min(line.minutes for line in reported_plan.budget) >= 0
    spent = total - reported_plan.budget[-1].minutes
    lost = (1 - reported_plan.availability) * MINUTES_PER_MONTH
    assert spent == pytest.approx(lost, rel=1e-4)


# --- nothing idle ---------------------------------------------------------------------------

MOVES = {"cached_share": 0.5, "stored_before_pb": 1.0, "demand_factor": 31.0}
LEVER_VALUES: dict[str, Any] = {
    "availability": 0.999,
    "confidence": 0.6,
    "ttft_s": 0.35,
    "tpot_s": 0.05,
    "latency_share": 0.6,
    "zones": 2,
    "regions": 3,
    "read_spares": 2,
    "redundancy": "request-weighted",
    "changes_per_month": 50,
    "canary_share": 0.3,
    "order_months": 1,
    "term": "on-demand",
    "precision": "int8",
    "provider": "Azure",
    "instance": "g5.12xlarge",
    "tensor_parallel": "8",
    "conversation_retention_months": 1,
    "telemetry_retention_months": 1,
    "checkpoint_retention_months": 1,
    "database_copies": 4,
    "backup_copies": 2,
}


@pytest.fixture(scope="module")
def large(short: Scenario) -> Scenario:
    """Demand so large that rounding to whole nodes hides nothing."""
    return short.override("large", demand_factor=30.0)


@pytest.fixture(scope="module")
def large_plan(large: Scenario, planned: Planner) -> CapacityPlan:
    return planned(large)


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_every_input_moves_a_metric(
    large: Scenario, large_plan: CapacityPlan, planned: Planner, name: str
) -> None:
    mid, top = ASSUMPTIONS[name].estimate.mid, ASSUMPTIONS[name].maximum
    value = MOVES.get(name, mid * (1.9 if mid * 1.9 <= top else 0.6))
    before = planned(large, **{name: large.inputs[name].mid})
    assert differing(before, planned(large, **{name: value})) != set()


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_moves_a_metric(
    large: Scenario, large_plan: CapacityPlan, planned: Planner, name: str
) -> None:
    term = {"term": "on-demand"} if name == "provider" else {}
    before = planned(large, Policy(**term)) if term else large_plan
    changed = planned(large, Policy(**({name: LEVER_VALUES[name]} | term)))
    assert differing(before, changed) != set()


def test_the_words_of_a_plan_name_what_is_bought(reported_plan: CapacityPlan) -> None:
    assert reported_plan.option.instance.name in reported_plan.text
