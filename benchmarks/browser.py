"""The dashboard served as `fleetcast app` does, and a real browser in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip
PATIENCE_S = 60
SETTLED = (
    "() => document.querySelector('[data-testid=stApp]')"
    "?.getAttribute('data-test-script-state') === 'notRunning'"
)


class Server(NamedTuple):
    """Where the dashboard answers, and its process."""

    address: str
    pid: int


def browser_path() -> str:
    """Path of an installed browser; empty for none."""
    return next(filter(None, map(shutil.which, NAMES)), "")


@contextmanager
def served(root: Path = ROOT, folder: Path | None = None) -> Iterator[Server]:
    """Serve the dashboard of a checkout until the block is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "capacity.cli", "app", "--no-browser", "--port", str(port)],
        cwd=folder or root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONSAFEPATH": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        _wait(f"{address}/_stcore/health")
        yield Server(address, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)


def _wait(url: str) -> None:
    last = time.monotonic() + PATIENCE_S
    while time.monotonic() < last:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"{url} does not answer")


@contextmanager
def started() -> Iterator[Any]:
    """Start the browser until the block is left."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  may be missing

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=list(ARGUMENTS))
        yield browser
        browser.close()


def settle(page: Any) -> None:
    """Wait until the server has nothing more to send for a page."""
    page.wait_for_function(SETTLED, timeout=1000 * PATIENCE_S)
