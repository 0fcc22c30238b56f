"""What an outage cost, and what each countermeasure would have saved, over common draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from capacity.arrays import Floats
from capacity.outage.alerts import AlertOutcome, alert_outcomes
from capacity.outage.countermeasures import COUNTERMEASURES, apply, check_names
from capacity.outage.incident import Incident
from capacity.outage.replay import Replay, middle, parameter_draws, replay
from forecast.draws import named_stream

TARGET = 0.9995
BUDGET_MINUTES = 30 * 24 * 60  # an error budget is told for 30 days
DRAWS, SEED = 500, 7
LEAST_DRAWS, MOST_DRAWS = 20, 5_000
MOST_WORK = 600_000  # draws times nodes
COARSER = 2.0  # step of the sweep over that of the story
RESAMPLES = 400
NOTHING = 1e-3  # requests; what saves less saves none
EDGES = (0.05, 0.5, 0.95)


class Spread(NamedTuple):
    """A figure over the draws: mean, and three quantiles."""

    mean: float
    p05: float
    p50: float
    p95: float


class Totals(NamedTuple):
    """Totals of a replay, draw by draw, each of shape (draws,); as in `Effect`."""

    full_outage: Floats
    degraded: Floats
    lost: Floats
    trips: Floats
    budget: Floats


@dataclass(frozen=True)
class Effect:
    """A story with one countermeasure, over the draws.

    Parameters
    ----------
    names : tuple of str
        Countermeasures; empty for the story as it is.
    full_outage, degraded, lost, trips, budget : Spread
        Minutes below 5 % and 95 % of the goodput, users without answer, thermal shutdowns, and the
        share of a 30-day error budget of 99.95 % that is used.
    saved : Spread
        Users without answer that it saves in the same draw; below 0 where it does harm.
    saved_minutes : Spread
        Minutes of full outage that it saves in the same draw.
    helps : float
        Share of the draws in which it saves users. [1]
    rank : tuple of int
        Place by mean users saved: low end, best guess and high end of 90 %; zeros if none. [1]
    """

    names: tuple[str, ...]
    full_outage: Spread
    degraded: Spread
    lost: Spread
    trips: Spread
    budget: Spread
    saved: Spread
    saved_minutes: Spread
    helps: float
    rank: tuple[int, int, int] = (0, 0, 0)

    @property
    def acts(self) -> bool:
        """Whether it changes anything for the users in any draw."""
        return (self.saved.p05, self.saved.mean, self.saved.p95) != (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Outage:
    """A replayed incident with everything that is said about it.

    Parameters
    ----------
    incident : Incident
        The story.
    names : tuple of str
        Countermeasures that were asked for.
    told, chosen : Replay
        At middle parameters: the story, and the story with the countermeasures.
    effects : tuple of Effect
        The story, each countermeasure from the best to the worst, then those chosen together.
    alerts : tuple of AlertOutcome
        When each alert would have fired in the story, and what that lead would have saved.
    draws, seed : int
        Of the sweep. [1]
    """

    incident: Incident
    names: tuple[str, ...]
    told: Replay
    chosen: Replay
    effects: tuple[Effect, ...]
    alerts: tuple[AlertOutcome, ...]
    draws: int
    seed: int


def study(
    incident: Incident, names: Iterable[str] = (), *, draws: int = DRAWS, seed: int = SEED
) -> Outage:
    """Replay an incident, with countermeasures, and rank all of them.

    Parameters
    ----------
    incident : Incident
        The story.
    names : iterable of str
        Countermeasures to show beside the story.
    draws : int
        Parameter draws of the ranking. [1]
    seed : int
        Of all draws.

    Returns
    -------
    Outage
        Everything, from common draws.

    Raises
    ------
    ValueError
        If a name is unknown, the seed is negative, or there are too few or too many draws.
    """
    chosen = check_names(names)
    check_draws(draws, incident.nodes)
    told = central(incident, (), seed)
    other = central(incident, chosen, seed) if chosen else told
    found = {names: sampled(incident, names, draws, seed) for names in to_rank(chosen)}
    alerts = alert_outcomes(told, TARGET, seed)
    return Outage(incident, chosen, told, other, effects(found, seed), alerts, draws, seed)


def check_draws(draws: int, nodes: int) -> None:
    """Refuse too few or too many parameter draws.

    Parameters
    ----------
    draws : int
        Parameter draws of a ranking. [1]
    nodes : int
        Nodes of the pool. [1]

    Raises
    ------
    ValueError
        With what is allowed.
    """
    most = min(MOST_DRAWS, MOST_WORK // nodes)
    if not LEAST_DRAWS <= draws <= most:
        words = f"allowed {LEAST_DRAWS} to {most:,} with {nodes} nodes"
        raise ValueError(f"draws = {draws}: {words}")


def central(incident: Incident, names: Iterable[str], seed: int) -> Replay:
    """Replay with countermeasures at middle parameters.

    Parameters
    ----------
    incident : Incident
        The story.
    names : iterable of str
        Countermeasures; none for the story as it is.
    seed : int
        Of the deviations between nodes.

    Returns
    -------
    Replay
        Of one draw.
    """
    return replay(_with(incident, names), middle(incident), seed)


def to_rank(chosen: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What a ranking replays.

    Parameters
    ----------
    chosen : tuple of str
        Countermeasures that were asked for.

    Returns
    -------
    list of tuple of str
        The story, each countermeasure alone, and those chosen together where they are several.
    """
    together = [chosen] if len(chosen) > 1 else []
    return [(), *((name,) for name in COUNTERMEASURES), *together]


