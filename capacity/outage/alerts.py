"""An incident seen by alerts: when each would have fired, and what that lead would have saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from capacity.arrays import Floats
from capacity.monitor.burn_rate import WORKBOOK_ALERTS, firing
from capacity.monitor.detection import ALARM, Detector, watch
from capacity.monitor.detectors import Cusum, Ewma, Exhaustion, RobustZ
from capacity.monitor.novelty import Novelty
from capacity.outage.incident import Incident
from capacity.outage.pool_state import Flags
from capacity.outage.replay import Replay, middle, replay
from forecast.draws import named_stream

HISTORY = 1440  # minutes of normal telemetry before the change
RARITY = 1000.0  # at most two minutes in so many are false alarms
SENSOR = 0.5  # °C, standard deviation of a temperature sensor
LINE, LEAD = 5, 10.0  # minutes of the line through the hottest node, and until it shuts down


@dataclass(frozen=True)
class AlertOutcome:
    """One alert on one signal, and the story in which somebody had heeded it.

    Parameters
    ----------
    name, signal : str
        What judges, and what is judged.
    minute : float
        First full minute after the change at which it fires; infinite if never. [min]
    in_time : bool
        Whether that is before somebody noticed in the story.
    revert : float
        When the change is then taken back: as long after the alert as it took in the story after
        somebody noticed. [min]
    full_outage : float
        Minutes below 5 % of the normal goodput in that story. [min]
    lost : float
        Users without answer in that story. [requests]
    saved_minutes : float
        Minutes of full outage less than as told; below 0 where it does harm. [min]
    saved : float
        Users without answer less than as told. [requests]
    """

    name: str
    signal: str
    minute: float
    in_time: bool
    revert: float
    full_outage: float
    lost: float
    saved_minutes: float
    saved: float


class Fired(NamedTuple):
    """What judges, what is judged, and the first minute at which it fires, infinite if never."""

    name: str
    signal: str
    minute: float


class Telemetry(NamedTuple):
    """A signal minute by minute: its level, and how far single readings scatter around it."""

    level: Floats
    scatter: Floats


def alert_outcomes(told: Replay, target: float, seed: int = 7) -> tuple[AlertOutcome, ...]:
    """Every alert on a story, in the order of the first to fire.

    Parameters
    ----------
    told : Replay
        The story at middle parameters, one draw.
    target : float
        Availability that is promised. [1]
    seed : int
        Of the nodes and of the scatter of the readings.

    Returns
    -------
    tuple of AlertOutcome
        Burn-rate alerts on the error rate, the novelty detector on four signals, control charts
        on the queue, and the line of the hottest node to its shutdown.

    Notes
    -----
    Before the change the service is followed without it; a day of such minutes, with readings that
    scatter, is what the detector has seen. Errors are users of the moment who are not served.
    """
    fired = [*_burn_alerts(told, target), *_detections(told, seed)]
    noticed = told.incident.controls.notice
    stories = {noticed: told}
    outcomes = []
    for alert in sorted(fired, key=lambda item: item.minute):
        minute = min(alert.minute, noticed)
        if minute not in stories:
            stories[minute] = _heeded(told.incident, minute, seed)
        outcomes.append(_outcome(alert, stories[minute], told))
    return tuple(outcomes)


def _heeded(incident: Incident, minute: float, seed: int) -> Replay:
    """The story in which the change is noticed at that minute."""
    controls = incident.controls
    revert = controls.revert - (controls.notice - minute)
    # The order to go offline belongs to the course as told, as with every countermeasure.
    earlier = controls.change(revert=revert, notice=minute, offline=0.0)
    return replay(incident.with_controls(earlier), middle(incident), seed)


def _outcome(alert: Fired, heeded: Replay, told: Replay) -> AlertOutcome:
    minutes, lost = float(heeded.full_outage[0]), float(heeded.lost[0])
    return AlertOutcome(
        *alert,
        in_time=heeded is not told,
        revert=heeded.incident.controls.revert,
        full_outage=minutes,
        lost=lost,
        saved_minutes=float(told.full_outage[0]) - minutes,
        saved=float(told.lost[0]) - lost,
    )


def _burn_alerts(told: Replay, target: float) -> Iterator[Fired]:
    served = _minutely(told.times, told.goodput[:, 0])
    errors = np.clip(1.0 - served, 0.0, 1.0)
    for alert in WORKBOOK_ALERTS:
        fires = firing(errors, np.ones_like(errors), 1.0, alert, target)
        name = f"{alert.severity}, burn rate {alert.burn:g} over {alert.long_h:g} h"
        yield Fired(name, "error rate", _first(fires))


def _detections(told: Replay, seed: int) -> Iterator[Fired]:
    incident = told.incident
    calm = incident.controls.change(broken_share=0.0)
    short = replace(incident.with_controls(calm), horizon=5.0)
    before = _signals(replay(short, middle(incident), seed))
    during = _signals(told)
    for name, signal, made in _detectors(incident):
        rng = named_stream(seed, f"telemetry {signal}")
        level, scatter = before[signal]
        past = level[-1] + scatter[-1] * rng.standard_normal(HISTORY)
        seen = during[signal]
        now = seen.level + seen.scatter * rng.standard_normal(len(seen.level))
        scores = watch(made(), [*past, *now])
        yield Fired(name, signal, _first(scores[HISTORY:] >= ALARM))


def _detectors(incident: Incident) -> Iterator[tuple[str, str, Callable[[], Detector]]]:
    """What judges, what it judges, and how it is made anew."""
    for signal in ("queue length", "GPU load", "hottest node", "nodes down"):
        yield "novelty detector", signal, lambda: Novelty(RARITY)
    for name, chart in (("CUSUM chart", Cusum), ("EWMA chart", Ewma), ("robust z", RobustZ)):
        yield name, "queue length", chart
    hot = incident.parameters["shutdown"].mid
    yield f"line to {hot:g} °C", "hottest node", lambda: Exhaustion(hot, LEAD, LINE)


def _signals(found: Replay) -> Mapping[str, Telemetry]:
    """Telemetry of the first draw, minute by minute."""
    queue, load, hot, down = (
        _minutely(found.times, values[:, 0])
        for values in (found.backlog, found.load, found.hot, 1.0 - found.up)
    )
    incident = found.incident
    places = incident.nodes * incident.parameters["places"].mid
    return {
        "queue length": Telemetry(queue, np.sqrt(queue)),
        "GPU load": Telemetry(load, np.sqrt(load / places)),
        "hottest node": Telemetry(hot, np.full_like(hot, SENSOR)),
        "nodes down": Telemetry(down, np.zeros_like(down)),
    }


def _minutely(times: Floats, values: Floats) -> Floats:
    """Mean of every full minute, of a quantity that is never below 0."""
    ends = np.arange(int(times[-1] + 1e-9) + 1.0)
    steps = np.diff(times, prepend=0.0)
    total = np.concatenate(([0.0], np.cumsum(values * steps)))
    known = np.interp(ends, np.concatenate(([0.0], times)), total)
    return np.asarray(np.maximum(np.diff(known), 0.0))


def _first(fires: Flags) -> float:
    """End of the first minute in which it fires; infinite if none."""
    return float(np.argmax(fires)) + 1.0 if np.any(fires) else float("inf")
