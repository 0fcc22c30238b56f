"""What is asked of a panel: how far, how sure, with which season and which model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from forecast.everyday.ensemble import Everyday
from forecast.messages import shown
from forecast.seasonal_naive import EmpiricalSeasonalNaive
from forecast.series import SEASONS, Step
from forecast.shipped.place import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from forecast.series import Series
    from forecast.series_model import SeriesModel

__all__ = ["DEFAULT_MODEL", "PANEL_MODELS", "PanelRequest"]

DEFAULT_MODEL = "everyday"
# Each makes a model for a panel, perhaps one that has learned from its series.
PANEL_MODELS: Mapping[str, Callable[[Iterable[Series]], SeriesModel]] = {
    "everyday": lambda panel: Everyday().on_panel(panel),
    "seasonal-naive": lambda panel: EmpiricalSeasonalNaive(),
}
LONGEST_HORIZON = 10_000
LONGEST_SEASON = 100_000
MOST_LEVELS = 20
LEAST_TAIL = 1e-6


@dataclass(frozen=True)
class PanelRequest:
    """One request for all series.

    Parameters
    ----------
    horizon : int
        Steps to forecast after the last known value of each series, 1 to 10,000. [steps]
    season : int
        Steps in a season, 1 for none; 0 for that of each series' step. [steps]
    step : {"hour", "day", "week", "month", "quarter", "year"}, optional
        Time from one value to the next; found for each series if left out.
    levels : tuple of float
        Probability inside each interval, between 0 and 1. [1]
    model : str
        A name in `PANEL_MODELS`.

    Raises
    ------
    ValueError
        With every fault.

    Examples
    --------
    >>> request = PanelRequest(horizon=28, season=7, levels=(0.8,))
    >>> request.columns, request.probabilities
    (('lo80', 'median', 'hi80'), (0.1, 0.5, 0.9))
    """

    horizon: int
    season: int = 0
    step: Step | None = None
    levels: tuple[float, ...] = (0.8, 0.95)
    model: str = DEFAULT_MODEL

    def __post_init__(self) -> None:
        """Put the levels in order and check everything."""
        object.__setattr__(self, "levels", tuple(sorted({float(level) for level in self.levels})))
        faults = self._faults()
        if faults:
            raise ValueError("; ".join(faults))

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the quantiles, ascending: ``lo95``, ``lo80``, ``median``, ``hi80``, ``hi95``."""
        names = [f"{level * 100.0:.6g}" for level in self.levels]
        low = [f"lo{name}" for name in reversed(names)]
        return (*low, "median", *(f"hi{name}" for name in names))

    @property
    def probabilities(self) -> tuple[float, ...]:
        """Probability of each of the columns, ascending [1]."""
        tails = [round((1.0 - level) / 2.0, 9) for level in self.levels]
        return (*reversed(tails), 0.5, *(1.0 - tail for tail in tails))

    @property
    def counted_step(self) -> Step:
        """Step of series that count their steps: told, or the one with such a season."""
        if self.step is not None:
            return self.step
        return next((step for step, season in SEASONS.items() if season == self.season), "day")

    def _faults(self) -> list[str]:
        faults = []
        if not _whole(self.horizon, 1, LONGEST_HORIZON):
            faults.append(f"horizon {shown(self.horizon)}; allowed: 1 to {LONGEST_HORIZON:,} steps")
        if not _whole(self.season, 0, LONGEST_SEASON):
            faults.append(
                f"season {shown(self.season)}; allowed: 1 to {LONGEST_SEASON:,} steps, or 0 for "
                "that of the step"
            )
        if self.step is not None and self.step not in get_args(Step):
            faults.append(f"step {shown(self.step)}; allowed: {', '.join(get_args(Step))}")
        if not 0 < len(self.levels) <= MOST_LEVELS or len(set(self.columns)) < len(self.columns):
            faults.append(f"{len(self.levels)} levels; allowed: 1 to {MOST_LEVELS} that differ")
        if not all(LEAST_TAIL <= level <= 1.0 - LEAST_TAIL for level in self.levels):
            faults.append(f"levels {shown(self.levels)}; allowed: between 0 and 1, both left out")
        if self.model not in PANEL_MODELS:
            faults.append(f"unknown model {shown(self.model)}; {nearest(self.model, PANEL_MODELS)}")
        return faults


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