def sampled(incident: Incident, names: Iterable[str], draws: int, seed: int) -> Totals:
    """Totals of an incident with countermeasures, over common parameter draws.

    Parameters
    ----------
    incident : Incident
        The story.
    names : iterable of str
        Countermeasures; none for the story as it is.
    draws : int
        Parameter draws. [1]
    seed : int
        Of all draws; replays of one seed share them.

    Returns
    -------
    Totals
        Draw by draw, at a coarser step than that of the story.
    """
    step = min(COARSER * incident.step, incident.parameters["service"].low)
    parameters = parameter_draws(incident, draws, seed)
    return totals(replay(_with(replace(incident, step=step), names), parameters, seed))


def totals(found: Replay) -> Totals:
    """Totals of a replay.

    Parameters
    ----------
    found : Replay
        Any replay.

    Returns
    -------
    Totals
        Draw by draw.
    """
    budget = budget_used(found)
    return Totals(found.full_outage, found.degraded, found.lost, found.trips, budget)


def effects(found: Mapping[tuple[str, ...], Totals], seed: int) -> tuple[Effect, ...]:
    """Effect of everything that a ranking replays.

    Parameters
    ----------
    found : mapping of tuple of str to Totals
        One for each of `to_rank`, in the same draws.
    seed : int
        Of the resampled ranks.

    Returns
    -------
    tuple of Effect
        The story, each countermeasure from the best to the worst, then those chosen together.
    """
    told = found[()]
    singles = [(name,) for name in COUNTERMEASURES]
    ranks = _ranks(np.stack([_saved(told, found[names]) for names in singles]), seed)
    ranked = [
        effect(names, told, found[names], rank) for names, rank in zip(singles, ranks, strict=True)
    ]
    ranked.sort(key=lambda item: item.rank[1])
    together = [effect(names, told, other) for names, other in found.items() if len(names) > 1]
    return (effect((), told, told), *ranked, *together)


def _with(incident: Incident, names: Iterable[str]) -> Incident:
    return incident.with_controls(apply(incident.controls, names))


def _saved(told: Totals, other: Totals) -> Floats:
    """Users saved in each draw, without the noise of arithmetic."""
    saved = told.lost - other.lost
    return np.where(np.abs(saved) < NOTHING, 0.0, saved)


def _ranks(saved: Floats, seed: int) -> list[tuple[int, int, int]]:
    """Places by mean saving, and where they lie when the draws are drawn again."""
    rng = named_stream(seed, "outage ranking")
    count = saved.shape[1]
    means = [saved[:, rng.integers(0, count, count)].mean(axis=1) for _ in range(RESAMPLES)]
    places = np.argsort(np.argsort(-np.stack(means), axis=1, kind="stable"), axis=1) + 1
    order = np.argsort(-saved.mean(axis=1), kind="stable")
    best = np.argsort(order) + 1
    low, high = np.quantile(places, (EDGES[0], EDGES[2]), axis=0)
    return [
        (min(int(one), int(mid)), int(mid), max(int(other), int(mid)))
        for one, mid, other in zip(low, best, high, strict=True)
    ]


def effect(
    names: tuple[str, ...], told: Totals, other: Totals, rank: tuple[int, int, int] = (0, 0, 0)
) -> Effect:
    """Figures of a replay beside the story.

    Parameters
    ----------
    names : tuple of str
        Countermeasures of the replay.
    told, other : Totals
        Of the story, and of the replay, in the same draws.
    rank : tuple of int
        As in `Effect`. [1]

    Returns
    -------
    Effect
        Spread of every figure.
    """
    saved = _saved(told, other)
    return Effect(
        names=names,
        full_outage=spread(other.full_outage),
        degraded=spread(other.degraded),
        lost=spread(other.lost),
        trips=spread(other.trips),
        budget=spread(other.budget),
        saved=spread(saved),
        saved_minutes=spread(told.full_outage - other.full_outage),
        helps=float(np.mean(saved > 0.0)),
        rank=rank,
    )


def spread(values: Floats) -> Spread:
    """Mean and quantiles of a figure.

    Parameters
    ----------
    values : ndarray
        Shape (draws,), any unit.

    Returns
    -------
    Spread
        In the same unit.

    Examples
    --------
    >>> spread(np.array([1.0, 2.0, 3.0])).p50
    2.0
    """
    low, mid, high = (float(value) for value in np.quantile(values, EDGES))
    return Spread(float(np.mean(values)), low, mid, high)


def budget_used(found: Replay) -> Floats:
    """Share of a 30-day error budget of 99.95 % that the lost users take.

    Parameters
    ----------
    found : Replay
        Any replay.

    Returns
    -------
    ndarray
        Shape (draws,); above 1 the budget is overspent. [1]
    """
    normal = found.demand / (found.times[-1] or 1.0)
    return np.asarray(found.lost / ((1.0 - TARGET) * normal * BUDGET_MINUTES))
