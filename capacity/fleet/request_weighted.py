"""Spares that keep a share of the requests of a week, not of the time at its busiest hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from capacity.arrays import Floats, Ints
from capacity.availability.loss_split import loss_by_cause, loss_by_part
from capacity.availability.redundancy import MINUTES_PER_MONTH
from capacity.availability.request_loss import HourlyNeed, pool_losses, request_loss
from capacity.policy import Policy
from capacity.scenarios.tree import Cause, Design, Service
from capacity.search import smallest_meeting

STEP = 0.02  # distance over the need of those from which a search for the others starts
AT_ONCE = 2048  # needs; of more the memory runs full
AMPLE = 100  # times the need: a pool that is never short

Layout = tuple[float, Design]  # target, what is built but for its nodes


@dataclass(frozen=True)
class RequestWeighted:
    """What fails, how the load runs over a week, and the pools found so far.

    Parameters
    ----------
    service : Service
        The tree of parts at the design basis.
    week : numpy.ndarray, shape (hours,)
        Load of each hour over that of the busiest one. [1]
    hosts : int
        Hosts that carry all users in the busiest hour. [hosts]
    reads : float
        Read replicas that carry all users in the busiest hour. [replicas]
    known : dict
        Nodes in a zone by need, for every target and layout asked for. [nodes]

    Notes
    -----
    With N nodes to carry all users in the busiest hour, a week w(h) of loads, r regions of z
    zones and n nodes in each zone, let C be the nodes that are up in regions that are up, and s
    the share of users stranded in regions that are not. The share of requests lost is

        L(n, N) = sum_h E[ s N w(h) + short((1 - s) N w(h), C) ] / sum_h N w(h),

    then what changes break of the rest; short(d, C) is max(d - C, 0), or with the probability of
    a collapse all of d where d > C. `capacity.availability.request_loss` adds it
    up over the states of regions, zones and nodes. The order is the smallest n with
    L(n, N) <= 1 - target that also carries the busiest hour while nothing is broken, n z r >= N.

    L falls with n, because every C does, and grows with N, because the share of a load that
    exceeds C grows with the load. So the order grows with need and target. In every state the
    design basis loses at least as much, but for what it leaves out: hosts, which have spares of
    their own there, and databases all of whose zones are gone. Where these lose little, the order
    has at most as many nodes.

    Every need is solved for itself; where to look first is told by needs 2 % apart.

    Examples
    --------
    >>> from capacity.scenarios.tree import Changes, Nodes, Zone
    >>> service = Service({}, Nodes(1e-3, 10.0), Zone(5e-4), 0.1, Changes(0.0, 0.0, 0.0))
    >>> rule = RequestWeighted(service, np.array([0.4, 0.7, 1.0]), hosts=1)
    >>> rule.zone_nodes(np.array([1, 20, 1000]), Policy())
    array([  1,   4, 169])
    """

    service: Service
    week: Floats
    hosts: int
    reads: float = 1.0
    known: dict[Layout, dict[int, int]] = field(default_factory=dict, compare=False, repr=False)

    def zone_nodes(self, region_nodes: Ints, policy: Policy) -> Ints:
        """Fewest nodes in a zone with which the target is met.

        Parameters
        ----------
        region_nodes : numpy.ndarray
            Nodes that must be up in a region at the peak minute; all regions but one carry
            everything. [nodes]
        policy : Policy
            Target, zones, regions, canary share.

        Returns
        -------
        numpy.ndarray
            Same shape. [nodes]

        Raises
        ------
        ValueError
            If no pool of any size meets the target, naming what loses most.
        """
        needs, where = np.unique(region_nodes, return_inverse=True)
        needs = needs * max(1, policy.regions - 1)
        solved = self._solved(needs, policy)
        found = np.array([solved[need] for need in needs.tolist()], dtype=np.int64)
        return found[where].reshape(np.shape(region_nodes))

    def availability(self, region_nodes: int, zone_nodes: int, policy: Policy) -> float:
        """Share of the requests of a week that a pool answers.

        Parameters
        ----------
        region_nodes : int
            Nodes that must be up in a region at the peak minute. [nodes]
        zone_nodes : int
            Nodes in each zone. [nodes]
        policy : Policy
            Zones, regions, canary share.

        Returns
        -------
        float
            Between 0 and 1. [1]
        """
        need = self._load(region_nodes * max(1, policy.regions - 1))
        return 1.0 - request_loss(self.service, _design(policy, zone_nodes), need)

    def lost(self, region_nodes: int, zone_nodes: int, policy: Policy) -> Mapping[Cause, float]:
        """Share of the requests of a week that a pool loses, by cause.

        Parameters
        ----------
        region_nodes : int
            Nodes that must be up in a region at the peak minute. [nodes]
        zone_nodes : int
            Nodes in each zone. [nodes]
        policy : Policy
            Zones, regions, canary share.

        Returns
        -------
        mapping of Cause to float
            Their sum is one minus the availability. [1]
        """
        need = self._load(region_nodes * max(1, policy.regions - 1))
        return loss_by_cause(self.service, _design(policy, zone_nodes), need)

    def _load(self, peak: float) -> HourlyNeed:
        return HourlyNeed(peak * self.week, self.hosts, self.reads)

    def _solved(self, needs: Ints, policy: Policy) -> Mapping[int, int]:
        """Nodes in a zone by need; what was found before is not looked for again."""
        layout = (policy.availability, _design(policy, 0))
        known = self.known.setdefault(layout, {})
        new = np.array([need for need in needs.tolist() if need not in known], dtype=np.int64)
        if not new.size:
            return known
        if not known:
            self._check_reachable(policy)
            known.update(
                self._fewest(new[-1:], policy, new[-1:] // (policy.zones * policy.regions))
            )
        largest, apart = max(known), _apart(new)
        known.update(self._fewest(apart, policy, known[largest] * apart // largest))
        others = np.setdiff1d(new, apart)
        line = np.interp(others, apart, [known[need] for need in apart.tolist()])
        near = line.astype(np.int64)
        for first in range(0, others.size, AT_ONCE):
            some = slice(first, first + AT_ONCE)
            known.update(self._fewest(others[some], policy, near[some]))
        return known

    def _fewest(self, needs: Ints, policy: Policy, near: Ints) -> dict[int, int]:
        """Fewest nodes in a zone for each of some needs, looked for near a number."""
        design, week = _design(policy, 0), self._load(1.0)

        def meets(each: Ints, which: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
            lost = pool_losses(self.service, design, week, needs[which], each)
            return np.asarray(lost <= 1.0 - policy.availability)

        least = -(-needs // (policy.zones * policy.regions))
        found = smallest_meeting(meets, near)
        return dict(zip(needs.tolist(), np.maximum(found, least).tolist(), strict=True))

    def _check_reachable(self, policy: Policy) -> None:
        """Refuse a target that no pool meets, naming the part that loses most."""
        budget = 1.0 - policy.availability
        ample, need = _design(policy, AMPLE), self._load(1.0)
        floor = request_loss(self.service, ample, need)
        if floor <= budget:
            return
        parts = loss_by_part(self.service, ample, need)
        worst = max(parts, key=lambda name: parts[name])
        raise ValueError(
            f"{policy.availability:.5g} cannot be met: {floor * MINUTES_PER_MONTH:.1f} minutes a "
            f"month are lost whatever the pool, most of them to {worst.replace('_', ' ')}, "
            f"{budget * MINUTES_PER_MONTH:.1f} are allowed"
        )


def _design(policy: Policy, zone_nodes: int) -> Design:
    """What a policy builds: one standby of each database, repair by the provider."""
    return Design(
        policy.regions,
        policy.zones,
        zone_nodes,
        canary_share=policy.canary_share,
        read_spares=policy.read_spares,
    )


def _apart(needs: Ints) -> Ints:
    """Some of sorted needs, the first and the last among them, 2 % apart where there are more."""
    steps = np.floor(np.log(needs) / np.log1p(STEP))
    first = np.unique(steps, return_index=True)[1]
    return np.union1d(needs[first], needs[-1:])
