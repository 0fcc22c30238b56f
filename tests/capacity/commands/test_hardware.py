from __future__ import annotations

import json

import pytest

from capacity.cli import main

LATE = ["--draws", "200", "--month", "2025-12"]
ON_DEMAND = ["--policy", "term=on-demand", "--dtype", "fp8"]


def printed(argv: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    assert main(["hardware", *argv]) == code
    return capsys.readouterr().out


def test_the_reported_case_is_ranked_and_starts_with_the_choice_of_the_plan(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = printed(["--draws", "200", "--dtype", "fp16"], capsys).splitlines()
    assert lines[0].startswith("option")
    assert "cheapest that meets every target" in lines[1]
    assert any("cannot be had before 2023-07" in line for line in lines)


def test_the_mix_covers_the_rate_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    argv = [*LATE, *ON_DEMAND, "--mix", "--rate", "400", "--bins", "3", "--json"]
    document = json.loads(printed(argv, capsys))
    assert document["schema"] == "fleetcast.hardware/1"
    assert document["mix"]["requests_per_s"] == pytest.approx(400.0)
    assert document["mix"]["usd_per_month"] <= document["mix"]["single"]["usd_per_month"]


def test_limits_and_lengths_reach_the_mix(capsys: pytest.CaptureFixture[str]) -> None:
    argv = [*LATE, *ON_DEMAND, "--mix", "--rate", "400", "--bins", "2"]
    limits = [f"--limit={card}=0" for card in ("H100-SXM", "H200-SXM", "B200-SXM", "L4", "L40S")]
    text = printed([*argv, "--lengths", "azure2024_conv", *limits], capsys)
    assert "0 % of the load can be served" in text


def test_nothing_that_serves_exits_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no option meets" in printed(["--draws", "200", "--dtype", "fp4"], capsys, code=1)


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--rate", "0"], "--rate must be above 0"),
        (["--mix", "--limit", "L4=many"], "allowed are whole nodes from 0"),
        (["--mix", "--lengths", "share"], "unknown lengths 'share'"),
        (["--dtype", "int3"], "unknown number type 'int3'"),
    ],
)
def test_a_wrong_argument_is_an_error_in_words(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hardware", *LATE, *argv]) == 2
    assert message in capsys.readouterr().err
