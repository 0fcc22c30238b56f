"""The shipped scenarios against kept results: tenth, fiftieth and ninetieth percentile.

Results change only on purpose. `pytest tests/golden --regenerate-golden` writes them anew; the
change belongs into the changelog, under "Results that change".
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from capacity.metrics import METRICS
from capacity.outcome import CapacityPlan
from capacity.planning import plan
from capacity.scenarios.file import load_scenario, shipped

HERE = Path(__file__).parent
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
HEADER = ("metric", "unit", *LEVELS)
TOLERANCE = 1e-3  # relative: another processor rounds otherwise, another model differs by more
Table = dict[str, dict[str, float]]


def computed(name: str) -> Table:
    """Percentiles of every metric in the last month."""
    found = plan(load_scenario(name), seed=7, draws=2_000)
    assert isinstance(found, CapacityPlan), found.text
    return {
        metric: {level: float(found.quantile(metric, p)[-1]) for level, p in LEVELS.items()}
        for metric in METRICS
    }


def write(path: Path, table: Table) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for metric, row in table.items():
            values = (f"{row[level]:.7g}" for level in LEVELS)
            writer.writerow((metric, METRICS[metric].unit, *values))


def read(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["metric"]: {level: float(row[level]) for level in LEVELS}
            for row in csv.DictReader(file)
        }


def differences(kept: Table, now: Table) -> list[str]:
    """One line for every figure that moved, and for every metric that came or went."""
    lines = [f"{metric:28} only in one of the two" for metric in sorted(kept.keys() ^ now.keys())]
    for metric in (metric for metric in kept if metric in now):
        for level in LEVELS:
            before, after = kept[metric][level], now[metric][level]
            if after != pytest.approx(before, rel=TOLERANCE, abs=1e-12):
                change = f"{after / before - 1:+.2%}" if before else "new"
                lines.append(f"{metric:28} {level} {before:14.7g} {after:14.7g} {change:>9}")
    return lines


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_gives_the_kept_results(
    name: str, request: pytest.FixtureRequest
) -> None:
    path, now = HERE / f"{name}.csv", computed(name)
    if request.config.getoption("--regenerate-golden", default=False):
        write(path, now)
    assert path.exists(), f"{path.name} is missing: pytest tests/golden --regenerate-golden"
    lines = differences(read(path), now)
    title = f"{'metric':28} {'':3} {'kept':>14} {'now':>14} {'change':>9}"
    assert not lines, "\n".join([name, title, *lines])


def test_every_kept_result_belongs_to_a_shipped_scenario() -> None:
    assert sorted(path.stem for path in HERE.glob("*.csv")) == shipped()


def test_a_difference_is_shown_as_a_line_of_a_table() -> None:
    kept = {"gpus": {"p10": 1.0, "p50": 2.0, "p90": 3.0}, "old": dict.fromkeys(LEVELS, 0.0)}
    now = {"gpus": {"p10": 1.0, "p50": 2.5, "p90": 3.0001}}
    lines = differences(kept, now)
    assert len(lines) == 2
    assert lines[0].startswith("old")
    assert lines[1].split() == ["gpus", "p50", "2", "2.5", "+25.00%"]
