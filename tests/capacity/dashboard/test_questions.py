from __future__ import annotations

import io
import pickle
from collections.abc import Callable

import pypdf
import pytest

from capacity.comparison import compare
from capacity.dashboard.questions import advice, compared, matters, money
from capacity.dashboard.setting import Setting
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.procurement.deciding import decide
from capacity.procurement.situation import Situation
from capacity.questions.break_even import break_even
from capacity.questions.economics import unit_costs
from capacity.questions.sensitivity import sensitivity
from capacity.report.comparison_table import comparison_csv
from capacity.report.decision_json import decision_json, orders_csv
from capacity.scenarios.scenario import Scenario

FEW = Setting(draws=200)
NO_PLAN = FEW.with_lever("ttft_s", "0.05")


@pytest.fixture(scope="module")
def found(reported: Scenario) -> CapacityPlan:
    planned = plan(reported, seed=7, draws=200)
    assert isinstance(planned, CapacityPlan)
    return planned


def test_advice_is_the_decision_of_the_python_interface(found: CapacityPlan) -> None:
    lines: list[str] = []
    shown, made = advice(FEW, lines.append), decide(Situation.of(found))
    assert shown.files["decision.json"].decode() == decision_json(made)
    assert shown.files["orders.csv"].decode() == orders_csv(made)
    assert sum(row.nodes for row in shown.orders) == sum(lot.nodes for lot in made.lots)
    assert len(pypdf.PdfReader(io.BytesIO(shown.files["decision.pdf"])).pages) > 0
    assert shown.files["decision.xlsx"].startswith(b"PK")
    assert len(lines) > 1


def test_advice_holds_no_draws() -> None:
    kept = advice(Setting(), lambda _: None)
    assert len(pickle.dumps(kept._replace(files={}))) < 50_000


def test_money_is_that_of_the_python_interface(found: CapacityPlan) -> None:
    shown = money(FEW, None)
    assert shown.costs == unit_costs(found)
    assert shown.even == break_even(found)
    assert (shown.month, shown.lasts) == ("2024-06", "")


def test_more_money_never_lasts_shorter() -> None:
    assert "spent in 2023-01" in money(FEW, 1.0).lasts
    assert "lasts to 2024-06 with 100 %" in money(FEW, 1e12).lasts


def test_what_matters_is_that_of_the_python_interface(found: CapacityPlan) -> None:
    lines: list[str] = []
    shown = matters(FEW, "cost", lines.append)
    assert shown.found == sensitivity(found, "cost")
    assert len(lines) >= len(shown.swings.bars) > 0
    assert any("failover_failure" in line for line in shown.no_plan)


def test_comparison_is_that_of_the_python_interface(
    found: CapacityPlan, reported: Scenario
) -> None:
    longer = FEW.with_change("reply_tokens", "150,300,600")
    other = plan(longer.scenario, reported.policy, seed=7, draws=200)
    assert isinstance(other, CapacityPlan)
    expected = compare(found, other, names=("as told", "longer"))
    shown = compared({"as told": FEW, "longer": longer})
    assert shown.differences == expected.differences
    assert shown.files["compare.csv"].decode() == comparison_csv(expected.differences)
    assert shown.files["compare.pdf"].startswith(b"%PDF")
    assert shown.savings["longer"].startswith("longer costs")
    assert not shown.refused


def test_comparison_takes_the_draws_of_the_base() -> None:
    again = compared({"base": FEW, "other": Setting(draws=500, seed=99)})
    assert {(row.low, row.high) for row in again.differences} == {(0.0, 0.0)}
    assert again.savings["other"] == "other costs in every draw what base costs."


def test_one_without_a_plan_is_said_beside_the_others() -> None:
    shown = compared({"base": FEW, "lost": NO_PLAN, "two zones": FEW.with_lever("zones", "2")})
    assert shown.refused["lost"].startswith("no plan to compare")
    assert set(shown.savings) == {row.plan for row in shown.differences} == {"two zones"}


def test_with_nothing_to_compare_there_are_no_files() -> None:
    assert not compared({"base": FEW, "lost": NO_PLAN}).files


@pytest.mark.parametrize(
    "asked",
    [
        lambda: advice(NO_PLAN, lambda _: None),
        lambda: money(NO_PLAN, 1e6),
        lambda: matters(NO_PLAN, "cost", lambda _: None),
        lambda: compared({"lost": NO_PLAN, "other": FEW}),
    ],
)
def test_question_to_what_has_no_plan_says_why(asked: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="no plan: "):
        asked()


def test_budget_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="must be above 0 USD"):
        money(FEW, 0.0)
