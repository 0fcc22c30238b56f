from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from capacity.auditing import Finding, audit
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenarios.scenario import Scenario
from forecast.shipped.tables import read_table

CLAIMS = [row.text("id") for row in read_table("claims.csv").rows]
EXPECTED = {
    "users_growth_2022": "contradicted",
    "queries_growth_2022": "holds",
    "users_2024_06": "implausible",
    "queries_2024_06": "holds",
    "queries_per_user_2024_06": "implausible",
    "peak_queries_per_hour": "contradicted",
    "storage_petabytes": "cannot be checked",
    "uptime": "cannot be checked",
    "scaling_10x_100x": "contradicted",
    "outage_duration": "contradicted",
}
FIGURES = {
    "users_growth_2022": ["5.17x"],
    "queries_growth_2022": ["7.2x"],
    "queries_per_user_2024_06": ["2.08", "2.90", "0.54"],
    "peak_queries_per_hour": ["75,000"],
    "uptime": ["262.8"],
    "outage_duration": ["262.8", "21.6"],
    "scaling_10x_100x": ["exponent"],
}


@pytest.fixture(scope="module")
def findings(reported_plan: CapacityPlan) -> dict[str, Finding]:
    return {item.claim: item for item in audit(reported_plan)}


def test_every_claim_gets_one_finding_in_order(findings: dict[str, Finding]) -> None:
    assert list(findings) == CLAIMS


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_finding_has_words_verdict_and_reason(findings: dict[str, Finding], claim: str) -> None:
    found = findings[claim]
    assert found.text
    assert found.reason.endswith(".")
    assert found.verdict == EXPECTED.get(claim, "cannot be checked")


@pytest.mark.parametrize("claim", FIGURES)
def test_the_figures_that_decide_are_shown(findings: dict[str, Finding], claim: str) -> None:
    found = findings[claim]
    text = f"{found.computed} {found.reason}"
    assert [figure for figure in FIGURES[claim] if figure not in text] == []


@pytest.mark.parametrize("claim", sorted(set(EXPECTED) - {"uptime"}))
def test_a_judged_claim_shows_what_was_reported_and_computed(
    findings: dict[str, Finding], claim: str
) -> None:
    assert findings[claim].reported
    assert findings[claim].computed


def test_the_month_until_which_the_stated_peak_fits_is_named(
    findings: dict[str, Finding], reported_plan: CapacityPlan
) -> None:
    peaks = reported_plan.quantile("peak_hour_queries", 0.5)
    last = reported_plan.months[peaks <= 50_000][-1]
    assert str(last) in findings["peak_queries_per_hour"].reason


@pytest.mark.parametrize(("claim", "value"), [("users_2024_06", 14e6), ("queries_2024_06", 7.5e6)])
def test_a_projection_is_judged_by_its_percentile(
    findings: dict[str, Finding], reported_plan: CapacityPlan, claim: str, value: float
) -> None:
    metric = "users" if claim.startswith("users") else "daily_queries"
    place = float((reported_plan.draws[metric][:, -1] < value).mean())
    assert f"{100 * place:.1f}" in findings[claim].reason
    assert (findings[claim].verdict == "implausible") == (not 0.05 <= place <= 0.95)


def test_the_monthly_rates_are_those_of_the_reported_figures(
    findings: dict[str, Finding],
) -> None:
    assert f"{(14e6 / 620e3) ** (1 / 18) - 1:.1%}".replace("%", " %") in findings[
        "users_2024_06"
    ].reason.replace("%", " %").replace("  ", " ")


@pytest.mark.parametrize("change", [{"start": "2022-02"}, {"end": "2024-05"}])
def test_a_plan_that_does_not_cover_the_claims_is_refused(
    reported: Scenario, change: dict[str, str]
) -> None:
    found = plan(replace(reported, **change), draws=200)
    assert isinstance(found, CapacityPlan)
    with pytest.raises(ValueError, match="2022-01 to 2024-06"):
        audit(found)


def test_the_verdicts_do_not_depend_on_the_seed(reported: Scenario) -> None:
    found = plan(reported, seed=99, draws=2_000)
    assert isinstance(found, CapacityPlan)
    assert {item.claim: item.verdict for item in audit(found)} == {
        claim: EXPECTED.get(claim, "cannot be checked") for claim in CLAIMS
    }


def test_a_growth_that_holds_is_not_said_to_be_above(
    planned: Callable[..., CapacityPlan], reported: Scenario
) -> None:
    slower = replace(reported.users, values=[120_000, 560_000])
    found = audit(planned(replace(reported, users=slower)))[CLAIMS.index("users_growth_2022")]
    assert found.verdict == "holds"
    assert "above" not in found.reason
