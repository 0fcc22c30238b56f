"""Losses by cause and by part."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from capacity.availability.loss_split import (
    loss_by_cause,
    loss_by_part,
    part_names,
    with_part,
    without_part,
)
from capacity.availability.request_loss import request_loss
from capacity.scenarios.tree import NO_WORK, Cause, Design, Hosts, Service, Zone
from tests.capacity.availability.service_cases import (
    DAY,
    POOR,
    SHIPPED,
    designs,
    services,
    with_nodes,
)

DESIGN = Design(2, 3, 4)


def unworked(service: Service) -> Service:
    """Service without planned maintenance."""
    parts = {
        name: part if isinstance(part, Hosts) else replace(part, planned=NO_WORK)
        for name, part in service.parts.items()
    }
    return replace(service, parts=parts, nodes=replace(service.nodes, planned=NO_WORK))


@given(services(), designs())
@settings(max_examples=40)
def test_causes_add_up_to_the_loss(service: Service, design: Design) -> None:
    found = loss_by_cause(service, design, DAY)
    assert tuple(found) == tuple(Cause)
    assert min(found.values()) >= 0.0
    assert sum(found.values()) == pytest.approx(request_loss(service, design, DAY), abs=1e-12)


@given(services(), designs())
@settings(max_examples=20)
def test_parts_add_up_to_the_loss(service: Service, design: Design) -> None:
    found = loss_by_part(service, design, DAY)
    assert tuple(found) == part_names(service)
    assert sum(found.values()) == pytest.approx(request_loss(service, design, DAY), abs=1e-12)


@pytest.mark.parametrize(
    ("cause", "without"),
    [
        (Cause.OVERLOAD, with_nodes(POOR, collapse=0.0)),
        (Cause.COMMON, with_nodes(POOR, common_share=0.0)),
        (Cause.ZONE, replace(POOR, zone=Zone(0.0))),
        (Cause.PLANNED, unworked(POOR)),
        (Cause.CHANGE, without_part(POOR, "changes")),
        (Cause.REGION, with_part(POOR, "region", 0.0)),
    ],
)
def test_a_cause_that_is_not_there_takes_nothing(cause: Cause, without: Service) -> None:
    assert loss_by_cause(POOR, DESIGN, DAY)[cause] > 1e-5
    assert loss_by_cause(without, DESIGN, DAY)[cause] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("name", part_names(POOR))
def test_a_perfect_part_takes_nothing_and_the_service_is_better(name: str) -> None:
    perfect = without_part(POOR, name)
    assert loss_by_part(perfect, DESIGN, DAY)[name] == pytest.approx(0.0, abs=1e-12)
    assert request_loss(perfect, DESIGN, DAY) < request_loss(POOR, DESIGN, DAY)


def test_without_losses_no_part_takes_any() -> None:
    perfect = SHIPPED
    for name in part_names(SHIPPED):
        perfect = without_part(perfect, name)
    assert set(loss_by_part(perfect, Design(1, 1, 20), DAY).values()) == {0.0}
