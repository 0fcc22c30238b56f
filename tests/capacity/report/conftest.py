from __future__ import annotations

from dataclasses import replace

import pytest

from capacity.auditing import Finding
from capacity.estimate import Estimate
from capacity.outage.file import load_incident
from capacity.outage.study import Outage, study
from capacity.outcome import CapacityPlan, Infeasible
from capacity.planning import plan
from capacity.policy import Policy
from capacity.procurement.buying import Buying
from capacity.procurement.deciding import decide
from capacity.procurement.decision import Decision
from capacity.procurement.situation import Situation
from capacity.scenarios.file import load_scenario
from capacity.scenarios.parts import Override
from capacity.scenarios.scenario import Scenario

HOSTILE = '=HYPERLINK("http://x.example","#panic()[*b*] $x$ </svg>")\x1b[2J\u202e' + "y" * 300


@pytest.fixture(scope="session")
def findings() -> tuple[Finding, ...]:
    return (
        Finding("one", "Users doubled.", "2x", "2.1x", "holds", "Two counts give 2.1x."),
        Finding("two", "Ten servers do.", "10", "12 GPUs", "contradicted", "They do not."),
        Finding("three", "It is fast.", "", "", "cannot be checked", "No figure is told."),
    )


@pytest.fixture(scope="session")
def short_plan(short: Scenario) -> CapacityPlan:
    """Four months, 200 draws."""
    found = plan(short, seed=7, draws=200)
    assert isinstance(found, CapacityPlan)
    return found


@pytest.fixture(scope="session")
def hostile_plan(short_plan: CapacityPlan) -> CapacityPlan:
    """The same plan with an attack in every text that a user controls."""
    scenario = short_plan.scenario
    known = scenario.inputs["reply_tokens"]
    attack = Estimate(known.low, known.mid, known.high, unit=known.unit, source=HOSTILE)
    changed = replace(
        scenario,
        description=HOSTILE,
        overrides=(Override(HOSTILE, {"reply_tokens": attack}),),
        users=replace(scenario.users, source=HOSTILE),
    )
    return replace(short_plan, scenario=changed, notes=(HOSTILE,))


@pytest.fixture(scope="session")
def infeasible(short: Scenario) -> Infeasible:
    found = plan(short, Policy(regions=1), seed=7, draws=200)
    assert isinstance(found, Infeasible)
    return found


@pytest.fixture(scope="session")
def outage() -> Outage:
    """The outage as told beside one with two countermeasures; few draws, so it is quick."""
    return study(load_incident("february-2023"), ["cells", "admission-cap"], draws=20)


@pytest.fixture(scope="session")
def decision() -> Decision:
    """A purchase for the reported case; few draws, so it is quick."""
    found = plan(load_scenario("reported-case"), seed=7, draws=200)
    assert isinstance(found, CapacityPlan)
    return decide(Situation.of(found))


@pytest.fixture(scope="session")
def regional() -> Decision:
    """The same with regions that differ in price and lead time."""
    found = plan(load_scenario("reported-case"), seed=7, draws=200)
    assert isinstance(found, CapacityPlan)
    return decide(Situation.of(found), Buying(region_price=(1.0, 1.12), region_lead=(1.0, 1.5)))
