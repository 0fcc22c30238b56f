from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

import pytest

from capacity import cli
from capacity.dashboard.launch import NEEDED, OPTIONS, flags

ROOT = Path(__file__).resolve().parents[3]


def test_checkout_and_command_have_the_same_settings() -> None:
    tables = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    def flat(prefix: str, table: dict[str, object]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in table.items():
            name = f"{prefix}.{key}".strip(".")
            inside = flat(name, value) if isinstance(value, dict) else {name: value}
            found.update(inside)
        return found

    ours = {
        key: list(value) if isinstance(value, tuple) else value for key, value in OPTIONS.items()
    }
    assert flat("", tables) == ours


def test_server_is_bound_to_this_machine_and_tells_nobody() -> None:
    words = " ".join(flags(8501, headless=True))
    assert "--server.address 127.0.0.1" in words
    assert "--browser.gatherUsageStats false" in words
    assert "--server.enableXsrfProtection true" in words
    assert "--server.allowedHosts localhost --server.allowedHosts 127.0.0.1" in words


def test_every_option_is_known_to_the_server() -> None:
    from streamlit import config  # noqa: PLC0415

    assert set(OPTIONS) <= set(config.get_config_options())


def test_script_lies_in_the_package() -> None:
    assert Path(flags(8501, headless=True)[1]).is_file()


def test_missing_library_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name in NEEDED else found(name)
    )
    assert cli.main(["app"]) == cli.USER_ERROR
    told = capsys.readouterr().err
    assert "streamlit" in told
    assert "fleetcast[app]" in told
    assert "Traceback" not in told


def test_impossible_port_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["app", "--port", "99999"]) == cli.USER_ERROR
    assert "allowed 1 to 65535" in capsys.readouterr().err
