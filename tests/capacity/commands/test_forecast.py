"""`fleetcast forecast`: one series or two, and what is told beside them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capacity.cli import main
from capacity.estimate import Estimate
from capacity.scenarios.event import Event
from capacity.scenarios.file import dump_scenario, load_scenario

FEW = ("--draws", "200")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Thirty months of an adoption curve below 100."""
    months = np.datetime64("2022-01") + np.arange(30)
    values = 100.0 / (1.0 + np.exp(2.5 - 0.12 * np.arange(30)))
    rows = [f"{month},{value}" for month, value in zip(months, values, strict=True)]
    path = tmp_path / "share.csv"
    path.write_text("\n".join(["date,value", *rows]))
    return path


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(["forecast", *arguments, *FEW, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)["series"][0]
    return found


def test_baselines_and_a_verdict_are_always_beside_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(capsys, str(file), "--months", "6")
    assert set(found["baselines"]) == {"naive", "drift", "seasonal naive"}  # type: ignore[call-overload]
    assert "reference-class" in str(found["verdict"])
    assert "backtest from 6 origins" in str(found["verdict"])


def test_the_time_to_a_value_is_told_as_a_distribution(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forecast", str(file), "--months", "24", "--reach", "90", *FEW]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "reaches 90: 10 % by 2024-" in told
    assert "of the paths stay below until 2026-06" in told


@pytest.mark.parametrize("wanted", ["90 %", "users=90", "-1", "nan"])
def test_a_threshold_told_otherwise_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str], wanted: str
) -> None:
    assert main(["forecast", str(file), f"--reach={wanted}", *FEW]) == 2
    assert "allowed NAME=VALUE" in capsys.readouterr().err


def test_no_quantile_exceeds_a_capacity(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = (str(file), "--model", "everyday", "--months", "36")
    bound = document(capsys, *command, "--capacity", "100")
    assert all(row["p95"] <= 100.0 + 1e-9 for row in bound["months"])  # type: ignore[attr-defined]
    assert "everyday without the capacity" in str(bound["verdict"])
    free = document(capsys, *command)
    assert max(row["p95"] for row in free["months"]) > 100.0  # type: ignore[attr-defined]


def test_a_value_above_the_capacity_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forecast", str(file), "--model", "everyday", "--capacity", "50", *FEW]) == 2
    assert "above the capacity 50" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option",
    [
        ("--capacity", "100"),
        ("--holidays", "DE"),
        ("--learn-event", "sale:2022-11"),
        ("--regressor", "price=x.csv"),
    ],
)
def test_what_a_model_cannot_be_told_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str], option: tuple[str, str]
) -> None:
    assert main(["forecast", str(file), "--model", "linear", *option, *FEW]) == 2
    assert "allowed with --capacity are everyday and prophet" in capsys.readouterr().err
    assert main(["forecast", "reported-case", *option, *FEW]) == 2
    assert "are for one series" in capsys.readouterr().err


def test_an_event_multiplies_the_forecast_of_a_series(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = document(capsys, str(file), "--months", "3")["months"]
    event = ("--event", "launch:2024-08:2")
    after = document(capsys, str(file), "--months", "3", *event)["months"]
    ratios = [b["p50"] / a["p50"] for a, b in zip(before, after, strict=True)]  # type: ignore[call-overload]
    assert ratios == pytest.approx([1.0, 2.0, 2.0])


def test_an_event_outside_of_the_forecast_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event = ("--event", "launch:2024-12:2")
    assert main(["forecast", str(file), "--months", "3", *event, *FEW]) == 2
    assert "allowed 2024-07 to 2024-09" in capsys.readouterr().err


def test_events_of_the_command_are_added_to_those_of_a_scenario(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["forecast", "--event", "viral:2023-06:1.5", *FEW]) == 0
    told = capsys.readouterr().out
    assert "note: users: viral in 2023-06: 1.5 times, lasting" in told
    assert "note: queries: viral in 2023-06: 1.5 times, lasting" in told


@pytest.mark.slow
def test_prophet_is_told_events_and_holidays(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("prophet", reason="prophet is an optional extra")
    command = (str(file), "--model", "prophet", "--months", "3")
    options = ("--holidays", "DE", "--learn-event", "sale:2022-11,2023-11", "--capacity", "100")
    assert main(["forecast", *command, *options, *FEW]) == 0
    assert "Prophet, logistic growth" in capsys.readouterr().out
    assert main(["forecast", *command, "--learn-event", "sale", *FEW]) == 2
    assert "event 'sale': months missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("date,value\n2022-01,lots\n", "value 'lots' is no number"),
        ("date,value\n2022-01,5\n", "no number for 2022-02"),
    ],
)
def test_a_regressor_that_cannot_be_read_or_has_gaps_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str], rows: str, said: str
) -> None:
    pytest.importorskip("prophet", reason="prophet is an optional extra")
    price = file.with_name("price.csv")
    price.write_text(rows)
    command = ("forecast", str(file), "--model", "prophet", *FEW)
    assert main([*command, "--regressor", f"price={price}"]) == 2
    assert said in capsys.readouterr().err
    assert main([*command, "--regressor", "price"]) == 2
    assert "allowed NAME=FILE" in capsys.readouterr().err


def test_a_shorter_forecast_of_a_scenario_leaves_out_its_later_events(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event = Event("viral", "2024-05", Estimate.exactly(2.0))
    scenario = replace(load_scenario("reported-case"), events=(event,))
    path = tmp_path / "case.toml"
    path.write_text(dump_scenario(scenario))
    assert main(["forecast", str(path), "--months", "3", *FEW]) == 0
    assert "viral" not in capsys.readouterr().out
