from __future__ import annotations

import json
from pathlib import Path

import pytest

from capacity.cli import main

FEW = ["--draws", "100"]
MONTH = [
    "--set",
    "start=2023-03",
    "--set",
    "end=2023-03",
    "--policy",
    "instance=p4d.24xlarge",
    *FEW,
]


def printed(argv: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    assert main(argv) == code
    return capsys.readouterr().out


def test_solve_prints_the_value_and_says_on_the_side_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    argv = ["solve", *MONTH, "--goal", "cost<=2e5", "--vary", "price_factor", "--between", "0.2,3"]
    assert main(argv) == 0
    captured = capsys.readouterr()
    assert "price_factor = " in captured.out
    assert captured.err.count("price_factor = ") > 9


def test_solve_exits_with_one_where_the_goal_cannot_be_reached(
    capsys: pytest.CaptureFixture[str],
) -> None:
    argv = ["solve", *MONTH, "--goal", "cost<=1", "--vary", "cached_share", "--json"]
    document = json.loads(printed(argv, capsys, code=1))
    assert (document["reached"], document["value"]) == (False, 1.0)


def test_solve_without_a_goal_says_what_breaks_first(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(["solve", *FEW, "--limit", "gpus=300"], capsys)
    assert "300 GPUs" in text
    assert "renting what is needed" in text
    document = json.loads(printed(["solve", *FEW, "--json"], capsys))
    assert {"breaks", "break_even"} <= document.keys()


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--goal", "cost<=1"], "--goal and --vary go together"),
        (["--goal", "cost", "--vary", "users"], "must be output<=value"),
        (["--goal", "cost<=1", "--vary", "users", "--between", "3"], "must be low,high"),
        (["--goal", "cost<=1", "--vary", "users", "--month", "2031-01"], "covers 2022-01"),
        (["--limit", "gpus=many"], "must be a number"),
    ],
)
def test_a_wrong_question_is_an_error_in_words(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", *FEW, *argv]) == 2
    assert message in capsys.readouterr().err


def test_no_plan_means_no_outlook(capsys: pytest.CaptureFixture[str]) -> None:
    assert "No plan" in printed(["solve", *FEW, "--policy", "regions=1"], capsys, code=1)


def test_explain_prints_the_parts_of_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert "whole nodes" in printed(["explain", "gpus", "2024-06", *FEW], capsys)
    document = json.loads(printed(["explain", "cost", "2023-06", *FEW, "--json"], capsys))
    assert (document["metric"], document["month"]) == ("cost", "2023-06")
    argv = ["explain", "cost", "2023-06", *FEW, "--policy", "regions=1"]
    assert "No plan" in printed(argv, capsys, code=1)


@pytest.mark.parametrize(
    ("argv", "name"),
    [
        (["explain", "gpus", "2024-06"], "explain"),
        (["economics", "--budget", "1e7"], "economics"),
        (["solve"], "outlook"),
        (["diff", "reported-case", "platform-shift"], "diff"),
    ],
)
def test_an_answer_is_written_where_it_is_asked_for(
    argv: list[str], name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main([*argv, *FEW, "--json", "--out", str(tmp_path / "new")]) == 0
    captured = capsys.readouterr()
    written = {path.name: path for path in (tmp_path / "new").iterdir()}
    kinds = ("json", "xlsx") if name == "diff" else ("json", "csv", "xlsx", "pdf")
    assert written.keys() == {f"{name}.{kind}" for kind in kinds}
    assert written[f"{name}.json"].read_text(encoding="utf-8") == captured.out
    assert captured.err.count("wrote ") == len(kinds)


def test_sensitivity_ranks_the_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["sensitivity", "--set", "start=2023-03", "--set", "end=2023-03", "--draws", "200"]
    argv += ["--policy", "instance=p4d.24xlarge"]
    assert "of the uncertainty in cost as needed is " in printed(argv, capsys)
    assert "no plan" in printed([*argv, "--policy", "regions=1"], capsys, code=1).lower()


def test_too_few_draws_for_shares_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", *FEW]) == 2
    assert "100 draws are too few" in capsys.readouterr().err


def test_diff_exits_with_one_above_the_threshold(capsys: pytest.CaptureFixture[str]) -> None:
    same = ["diff", "reported-case", "reported-case", *FEW, "--threshold", "0"]
    assert "No setting differs." in printed(same, capsys)
    other = ["diff", "reported-case", "platform-shift", *FEW]
    assert "demand_factor" in printed(other, capsys)
    document = json.loads(printed([*other, "--threshold", "0.5", "--json"], capsys, code=1))
    assert "cost" in document["exceeded"]
    assert main([*other, "--threshold", "-1"]) == 2
    assert "must be a share" in capsys.readouterr().err


def test_economics_tells_unit_costs_and_how_long_a_budget_lasts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = printed(["economics", *FEW, "--budget", "1e7"], capsys)
    assert "cost per 1,000 queries" in text
    assert "$10 M from 2023-01 on" in text
    document = json.loads(printed(["economics", *FEW, "--json"], capsys))
    assert document["runway"] is None
    assert main(["economics", *FEW, "--budget", "0"]) == 2
    assert "above 0 USD" in capsys.readouterr().err
