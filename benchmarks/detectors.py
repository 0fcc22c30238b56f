"""Score of the detectors on the Numenta benchmark: ``python -m benchmarks.detectors --data FILE``.

The file has one row per value: file, category, row, timestamp, value, window_id (-1 outside of an
anomaly). Every file is one stream; nothing is set for a file. The last line is one JSON object in
the points of the benchmark, 0 for silence and 100 for a perfect detector: the default detector at
its shipped limit under the three profiles and by category, and the textbook detectors at their
textbook limits. Under "unseen_limit" the limit is not the shipped one but the best one on other
files: those of the other categories, or of the other half in random halves.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capacity.monitor.detection import alarms, watch
from capacity.monitor.detectors import Cusum, Ewma, RobustZ, SeasonalResidual
from capacity.monitor.nab import PROFILES, file_score, normalised, probation_rows
from capacity.monitor.novelty import LIMIT, Novelty

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from capacity.arrays import Floats
    from capacity.monitor.detection import Detector

DATA = Path(__file__).parents[2] / "shared" / "benchmarks" / "nab_shared.parquet"
LIMITS = np.geomspace(20.0, 300.0, 24)  # rarities tried for the limit on other files
HALVES, SEED = 200, 7
DAY_S = 86_400.0
COLUMNS = ["file", "category", "row", "timestamp", "value", "window_id"]


@dataclass(frozen=True)
class Stream:
    """One file: its values in order, its windows, and values in a day."""

    name: str
    category: str
    values: Floats
    windows: tuple[tuple[int, int], ...]
    day: int

    def score(self, raised: Sequence[int], profile: str = "standard") -> float:
        return file_score(raised, len(self.values), self.windows, profile)


# Window, season and limits are those of the textbooks; nothing is fitted to the files.
SIMPLE: dict[str, Callable[[Stream], Detector]] = {
    "cusum": lambda stream: Cusum(),
    "ewma": lambda stream: Ewma(),
    "robust_z": lambda stream: RobustZ(),
    "seasonal": lambda stream: SeasonalResidual(stream.day),
}


def main() -> None:
    """Read the options, score, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--json", action="store_true", help="print the JSON object alone")
    options = parser.parse_args()
    streams = read_streams(options.data)
    scores = [watch(Novelty(), stream.values) for stream in streams]
    if not options.json:
        for stream, found in zip(streams, scores, strict=True):
            raised = [place for place in alarms(found) if place >= probation_rows(len(found))]
            counted = f"{len(stream.windows)} windows, {len(raised):3d} alarms"
            print(f"{stream.name:60} {stream.score(raised):6.2f}  {counted}")
    print(json.dumps(summary(streams, scores)))


def read_streams(path: Path) -> list[Stream]:
    """Every file of the table, in the order of its rows."""
    table = pd.read_parquet(path, columns=COLUMNS).sort_values(["file", "row"], kind="stable")
    return [
        _stream(str(name), rows) for name, rows in table.groupby("file", observed=True, sort=True)
    ]


def _stream(name: str, rows: Any) -> Stream:
    values, labels = rows["value"].to_numpy(np.float64), rows["window_id"].to_numpy()
    places = [np.flatnonzero(labels == label) for label in sorted(set(labels.tolist()) - {-1})]
    windows = sorted((int(inside[0]), int(inside[-1])) for inside in places)
    # The season is the calendar's, from the spacing of the rows that are not scored.
    early = rows["timestamp"].to_numpy()[: max(probation_rows(len(values)), 2)]
    step_s = float(np.median(np.diff(early) / np.timedelta64(1, "s")))
    day = max(round(DAY_S / step_s), 1)
    return Stream(name, str(rows["category"].iloc[0]), values, tuple(windows), day)


def summary(streams: Sequence[Stream], scores: Sequence[Floats]) -> dict[str, Any]:
    """Everything that is reported of a run."""
    raised = [alarms(found) for found in scores]
    profiles = {name: points(streams, raised, name) for name in PROFILES}
    simple = {
        name: points(streams, [alarms(watch(make(stream), stream.values)) for stream in streams])
        for name, make in SIMPLE.items()
    }
    return {
        **profiles,
        "files": len(streams),
        "windows": sum(len(stream.windows) for stream in streams),
        "categories": by_category(streams, raised),
        "unseen_limit": unseen_limit(streams, scores),
        "simple": simple,
    }


def points(
    streams: Sequence[Stream], raised: Sequence[Sequence[int]], profile: str = "standard"
) -> float | None:
    """Points of some streams; None where they have no window."""
    found = [stream.score(rows, profile) for stream, rows in zip(streams, raised, strict=True)]
    return _points(streams, found, profile)


def _points(
    streams: Sequence[Stream], found: Sequence[float] | Floats, profile: str = "standard"
) -> float | None:
    windows = sum(len(stream.windows) for stream in streams)
    return round(normalised(float(np.sum(found)), windows, profile), 2) if windows else None


def by_category(
    streams: Sequence[Stream], raised: Sequence[Sequence[int]]
) -> dict[str, float | None]:
    """Points of each category."""
    return {
        category: points(
            [stream for stream in streams if stream.category == category],
            [
                rows
                for stream, rows in zip(streams, raised, strict=True)
                if stream.category == category
            ],
        )
        for category in sorted({stream.category for stream in streams})
    }


def unseen_limit(streams: Sequence[Stream], scores: Sequence[Floats]) -> dict[str, float | None]:
    """Points with the limit that is best on files other than those scored."""
    pairs = list(zip(streams, scores, strict=True))
    table = np.array(
        [
            [stream.score(alarms(found, at_rarity(limit))) for stream, found in pairs]
            for limit in LIMITS
        ]
    )
    names = np.array([stream.category for stream in streams])
    chosen = np.array([_elsewhere(table, names != name)[own] for own, name in enumerate(names)])
    rng = np.random.default_rng(SEED)
    halves = []
    for _ in range(HALVES):
        mine = rng.random(len(streams)) < 0.5
        part = [stream for stream, own in zip(streams, mine, strict=True) if own]
        halves.append(_points(part, _elsewhere(table, ~mine)[mine]))
    known = [value for value in halves if value is not None]
    return {
        "other_categories": _points(streams, chosen),
        "other_half": round(float(np.mean(known)), 2) if known else None,
    }


def _elsewhere(table: Floats, others: Any) -> Floats:
    """Scores of all files at the limit that is best on the others."""
    return np.asarray(table[int(np.argmax(table[:, others].sum(axis=1)))])


def at_rarity(limit: float) -> float:
    """Score of the default detector at which a situation is as rare as the limit."""
    return (limit - 1.0) / (limit + LIMIT - 2.0)


if __name__ == "__main__":
    main()
