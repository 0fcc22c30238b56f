"""How models would have done on the past of a series: forecasts from a rolling origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecast.backtest.cases import Failure, LeakError, cases_at, depends_on_more
from forecast.backtest.log import BacktestLog, Step, fingerprint
from forecast.backtest.table import BacktestResult
from forecast.growth.baselines import YEAR, baselines
from forecast.growth.class_parameters import learned_parameters
from forecast.growth.sampling import FEWEST_PATHS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from forecast.growth.model import GrowthModel
    from forecast.history import History

    Progress = Callable[[int, int, str], None]

__all__ = ["Backtest"]

SHORTEST = 12
MOST_ORIGINS = 24


@dataclass(frozen=True, eq=False)
class Backtest:
    """Rolling-origin backtest of some models and of the baselines.

    Parameters
    ----------
    models : mapping of str to GrowthModel
        Models by name, not yet fitted; naive, drift and, where a year is known, seasonal naive
        are always tested beside them.
    horizon : int
        Longest distance of a forecast, at least 1. [months]
    shortest : int
        Months from the first value to the first origin, at least 1. [months]
    origins : int
        Most origins, at least 1; of more, an even choice with the first and the last. [1]
    paths : int
        Sample paths of each forecast, at least 2. [1]
    seed : int
        Seed of the random streams. [1]

    Raises
    ------
    ValueError
        If a number is too small, or a model takes the name of a baseline.

    Notes
    -----
    A model is given a copy of the values up to the origin and nothing else. Before the scores are
    taken, each model must forecast the first origin again with all values told in another unit;
    one whose forecast does not follow has values from elsewhere and is refused.

    References
    ----------
    .. [1] L. J. Tashman, Out-of-sample tests of forecasting accuracy: an analysis and review,
       International Journal of Forecasting 16(4), 2000.

    Examples
    --------
    >>> from forecast.history import History
    >>> from forecast.growth.statistical import LinearGrowth
    >>> months = np.arange("2020-01", "2022-07", dtype="datetime64[M]").astype("datetime64[D]")
    >>> history = History("queries", months, 10.0 + np.arange(30.0) + np.arange(30) % 3)
    >>> result = Backtest({"linear": LinearGrowth()}, horizon=3, paths=99).run(history)
    >>> result.models
    ('linear', 'naive', 'drift', 'seasonal naive')
    """

    models: Mapping[str, GrowthModel]
    horizon: int = 6
    shortest: int = SHORTEST
    origins: int = MOST_ORIGINS
    paths: int = 1_000
    seed: int = 7

    def __post_init__(self) -> None:
        """Check the numbers and the names."""
        least = {"horizon": 1, "shortest": 1, "origins": 1, "paths": FEWEST_PATHS, "seed": 0}
        for name, low in least.items():
            if getattr(self, name) < low:
                raise ValueError(f"{name} must be at least {low}, got {getattr(self, name)!r}")
        taken = {"naive", "drift", "seasonal naive"} & set(self.models)
        if taken:
            raise ValueError(f"{', '.join(sorted(taken))}: tested in any case; take another name")

    def run(
        self, history: History, progress: Progress | None = None, keep: Path | None = None
    ) -> BacktestResult:
        """Backtest of one history.

        Parameters
        ----------
        history : History
            The whole.
        progress : callable, optional
            Called after each step with the number of steps done, of all steps, and a text.
        keep : pathlib.Path, optional
            File to which each step is written when done, and from which those of an interrupted
            backtest are taken over.

        Returns
        -------
        BacktestResult
            Scores, verdict and failures.

        Raises
        ------
        LeakError
            If a model depends on more than what it is given.
        ValueError
            If the history is too short or the file belongs to another backtest.
        """
        return self.result(history, self.steps(history, progress, keep))

    def result(self, history: History, steps: Iterator[Step] | list[Step]) -> BacktestResult:
        """Scores of the steps done so far.

        Parameters
        ----------
        history : History
            The whole.
        steps : iterable of Step
            What `steps` gave, all or the first of it.

        Returns
        -------
        BacktestResult
            Scores, verdict and failures.
        """
        done = list(steps)
        return BacktestResult(
            series=history.name,
            unit=history.unit,
            models=self._named(history),
            candidates=tuple(self.models),
            cases=tuple(case for step in done for case in step.cases),
            failures=tuple(step.failure for step in done if step.failure),
            lag=self._draws(history)["lag"],
        )

    def steps(
        self, history: History, progress: Progress | None = None, keep: Path | None = None
    ) -> Iterator[Step]:
        """Forecasts of each model from each origin, one after the other.

        Parameters
        ----------
        history : History
            The whole.
        progress : callable, optional
            As in `run`.
        keep : pathlib.Path, optional
            As in `run`.

        Yields
        ------
        Step
            All models at the first origin, then all at the next: whoever stops early still
            compares like with like.

        Raises
        ------
        ValueError
            As in `run`.
        """
        counts, models = self._counts(history), self._all(history)
        log = BacktestLog(keep, fingerprint(history, self._settings())) if keep else None
        known = log.read() if log else {}
        self._refuse_leaks(history, counts[0])
        total = len(counts) * len(models)
        for done, (count, name) in enumerate(((c, n) for c in counts for n in models), start=1):
            origin = str(history.months[count - 1])
            step = known.get((name, origin)) or self._step((name, models[name]), history, count)
            if log and (name, origin) not in known:
                log.add(step)
            if progress:
                progress(done, total, f"{name} from {origin}")
            yield step

    def _step(self, model: tuple[str, GrowthModel], history: History, count: int) -> Step:
        name, origin = model[0], str(history.months[count - 1])
        try:
            found = cases_at(model, history, count, self._reach(history), self._draws(history))
        except LeakError:
            raise
        except ValueError as error:
            return Step(name, origin, (), Failure(name, origin, str(error)))
        return Step(name, origin, tuple(found))

    def _counts(self, history: History) -> list[int]:
        """Number of points up to each origin."""
        ages = (history.months - history.months[0]).astype(int)
        span, ahead = int(ages[-1]), self._reach(history)
        counts = (np.flatnonzero((ages >= self.shortest) & (ages <= span - ahead)) + 1).tolist()
        if not counts:
            raise ValueError(
                f"{history.name}: {len(history.values)} points over {span} months are too few for "
                f"a backtest; needed: {self.shortest} months before the first origin and {ahead} "
                f"after it, {self.shortest + ahead} in all, or a shorter horizon"
            )
        chosen = np.unique(np.linspace(0, len(counts) - 1, self.origins).round().astype(int))
        return [counts[index] for index in chosen]

    def _refuse_leaks(self, history: History, count: int) -> None:
        for name, model in self.models.items():
            try:
                leaks = depends_on_more(model, history, count, self._draws(history))
            except ValueError:
                continue  # a model that cannot forecast is reported with its reason later
            if leaks:
                raise LeakError(
                    f"model {name!r}: told in another unit, the same history gives another "
                    "forecast; allowed: models that know nothing but the history they are given"
                )

    def _all(self, history: History) -> dict[str, GrowthModel]:
        return {**self.models, **baselines(history)}

    def _named(self, history: History) -> tuple[str, ...]:
        return tuple(self._all(history))

    def _draws(self, history: History) -> dict[str, int]:
        step = int((history.months[1] - history.months[0]).astype(int))
        seasonal = YEAR % step == 0 and self.shortest > YEAR
        return {"paths": self.paths, "seed": self.seed, "lag": YEAR // step if seasonal else 1}

    def _reach(self, history: History) -> int:
        """Horizon at which the history has values, the next one for values far apart [months]."""
        step = int((history.months[1] - history.months[0]).astype(int))
        return step * -(-self.horizon // step)

    def _settings(self) -> str:
        numbers = (self.horizon, self.shortest, self.origins, self.paths, self.seed)
        models = sorted((name, repr(model)) for name, model in self.models.items())
        return repr((models, numbers, learned_parameters()["classes"]))
