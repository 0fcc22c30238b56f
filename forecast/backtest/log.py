"""What a backtest has finished, line by line on disk, so that an interruption loses nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from forecast.backtest.cases import Case, Failure

if TYPE_CHECKING:
    from pathlib import Path

    from forecast.history import History

__all__ = ["BacktestLog", "Step", "fingerprint"]

SCHEMA = "fleetcast.backtest-log/1"


@dataclass(frozen=True)
class Step:
    """What one model did at one origin.

    Parameters
    ----------
    model : str
        Name of the model.
    origin : str
        Last month that it saw, YYYY-MM.
    cases : tuple of Case
        Forecasts compared; empty where it failed.
    failure : Failure or None
        Why there are none.
    """

    model: str
    origin: str
    cases: tuple[Case, ...]
    failure: Failure | None = None


def fingerprint(history: History, settings: str) -> str:
    """Short text that changes with the history and with the settings.

    Parameters
    ----------
    history : History
        The whole.
    settings : str
        All that steers the backtest.

    Returns
    -------
    str
        Hexadecimal digest.

    Examples
    --------
    >>> from forecast.history import History
    >>> users = History.from_points("u", {"2022-01": 3, "2022-02": 5}, kind="flow")
    >>> fingerprint(users, "horizon 6") == fingerprint(users, "horizon 7")
    False
    """
    parts = (history.name, history.kind, history.dates.tobytes(), history.values.tobytes())
    digest = hashlib.sha256(settings.encode())
    for part in parts:
        digest.update(part if isinstance(part, bytes) else part.encode())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class BacktestLog:
    """File of finished steps.

    Parameters
    ----------
    path : pathlib.Path
        A file with one JSON object a line; it need not exist.
    key : str
        Fingerprint of history and settings; steps of another one are refused.
    """

    path: Path
    key: str

    def read(self) -> dict[tuple[str, str], Step]:
        """Steps that were finished before.

        Returns
        -------
        dict of tuple of str to Step
            By model and origin; a last line that was cut off is left out.

        Raises
        ------
        ValueError
            If the file is none of ours, or belongs to another history or other settings.
        """
        if not self.path.exists():
            return {}
        first, *lines = self.path.read_text(encoding="utf-8").splitlines() or [""]
        if _object(first) != {"schema": SCHEMA, "key": self.key}:
            raise ValueError(
                f"{self.path}: kept for another history, other models or settings, or no such "
                "file; allowed: the file of the same backtest, or a new name"
            )
        steps = [_step(found) for found in map(_object, lines) if found]
        return {(step.model, step.origin): step for step in steps}

    def add(self, step: Step) -> None:
        """Write one finished step at once.

        Parameters
        ----------
        step : Step
            What was finished.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            if new:
                file.write(json.dumps({"schema": SCHEMA, "key": self.key}) + "\n")
            # The line break in front ends a line that an interruption may have cut off.
            file.write("\n" + json.dumps(asdict(step)) + "\n")


def _object(line: str) -> dict[str, object]:
    """One JSON object; empty for anything else."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _step(found: dict[str, object]) -> Step:
    cases, failure = found["cases"], found["failure"]
    if not isinstance(cases, list):
        raise ValueError("a kept step has no list of cases")  # noqa: TRY004  content of a file
    return Step(
        str(found["model"]),
        str(found["origin"]),
        tuple(Case(**{**case, "quantiles": tuple(case["quantiles"])}) for case in cases),
        Failure(**failure) if isinstance(failure, dict) else None,
    )
