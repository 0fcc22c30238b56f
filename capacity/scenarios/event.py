"""Events ahead that no history knows: a launch, a price change, a viral month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from capacity.arrays import Floats, Months
from capacity.estimate import Estimate
from capacity.numbers import exact
from capacity.scenarios.parts import MONTH
from forecast.draws import named_stream
from forecast.history import History
from forecast.messages import shown
from forecast.paths import Forecast

On = Literal["users", "queries", "both"]
SMALLEST, LARGEST = 0.01, 100.0  # of an effect
STREAM = "event {}"


@dataclass(frozen=True)
class Event:
    """A factor on demand from a month on.

    Parameters
    ----------
    name : str
        What happens; also the name of its random stream.
    month : str
        First month with the effect, YYYY-MM.
    effect : Estimate
        Demand with the event over demand without it. [ratio]
    on : {"users", "queries", "both"}
        What is multiplied; both by the same draw.
    half_life_months : float, optional
        Months in which the logarithm of the effect halves; left out, the effect lasts. [months]

    Raises
    ------
    ValueError
        With one line per fault: an empty name, no month, an unknown word, an effect outside 0.01
        to 100, a half-life that is not above 0.

    Examples
    --------
    >>> viral = Event("viral", "2026-03", Estimate.exactly(4.0), half_life_months=1.0)
    >>> months = np.arange("2026-02", "2026-06", dtype="datetime64[M]")
    >>> viral.factor(months, draws=2, seed=7)[0].round(3).tolist()
    [1.0, 4.0, 2.0, 1.414]
    """

    name: str
    month: str
    effect: Estimate
    on: On = "both"
    half_life_months: float | None = None

    def __post_init__(self) -> None:
        """Report every fault at once."""
        object.__setattr__(self, "effect", replace(self.effect, unit="ratio"))
        numbers = (self.effect.low, self.effect.mid, self.effect.high)
        half_life = self.half_life_months
        faults = []
        if not self.name.strip():
            faults.append("name is empty; allowed: any text")
        if not MONTH.fullmatch(self.month):
            faults.append(f"month = {shown(self.month)}: must be YYYY-MM")
        if self.on not in get_args(On):
            faults.append(f"on = {shown(self.on)}: allowed {', '.join(get_args(On))}")
        if not SMALLEST <= min(numbers) <= max(numbers) <= LARGEST:
            told = ", ".join(f"{number:g}" for number in numbers)
            faults.append(f"effect = {told}: allowed {SMALLEST:g} to {LARGEST:g} [ratio]")
        if half_life is not None and not 0.0 < half_life < np.inf:
            faults.append(f"half_life_months = {half_life:g}: allowed above 0 [months]")
        if faults:
            raise ValueError("\n".join(faults))

    @property
    def text(self) -> str:
        """The event in words."""
        size = exact(self.effect.mid)
        if not self.effect.certain:
            size += f" ({exact(self.effect.low)} to {exact(self.effect.high)})"
        return f"{self.name} in {self.month}: {size} times, {self.lasts}"

    @property
    def lasts(self) -> str:
        """How long the effect stays, in words."""
        fades = self.half_life_months
        return "lasting" if fades is None else f"half of it gone after {exact(fades)} months"

    def strikes(self, name: str) -> bool:
        """Whether a quantity is multiplied.

        Parameters
        ----------
        name : str
            ``users`` or ``queries``.

        Returns
        -------
        bool
            True if the event is on it or on both.
        """
        return self.on in (name, "both")

    def factor(self, months: Months, draws: int, seed: int) -> Floats:
        """Factor in each draw and month.

        Parameters
        ----------
        months : numpy.ndarray of datetime64[M]
            Any months.
        draws : int
            Number of draws. [1]
        seed : int
            The user's seed. [1]

        Returns
        -------
        numpy.ndarray
            Shape (draws, months), 1 before the event. [ratio]
        """
        size = self.effect.draw(draws, named_stream(seed, STREAM.format(self.name)))
        age = (months - np.datetime64(self.month, "M")).astype(float)
        left = np.ones(len(age))
        if self.half_life_months is not None:
            left = 0.5 ** (np.maximum(age, 0.0) / self.half_life_months)
        return np.asarray(size[:, np.newaxis] ** np.where(age < 0.0, 0.0, left))


def with_events(forecast: Forecast, events: Iterable[Event], seed: int) -> Forecast:
    """Forecast of users or queries after some events.

    Parameters
    ----------
    forecast : Forecast
        Without them.
    events : iterable of Event
        Those that strike it; each draw of an event belongs to the same path.
    seed : int
        The user's seed. [1]

    Returns
    -------
    Forecast
        With a note for each event.
    """
    for event in events:
        factor = event.factor(forecast.months, forecast.paths, seed)
        note = f"{forecast.name}: {event.text}; {event.effect.basis}"
        forecast = replace(forecast, values=forecast.values * factor, notes=(*forecast.notes, note))
    return forecast


def event_months(histories: Sequence[History], end: np.datetime64) -> Months:
    """Months that an event may begin in.

    Parameters
    ----------
    histories : sequence of History
        What it may strike.
    end : numpy.datetime64
        Last month that is forecast.

    Returns
    -------
    numpy.ndarray of datetime64[M]
        From the month after the last reported one.
    """
    return np.arange(max(history.origin for history in histories) + 1, end + 1)


def event_faults(
    events: Sequence[Event], histories: Sequence[History], end: np.datetime64
) -> list[str]:
    """Faults of events beside the reported histories and the end of a plan.

    Parameters
    ----------
    events : sequence of Event
        Any events.
    histories : sequence of History
        What they may strike, by name.
    end : numpy.datetime64
        Last month that is forecast.

    Returns
    -------
    list of str
        Empty if nothing is wrong.
    """
    names = [event.name for event in events]
    faults = [f"event {shown(name)} is given twice" for name in {*names} if names.count(name) > 1]
    months = event_months(histories, end)
    for event in events:
        if np.datetime64(event.month, "M") not in months:
            faults.append(
                f"event {shown(event.name)}: month = {event.month}: allowed "
                f"{max(history.origin for history in histories) + 1} to {end}, "
                "after the last reported month and within the plan"
            )
        falls = event.half_life_months is not None or event.effect.low < 1.0
        faults += [
            f"event {shown(event.name)}: {history.name} are cumulative and never fall: allowed a "
            "lasting effect of 1 or more, or an event on queries alone"
            for history in histories
            if falls and history.kind == "cumulative" and event.strikes(history.name)
        ]
    return faults


def event_table(event: Event) -> dict[str, Any]:
    """Event as a table of a scenario file.

    Parameters
    ----------
    event : Event
        Any event.

    Returns
    -------
    dict
        Without a half-life where the effect lasts.
    """
    keys = ("low", "mid", "high", "level", "source", "as_of", "basis")
    fades = event.half_life_months
    return {
        "name": event.name,
        "month": event.month,
        "on": event.on,
        **({} if fades is None else {"half_life_months": fades}),
        "effect": {key: getattr(event.effect, key) for key in keys},
    }
