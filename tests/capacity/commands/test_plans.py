"""What the commands print and write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capacity.cli import main

FEW = ["--draws", "200"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "reported-case"
    assert main(["plan", *FEW, "--out", str(out)]) == 0
    return out


def printed(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(argv) == 0
    return capsys.readouterr().out


def test_plan_writes_four_reports_and_the_scenario(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert names == {"plan.csv", "plan.xlsx", "plan.json", "plan.pdf", "scenario.toml"}


def test_report_writes_the_same_plan_again(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(["report", str(folder)]) == 0
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert [name for name in before if before[name] != after[name] and name != "plan.xlsx"] == []


def test_plan_json_alone_writes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    document = json.loads(printed(["plan", *FEW, "--json"], capsys))
    assert document["schema"].startswith("fleetcast.plan/")
    assert list(tmp_path.iterdir()) == []


def test_an_infeasible_policy_exits_with_one_and_says_why(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["plan", *FEW, "--policy", "regions=1"]) == 1
    out = capsys.readouterr().out
    assert "single region" in out
    assert "regions=2" in out
    assert list(tmp_path.iterdir()) == []


def test_settings_reach_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    base, longer = (
        json.loads(printed(["plan", *FEW, "--json", *extra], capsys))
        for extra in ([], ["--set", "reply_tokens=150,300,600"])
    )
    assert median(longer, "token_rate") > 1.2 * median(base, "token_rate")


def median(document: dict[str, object], metric: str) -> float:
    months = document["monthly"]
    assert isinstance(months, list)
    return float(next(row["p50"] for row in reversed(months) if row["metric"] == metric))


def test_forecast_of_a_scenario_covers_reported_and_forecast_months(
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = json.loads(printed(["forecast", *FEW, "--json"], capsys))
    users, queries = document["series"]
    assert (users["name"], queries["name"]) == ("users", "queries")
    assert len(users["months"]) == 30
    assert users["months"][0]["p05"] == users["months"][0]["p95"] == 120_000


def test_forecast_of_an_own_series(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("date,value\n2023-01,100\n2024-01,300\n")
    printed(["forecast", str(file), "--months", "6", *FEW, "--out", str(tmp_path)], capsys)
    lines = (tmp_path / "forecast.csv").read_text().splitlines()
    assert len(lines) == 7
    assert "unit" in lines[0]


def test_audit_answers_every_claim(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(printed(["audit", *FEW, "--json"], capsys))
    verdicts = {row["claim"]: row["verdict"] for row in document["findings"]}
    assert verdicts["peak_queries_per_hour"] == "contradicted"
    assert verdicts["queries_growth_2022"] == "holds"


def test_compare_tells_differences_of_common_months(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, folder: Path
) -> None:
    other = tmp_path / "other.toml"
    text = (folder / "scenario.toml").read_text()
    other.write_text(text.replace('"llama-2-13b"', '"llama-2-70b"'))
    out = printed(["compare", "reported-case", str(other), *FEW, "--out", str(tmp_path)], capsys)
    assert "GPUs" in out
    assert (tmp_path / "compare.csv").read_text().startswith("metric,month,unit")
    assert (tmp_path / "compare.xlsx").read_bytes().startswith(b"PK")
    assert (tmp_path / "compare.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_check_data_finds_nothing_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing is wrong" in printed(["check-data"], capsys)


def test_every_layout_that_the_policy_allows_can_be_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for lever in ("zones=6", "regions=4", "zones=1"):
        assert printed(["plan", *FEW, "--json", "--policy", lever], capsys)


def test_a_month_or_a_part_of_the_case_writes_its_files_without_the_audit(
    tmp_path: Path,
) -> None:
    for start in ("2024-06", "2023-06"):
        out = tmp_path / start
        assert main(["plan", *FEW, "--set", f"start={start}", "--out", str(out)]) == 0
        assert json.loads((out / "plan.json").read_text())["audit"] == []


def test_the_saved_scenario_plans_the_same_again(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    changes = ["--policy", "zones=2", "--set", "reply_tokens=150,300,600"]
    assert main(["plan", *FEW, *changes, "--out", str(one)]) == 0
    assert main(["plan", *FEW, str(one / "scenario.toml"), "--out", str(two)]) == 0
    assert (one / "plan.csv").read_bytes() == (two / "plan.csv").read_bytes()


def test_json_on_the_screen_is_json_in_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(printed(["plan", *FEW, "--json"], capsys)) == json.loads(
        (folder / "plan.json").read_text()
    )


def test_forecast_names_the_nearest_past_products(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    document = json.loads(printed(["forecast", "--json", *FEW], capsys))
    users = document["series"][0]["analogs"]
    airbnb = next(row for row in users if row["product"] == "Airbnb")
    assert (airbnb["month"], airbnb["growth_12"]) == ("2011-12", pytest.approx(5.167))
    told = printed(["forecast", *FEW], capsys)
    assert "Airbnb to 2011-12 grew 5.2x in a year, then 5.3x in 18 months" in told
    calm = tmp_path / "calm.csv"
    calm.write_text("date,value\n2022-01,100\n2023-01,120\n", encoding="utf-8")
    (one,) = json.loads(printed(["forecast", str(calm), "--json", *FEW], capsys))["series"]
    assert one["analogs"] == []
    linear = printed(["forecast", "--model", "linear", "--json", *FEW], capsys)
    assert [one["analogs"] for one in json.loads(linear)["series"]] == [[], []]


def test_the_plan_of_the_reported_case_names_them_too(folder: Path) -> None:
    notes = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["notes"]
    assert sum("nearest past products" in note for note in notes) == 2


def test_alert_rules_are_printed_or_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = printed(["alerts", "--target", "0.999"], capsys)
    assert "availability of 99.9 %" in rules
    file = tmp_path / "new" / "rules.yml"
    assert printed(["alerts", "--target", "0.999", "--out", str(file)], capsys) == ""
    assert file.read_text(encoding="utf-8") == rules
