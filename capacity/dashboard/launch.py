"""Start of the dashboard's server: bound to this machine, without telemetry."""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Mapping
from pathlib import Path

PORTS = range(1, 65_536)
NEEDED = ("streamlit", "plotly")
OPTIONS: Mapping[str, str | int | bool | tuple[str, ...]] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "runner.postScriptGC": False,  # a pass over all objects takes 90 ms, before the last figure
    "server.address": "127.0.0.1",
    "server.allowedHosts": ("localhost", "127.0.0.1"),
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 5,
    "server.showEmailPrompt": False,
    "theme.metricValueFontSize": "1.75rem",
    "theme.paddingBottom": "3rem",
    "theme.paddingTop": "0rem",
    "theme.sidebar.paddingTop": "1rem",
    "theme.dark.primaryColor": "#56b4e9",
    "theme.light.primaryColor": "#0072b2",
}


def flags(port: int, *, headless: bool) -> list[str]:
    """Arguments of the server.

    Parameters
    ----------
    port : int
        Where it listens. [1]
    headless : bool
        Whether to leave the browser closed.

    Returns
    -------
    list of str
        Every option is given, so no file of settings is needed.
    """
    script = Path(__file__).with_name("navigation.py")
    words = ["--server.port", str(port), "--server.headless", _said(headless)]
    for name, value in OPTIONS.items():
        for item in value if isinstance(value, tuple) else (value,):
            words += [f"--{name}", _said(item)]
    return ["run", str(script), *words]


def open_dashboard(arguments: argparse.Namespace) -> int:
    """`fleetcast app`: run the server until it is stopped.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        Exit code: 0 when the server was stopped. [1]

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
    from streamlit.web.cli import main as serve  # noqa: PLC0415  slow, and an extra

    serve(flags(arguments.port, headless=arguments.no_browser), standalone_mode=False)
    return 0


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
