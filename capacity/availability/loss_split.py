"""Who loses the requests: by cause and by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from capacity.availability.request_loss import HourlyNeed, request_loss, request_losses
from capacity.scenarios.tree import NO_WORK, Cause, Design, Hosts, Managed, Part, Service


def loss_by_cause(service: Service, design: Design, need: HourlyNeed) -> dict[Cause, float]:
    """Share of requests lost, split by cause.

    Parameters
    ----------
    service : Service
        What fails.
    design : Design
        What is built against it.
    need : HourlyNeed
        The load.

    Returns
    -------
    dict of Cause to float
        Their sum is `request_loss`. [1]

    Notes
    -----
    Causes are taken away one after another, in the order overload, common cause, region, zone; a
    cause is charged with what its going saves. What is left is random failure. Planned
    maintenance is charged with what it adds to all of them.
    """
    whole = request_losses(service, design, need)
    lost: dict[Cause, float] = {}
    before, now = whole.states, service
    for cause, without in _REMOVALS.items():
        now = without(now)
        after = request_losses(now, design, need).states
        lost[cause] = max(0.0, before - after)
        before = after
    lost[Cause.RANDOM] = before
    lost[Cause.CHANGE], lost[Cause.PLANNED] = whole.change, whole.planned
    return {cause: lost[cause] for cause in Cause}


def loss_by_part(service: Service, design: Design, need: HourlyNeed) -> dict[str, float]:
    """Share of requests lost, split by the part that loses them.

    Parameters
    ----------
    service : Service
        What fails.
    design : Design
        What is built against it.
    need : HourlyNeed
        The load.

    Returns
    -------
    dict of str to float
        Named parts, then ``gpu_pool``, ``zones`` and ``changes``; their sum is `request_loss`. [1]

    Notes
    -----
    Each part is made perfect alone; the savings are scaled to the sum.
    """
    whole = request_loss(service, design, need)
    perfect = {name: without_part(service, name) for name in part_names(service)}
    saved = {name: whole - request_loss(item, design, need) for name, item in perfect.items()}
    total = sum(saved.values())
    return {name: whole * value / total if total else 0.0 for name, value in saved.items()}


def part_names(service: Service) -> tuple[str, ...]:
    """Everything in a service that can fail, by name.

    Parameters
    ----------
    service : Service
        Any service.

    Returns
    -------
    tuple of str
        Named parts, nodes, zones, changes.
    """
    return (*service.parts, "gpu_pool", "zones", "changes")


def without_part(service: Service, name: str) -> Service:
    """Service in which one part never fails and takes no maintenance.

    Parameters
    ----------
    service : Service
        Any service.
    name : str
        One of `part_names`.

    Returns
    -------
    Service
        The changed copy.
    """
    if name == "gpu_pool":
        return replace(service, nodes=replace(service.nodes, failures_per_h=0.0, planned=NO_WORK))
    if name == "zones":
        return replace(service, zone=replace(service.zone, unavailability=0.0))
    if name == "changes":
        return replace(service, changes=replace(service.changes, per_month=0.0))
    part = service.parts[name]
    idle = part if isinstance(part, Hosts) else replace(part, planned=NO_WORK)
    return with_part(replace(service, parts={**service.parts, name: idle}), name, 0.0)


def with_part(service: Service, name: str, unavailability: float) -> Service:
    """Service in which one named part is down for another share of the time.

    Parameters
    ----------
    service : Service
        Any service.
    name : str
        Of a part.
    unavailability : float
        Share of time. [1]

    Returns
    -------
    Service
        The changed copy.
    """
    part = replace(service.parts[name], unavailability=unavailability)
    return replace(service, parts={**service.parts, name: part})


_REMOVALS: Mapping[Cause, Callable[[Service], Service]] = {
    Cause.OVERLOAD: lambda item: replace(item, nodes=replace(item.nodes, collapse=0.0)),
    Cause.COMMON: lambda item: replace(
        item,
        nodes=replace(
            item.nodes,
            failures_per_h=(1.0 - item.nodes.common_share) * item.nodes.failures_per_h,
            common_share=0.0,
        ),
    ),
    Cause.REGION: lambda item: replace(item, parts=_not_of(item, Cause.REGION)),
    Cause.ZONE: lambda item: replace(item, zone=replace(item.zone, unavailability=0.0)),
}


def _not_of(service: Service, cause: Cause) -> dict[str, Part]:
    return {
        name: part
        for name, part in service.parts.items()
        if not (isinstance(part, Managed) and part.cause is cause)
    }
