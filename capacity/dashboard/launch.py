"""Start of the dashboard's server: bound to this machine, without telemetry, errors without code."""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PORTS = range(1, 65_536)
NEEDED = ("streamlit", "plotly")
OPTIONS: Mapping[str, str | int | bool | tuple[str, ...]] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "server.address": "127.0.0.1",
    "server.allowedHosts": ("localhost", "127.0.0.1"),
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 5,
    "server.showEmailPrompt": False,
}


def command(port: int, *, headless: bool) -> list[str]:
    """Command line of the server.

    Parameters
    ----------
    port : int
        Where it listens. [1]
    headless : bool
        Whether to leave the browser closed.

    Returns
    -------
    list of str
        Program and arguments; every option is given, so no file of settings is needed.
    """
    script = Path(__file__).with_name("script.py")
    flags = ["--server.port", str(port), "--server.headless", _said(headless)]
    for name, value in OPTIONS.items():
        for item in value if isinstance(value, tuple) else (value,):
            flags += [f"--{name}", _said(item)]
    return [sys.executable, "-m", "streamlit", "run", str(script), *flags]


def open_dashboard(arguments: argparse.Namespace) -> int:
    """`fleetcast app`: run the server until it is stopped.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        Exit code of the server.

    Raises
    ------
    ValueError
        If the libraries of the dashboard are not installed, or the port is none.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise ValueError(
            f"the dashboard needs {' and '.join(missing)}, which come with the extra 'app': "
            "pip install 'fleetcast[app]'"
        )
    if arguments.port not in PORTS:
        raise ValueError(f"port = {arguments.port}: allowed {PORTS[0]} to {PORTS[-1]}")
    try:
        words = command(arguments.port, headless=arguments.no_browser)
        return subprocess.run(words, check=False).returncode
    except KeyboardInterrupt:
        return 0


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
