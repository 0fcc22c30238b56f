"""A pool in an incident, step by step: users, backlog, service, heat and shutdowns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from capacity.arrays import Floats
from capacity.outage.fluid import gone, let_in
from capacity.outage.incident import NEVER, Incident
from capacity.outage.pool_state import Flags, Nodes, Work
from capacity.outage.thermal import approach, duty, slowdown, steady_rise
from forecast.draws import named_stream

COLLAPSED = 0.1  # share of nodes up, from which the pool counts as collapsed
STORED = ("goodput", "up", "backlog", "load", "cool", "warm", "hot")
DETAILED = 10  # draws up to which temperatures are noted
AUDITED = 60  # steps from one look at the books to the next
ONE = np.ones((1, 1, 1))


class PoolRun:
    """An incident in progress, in all parameter draws at once.

    Parameters
    ----------
    incident : Incident
        What to follow.
    parameters : mapping of str to ndarray
        Every parameter, shape (draws,), in its own unit.
    seed : int
        Of the deviations between nodes.
    """

    def __init__(self, incident: Incident, parameters: Mapping[str, Floats], seed: int) -> None:
        self.incident, self.controls, self.dt = incident, incident.controls, incident.step
        self.p = {name: values[:, None] for name, values in parameters.items()}
        self.draws, self.cells = len(parameters["requests"]), int(self.controls.cells)
        self.broken = (np.arange(self.cells) < self.controls.broken_cells) * 1.0
        self.share = {
            name: gone(self.dt, self.p[name])
            for name in ("patience", "retry_delay", "service", "time_constant")
        }
        self.nodes = Nodes.cold(self._inlets(seed))
        self.arrivals = np.repeat(self.p["requests"] / self.cells, self.cells, axis=1)
        self.work = self._before()
        self.coolest_slowdown = float(self.p["slowdown"].min())
        self.trips = np.zeros(self.draws)
        self.collapsed = np.full(self.draws, np.inf)
        self.ordered = np.full(self.draws, np.inf)
        self.error = 0.0
        self.stored: dict[str, list[Floats]] = {name: [] for name in STORED}

    def _inlets(self, seed: int) -> Floats:
        """Inlet and deviation of every node; a larger pool has the same first nodes."""
        told = self.incident.nodes
        per_cell = max(1, round(told * (1.0 + self.controls.extra_nodes) / self.cells))
        rng = named_stream(seed, "outage nodes")
        deviation = rng.standard_normal((per_cell * self.cells, self.draws)).T
        inlet = self.p["inlet"] + self.p["node_spread"] * deviation
        return np.asarray(inlet.reshape(self.draws, self.cells, per_cell))

    def _before(self) -> Work:
        """Normal service: what is in the machine, and how warm it is."""
        work = Work.empty((self.draws, self.cells))
        size = self.nodes.inlet.shape[2]
        work.serving = np.minimum(self.arrivals * self.p["service"], self._limit() * size)
        work.arrived = work.serving.copy()
        load = work.serving / (size * self.p["places"])
        self.nodes.temperature = self.nodes.inlet + self._rise(load)
        return work

    def _rise(self, load: Floats) -> Floats:
        return steady_rise(load, self.p["nominal_rise"], self.p["rise_exponent"])[:, :, None]

    def _limit(self) -> Floats:
        """Requests that a node takes at most."""
        return np.minimum(self.p["batch_limit"], self.controls.admission_cap) * self.p["places"]

    def step(self, place: int) -> None:
        """Advance by one time step.

        Parameters
        ----------
        place : int
            Number of the step, from 0. [1]
        """
        time = place * self.dt
        self._operators(time)
        self.nodes.wake(time)
        entered = self._users(time)
        self._release(time, entered)
        served = self._serve()
        self._admit()
        self.work.give_up("fresh", self.share["patience"], self.p["retry_share"])
        self._heat(time)
        self._note(served)
        if place % AUDITED == 0:
            self.error = max(self.error, float(self.work.imbalance()))

    def _operators(self, time: float) -> None:
        """Give the order to take everything offline, some time after a collapse."""
        up = self._share_up()
        self.collapsed = np.where(up <= COLLAPSED, np.minimum(self.collapsed, time), self.collapsed)
        if not self.controls.offline:
            return
        now = np.isinf(self.ordered) & (self.collapsed + self.controls.decision <= time + 1e-9)
        if now.any():
            self.ordered = np.where(now, time, self.ordered)
            self._clear(now)

    def _clear(self, now: Flags) -> None:
        """Empty the machine in the draws where all is taken offline."""
        share = np.broadcast_to(now[:, None] * 1.0, self.work.fresh.shape)
        for stock in ("backlog", "fresh", "serving"):
            self.work.give_up(stock, share, self.p["retry_share"])
        for stock in ("backlog_stale", "released", "serving_stale"):
            self.work.drop(stock, share)
        ready = (self.ordered + self.controls.repair)[:, None, None]
        self.nodes.shut(now[:, None, None] & np.ones_like(self.nodes.up), ready)

    def _share_up(self) -> Floats:
        nodes = self.nodes
        return np.asarray(nodes.count.sum(axis=1) / nodes.up[0].size)

    def _open(self, time: float) -> Floats:
        """Share of requests let in: none while offline, then more and more."""
        start = self.ordered + self.controls.repair
        if not np.isfinite(self.ordered).any():
            return np.ones((self.draws, 1))
        since = time + self.dt / 2.0 - start
        ramp = np.clip(since / max(self.controls.ramp, 1e-9), 0.0, 1.0)
        return np.where(np.isinf(start), 1.0, ramp)[:, None]

    def _users(self, time: float) -> Floats:
        """Users arrive, try again and give up; answers what reaches the queue of the nodes."""
        work, p = self.work, self.p
        again = work.retrying * self.share["retry_delay"]
        work.retrying = work.retrying - again
        arriving = self.arrivals * self.dt
        work.arrived = work.arrived + arriving
        come = again + arriving
        inside = come * self._open(time)
        broken = inside * self.controls.broken_share * self.broken * self._broken_part(time)
        kept = broken * self.controls.durable_share
        work.turn_away(come - inside + broken - kept, p["retry_share"])
        work.backlog = work.backlog + kept
        entered = inside - broken
        work.fresh = work.fresh + entered
        work.leave_backlog(self.share["patience"], p["backlog_retry"])
        return np.asarray(entered)

    def _broken_part(self, time: float) -> float:
        """Share of the step before the change is taken back."""
        return float(np.clip((self.controls.revert - time) / self.dt, 0.0, 1.0))

    def _release(self, time: float, entered: Floats) -> None:
        """Let the backlog out to the nodes once the change is taken back."""
        work = self.work
        if self.controls.shed_stale:
            work.drop("backlog_stale")
            work.drop("released")
        if time + self.dt <= self.controls.revert:
            return
        waiting = work.backlog + work.backlog_stale
        room = self.controls.release_cap * self._places() * self.dt / self.p["service"]
        out = np.clip(room - entered, 0.0, waiting) / np.maximum(waiting, 1e-300)
        fresh, stale = work.backlog * out, work.backlog_stale * out
        work.backlog, work.fresh = work.backlog - fresh, work.fresh + fresh
        work.backlog_stale, work.released = work.backlog_stale - stale, work.released + stale

    def _places(self) -> Floats:
        return np.asarray(self.nodes.count * self.p["places"])

    def _admit(self) -> None:
        """Fill the nodes that are up, oldest work first unless told otherwise."""
        work = self.work
        limit = self.nodes.count * self._limit()
        room = np.maximum(limit - work.serving - work.serving_stale, 0.0)
        if self.controls.fresh_first:
            fresh, stale = let_in(work.fresh, work.released, room)
        else:
            stale, fresh = let_in(work.released, work.fresh, room)
        work.fresh, work.serving = work.fresh - fresh, work.serving + fresh
        work.released, work.serving_stale = work.released - stale, work.serving_stale + stale

    def _serve(self) -> Floats:
        """Finish work at the rate that heat leaves; answers the users served."""
        nodes, work, p = self.nodes, self.work, self.p
        up = np.maximum(nodes.count, 1.0)
        crowd = (work.serving + work.serving_stale) / (up * p["places"])
        rate = (self._pace() * nodes.up).sum(axis=2) / up
        rate = rate * np.maximum(crowd, 1.0) ** (p["crowding"] - 1.0)
        share = np.minimum(rate * self.dt / p["service"], 1.0)
        served, wasted = work.serving * share, work.serving_stale * share
        work.serving, work.served = work.serving - served, work.served + served
        work.serving_stale = work.serving_stale - wasted
        work.wasted = work.wasted + wasted
        return np.asarray(served)

    def _pace(self) -> Floats:
        """Share of its rate that heat and a power cap leave to each node."""
        temperature = self.nodes.temperature
        top, capped = float(temperature.max()), self.controls.power_cap < NEVER
        self.duty = duty(temperature, self.controls.power_cap) if capped else ONE
        if top < self.coolest_slowdown:
            return self.duty
        names = ("slowdown", "shutdown", "slowdown_loss")
        return slowdown(temperature, *(self.p[name][:, :, None] for name in names)) * self.duty

    def _heat(self, time: float) -> None:
        """Warm and cool the nodes; those too hot shut down and their work goes to the others."""
        nodes, work = self.nodes, self.work
        places = self._places()
        self.load = (work.serving + work.serving_stale) / np.maximum(places, 1e-300)
        self.load = np.where(places > 0.0, self.load, 0.0)
        rise = self._rise(self.load)
        if self.controls.power_cap < NEVER:
            rise = rise * self.duty ** self.p["rise_exponent"][:, :, None]
        target = np.where(nodes.up, nodes.inlet + rise, nodes.inlet)
        lag = self.share["time_constant"][:, :, None]
        nodes.temperature = approach(nodes.temperature, target, lag)
        tripped = nodes.up & (nodes.temperature >= self.p["shutdown"][:, :, None])
        if tripped.any():
            self._trip(tripped, time + self.dt)
        self.work = work

    def _trip(self, tripped: Flags, time: float) -> None:
        work, before = self.work, np.maximum(self.nodes.count, 1.0)
        count = self.nodes.shut(tripped, time + self.p["restart"][:, :, None])
        share = count / before
        self.trips += count.sum(axis=1)
        back, stale = work.serving * share, work.serving_stale * share
        work.serving, work.fresh = work.serving - back, work.fresh + back
        work.serving_stale, work.released = work.serving_stale - stale, work.released + stale

    def _note(self, served: Floats) -> None:
        work, nodes = self.work, self.nodes
        normal = self.p["requests"][:, 0] * self.dt
        waiting = work.backlog + work.backlog_stale + work.released + work.fresh
        values = {
            "goodput": served.sum(axis=1) / normal,
            "up": self._share_up(),
            "backlog": waiting.sum(axis=1),
            "load": (self.load * nodes.count).sum(axis=1) / np.maximum(nodes.count.sum(axis=1), 1),
        }
        if self.draws <= DETAILED:
            values |= {
                "cool": nodes.temperature.min(axis=(1, 2)),
                "warm": nodes.temperature.mean(axis=(1, 2)),
                "hot": nodes.temperature.max(axis=(1, 2)),
            }
        for name, value in values.items():
            self.stored[name].append(value)

    def result(self) -> dict[str, Floats]:
        """What was noted, and the totals.

        Returns
        -------
        dict of str to ndarray
            Series of shape (steps, draws) and totals of shape (draws,), by the names of `Replay`.
        """
        blank = np.empty((0, self.draws))
        series = {name: np.stack(kept) if kept else blank for name, kept in self.stored.items()}
        return {
            **series,
            "times": self.dt * np.arange(1.0, len(self.stored["up"]) + 1.0),
            "lost": self.work.lost.sum(axis=1),
            "demand": self.work.arrived.sum(axis=1),
            "trips": self.trips,
            "ordered": np.where(np.isinf(self.ordered), np.nan, self.ordered),
        }

    @property
    def imbalance(self) -> float:
        """Largest error of the books seen so far, requests."""
        return max(self.error, float(self.work.imbalance()))
