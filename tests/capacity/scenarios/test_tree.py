"""What a service is made of."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from capacity.scenarios.tree import Cause, Design
from tests.capacity.availability.service_cases import SHIPPED


def test_a_design_counts_its_nodes() -> None:
    assert Design(regions=3, zones=4, zone_nodes=7).nodes == 84


def test_the_causes_are_those_of_an_error_budget() -> None:
    assert [cause.value for cause in Cause] == [
        "random failure", "zone", "region", "common cause", "change",
        "planned maintenance", "overload",
    ]  # fmt: skip


def test_a_service_cannot_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        SHIPPED.failover_failure = 0.0
