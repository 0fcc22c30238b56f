"""The command: exit codes, messages, and no traceback for a user's error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from capacity.cli import main


def failure(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(argv) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["plan", "reported-cose"], ["reported-cose", "nearest", "reported-case"]),
        (["plan", "--set", "reply_token=3"], ["reply_token", "nearest", "reply_tokens"]),
        (["plan", "--set", "reply_tokens=3,2,1"], ["reply_tokens", "low <= mid <= high"]),
        (["plan", "--set", "reply_tokens=1_000"], ["reply_tokens", "number"]),
        (["plan", "--set", "reply_tokens"], ["key=value"]),
        (["plan", "--policy", "availability=99.95"], ["availability", "99.95", "0.9995"]),
        (["plan", "--policy", "zone=2"], ["zone", "nearest", "zones"]),
        (["plan", "--policy", "zones=0"], ["zones", "1 to 6"]),
        (["plan", "--policy", "zones=2.5"], ["zones", "int"]),
        (["plan", "--policy", "term=4y"], ["term", "on-demand"]),
        (["plan", "--policy", "provider=AWZ"], ["AWZ", "AWS"]),
        (["plan", "--policy", "instance=p5.48"], ["p5.48", "p5.48xlarge"]),
        (["plan", "--set", "architecture=llama"], ["llama", "architecture"]),
        (["plan", "--set", "profile=azure"], ["azure"]),
        (["plan", "--seed", "-1"], ["seed = -1"]),
        (["plan", "--draws", "7"], ["draws = 7"]),
        (["plan", "nowhere.toml"], ["nowhere.toml", "no such file"]),
        (["forecast", "nowhere.csv"], ["nowhere.csv"]),
        (["forecast", "--model", "oracle"], ["oracle"]),
        (["alerts", "--target", "99.95"], ["target = 99.95", "0.5 to 0.999999"]),
        (["report", "nowhere"], ["nowhere", "no such file"]),
    ],
)
def test_a_users_error_is_one_message_with_what_is_allowed(
    argv: list[str],
    words: list[str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    message = failure(argv, capsys)
    assert [word for word in words if word not in message] == []
    assert list(tmp_path.iterdir()) == []


def test_all_faults_of_a_command_line_are_told_at_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    message = failure(["plan", "--set", "one=1", "--set", "two=2"], capsys)
    assert "'one'" in message
    assert "'two'" in message


def test_a_message_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in failure(["plan", "\x1b[2Jcase"], capsys)


def test_debug_shows_the_error_itself() -> None:
    with pytest.raises(ValueError, match="nearest"):
        main(["--debug", "plan", "reported-cose"])


def test_help_needs_no_numerical_library() -> None:
    code = (
        "import sys\nfrom capacity.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'pandas', 'scipy', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(len(heavy))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode
        == 0
    )
