from __future__ import annotations

import json
from pathlib import Path

import pytest

from capacity.cli import main

FEW = ["decide", "work-assistant", "--draws", "100"]


def test_it_prints_the_decision_and_its_progress(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(FEW) == 0
    told = capsys.readouterr()
    assert told.out.startswith("Purchase for work-assistant")
    assert told.err.count("deciding: ") == 5


def test_files_are_written_and_flags_reach_the_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--shortfall-price", "500", "--max-shortfall", "0.2", "--cvar", "0.5"]
    other = ["--buying", "on_demand_nodes=3", "--held", "6:2025-01", "--today", "2024-07"]
    assert main([*FEW, *flags, *other, "--json", "--out", str(tmp_path / "new")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads((tmp_path / "new" / "decision.json").read_text("utf-8"))
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "decision.json", "orders.csv", "policies.csv", "decision.xlsx", "decision.pdf",
    }  # fmt: skip
    values = {row["name"]: row["value"] for row in found["assumptions"]}
    assert (values["shortfall_price"], values["max_shortfall"]) == (500.0, 0.2)
    assert (values["cvar"], values["on_demand_nodes"]) == (0.5, 3)
    assert found["today"] == "2024-07-01"
    assert [row["held"] for row in found["months"][5:8]] == [6.0, 6.0, 0.0]


def test_no_plan_exits_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FEW, "--policy", "regions=1"]) == 1
    assert "No plan" in capsys.readouterr().out


def test_a_provider_without_commitments_leaves_only_rent_on_demand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*FEW, "--policy", "provider=GCP", "--policy", "term=on-demand"]) == 0
    told = capsys.readouterr().out
    assert "Order nothing." in told
    assert "No reserved node and no capacity block has a price" in " ".join(told.split())


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--shortfall-price", "many"], "shortfall_price = 'many': must be float"),
        (["--shortfall-price", "5"], "raise the price of a shortfall"),
        (["--max-shortfall", "5"], "max_shortfall = 5.0: allowed 0 to 1"),
        (["--buying", "lots=2"], "unknown assumption 'lots'"),
        (["--held", "six"], "must be NODES:YYYY-MM"),
        (["--held", "6:2024-13"], "2024-13"),
        (["--buying", "region_price=1,x"], "must be float, or more after commas"),
        (["--buying", "region_price=1,1,1"], "as many as the policy has, 2"),
        (["--today", "soon"], "soon"),
        (["--today", "2031-01"], "before the decision in 2031-01"),
    ],
)
def test_a_wrong_argument_is_an_error_in_words(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*FEW, *argv]) == 2
    assert message in capsys.readouterr().err
