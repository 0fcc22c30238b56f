from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import FrameType

import pytest
from hypothesis import HealthCheck, settings

from capacity.estimate import Estimate
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.policy import Policy
from capacity.scenarios.file import load_scenario
from capacity.scenarios.parts import Override
from capacity.scenarios.scenario import Scenario

HANG_S = 5  # no hostile input may take longer

settings.register_profile(
    "fleetcast", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("fleetcast")

Planner = Callable[..., CapacityPlan]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate-golden", action="store_true", help="write the golden plans anew")


@pytest.fixture(scope="session")
def reported() -> Scenario:
    """The reported case as shipped, January 2022 to June 2024."""
    return load_scenario("reported-case")


@pytest.fixture(scope="session")
def public() -> Scenario:
    """What is publicly known of a large chat service in mid 2024."""
    return load_scenario("public-mid-2024")


@pytest.fixture(scope="session")
def short(reported: Scenario) -> Scenario:
    """Last reported month and three forecast ones."""
    return replace(reported, start="2022-12", end="2023-03")


@pytest.fixture(scope="session")
def certain(reported: Scenario) -> Scenario:
    """December 2022 alone, as reported, every input at its middle value."""
    exact = {
        name: replace(value, low=value.mid, high=value.mid)
        for name, value in reported.inputs.items()
    }
    month = replace(reported, start="2022-12", end="2022-12")
    return replace(month, overrides=(Override("certain", exact),))


@pytest.fixture(scope="session")
def planned() -> Planner:
    """Plan with few draws; anything but a plan fails."""

    def run(scenario: Scenario, policy: Policy | None = None, **inputs: object) -> CapacityPlan:
        changed = scenario.override("test", **inputs) if inputs else scenario
        found = plan(changed, policy, seed=7, draws=200)
        assert isinstance(found, CapacityPlan), found.text
        return found

    return run


@pytest.fixture(scope="session")
def reported_plan(reported: Scenario) -> CapacityPlan:
    """Plan of the reported case with 2,000 draws."""
    found = plan(reported, seed=7, draws=2_000)
    assert isinstance(found, CapacityPlan)
    return found


@pytest.fixture
def within_seconds() -> Iterator[None]:
    """Interrupt what hangs: a guard against exhaustion, not a measurement."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"still busy after {HANG_S} s")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANG_S)  # seconds of CPU, whatever else runs
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.fixture(scope="session")
def exactly() -> Callable[[str, float], Estimate]:
    """Certain estimate of a shipped input, in its own unit."""
    from capacity.scenarios.inputs import ASSUMPTIONS  # noqa: PLC0415  read after the environment is set

    def build(name: str, value: float) -> Estimate:
        known = ASSUMPTIONS[name].estimate
        return replace(known, low=value, mid=value, high=value)

    return build
