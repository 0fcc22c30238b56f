"""Latency of the dashboard in a real browser: from a moved control to the last redrawn figure.

    python -m benchmarks.dashboard --moves 20 --json           time and CPU of a moved control
    python -m benchmarks.dashboard --interactions 200 --json   memory over random interactions

Every move asks for a setting that was never asked before, so nothing comes from what is kept. A
slider waits 200 ms for further moves before it asks; that is part of its time. `on_screen_s` ends
when the last figure, chart or table within the window is painted, `whole_page_s` when the last
part of the page has changed. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.browser import ROOT, Server, served, settle, started

DRAWS = 2_000
CONTROLS = {  # page: role and name of a control with many values, key that moves it
    "availability": ("slider", "Canary share", "ArrowRight"),
    "capacity": ("slider", "Latency share", "ArrowLeft"),
    "growth": ("spinbutton", "Demand factor", "ArrowUp"),
    "cost": ("spinbutton", "Price factor", "ArrowUp"),
}
WATCH = """() => {  // figure, chart or table: changed at all, and changed and painted on screen
  window.moved = 0; window.changed = 0; window.seen = 0;
  document.addEventListener('keydown', () => { window.moved = performance.now(); }, true);
  const figures = '[data-testid=stMetric], [data-testid=stPlotlyChart], [data-testid=stMarkdown],'
    + '[data-testid=stCaptionContainer], [data-testid=stDataFrame], [data-testid=stAlert]';
  const painted = () => requestAnimationFrame(() => setTimeout(
    () => { window.seen = performance.now(); }));
  new MutationObserver(records => {
    window.changed = performance.now();
    const touched = new Set(records.map(record => (record.target.closest
      ? record.target : record.target.parentElement)?.closest(figures)));
    touched.delete(null); touched.delete(undefined);
    for (const item of touched) {
      const box = item.getBoundingClientRect();
      if (box.bottom > 0 && box.top < innerHeight && box.height > 0) { painted(); return; }
    }
  }).observe(document.querySelector('[data-testid=stMain]'),
    {subtree: true, childList: true, characterData: true, attributes: true});
}"""
CALM_MS = 700  # nothing is drawn for so long: the figures are there
TICKS = os.sysconf("SC_CLK_TCK")
KIB_PER_MIB = 1024


class Move(NamedTuple):
    """One moved control."""

    page: str
    on_screen_s: float
    whole_page_s: float
    server_cpu_s: float
    browser_cpu_s: float


def cpu_s(pids: Iterable[int]) -> float:
    """CPU seconds that processes have used; one that has ended meanwhile counts nothing."""
    return sum(_ticks(pid) for pid in pids) / TICKS


def _ticks(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0
    fields = text.rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def browser_pids(server: Server) -> list[int]:
    """Processes that this one has started, and those started by them, without the server."""
    below, waiting = [], [os.getpid()]
    while waiting:
        parent = waiting.pop()
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            found = [int(pid) for pid in path.read_text(encoding="ascii").split()]
            waiting += [pid for pid in found if pid != server.pid]
        below += [parent] * (parent != os.getpid())
    return below


def memory_mib(server: Server) -> float:
    """Memory that the server holds."""
    lines = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / KIB_PER_MIB


def moves(page: Any, server: Server, name: str, count: int) -> list[Move]:
    """Move the control of one page again and again."""
    page.goto(f"{server.address}/{name}?draws={DRAWS}")
    role, title, key = CONTROLS[name]
    control = page.get_by_role(role, name=title).first
    control.wait_for()
    settle(page)
    page.evaluate(WATCH)
    found, pids = [], browser_pids(server)
    for _ in range(count):
        before, drawn = cpu_s([server.pid]), cpu_s(pids)
        control.press(key)
        _calm(page)
        seen, changed = page.evaluate("[window.seen - window.moved, window.changed - window.moved]")
        spent = cpu_s([server.pid]) - before, cpu_s(pids) - drawn
        found.append(Move(name, seen / 1000.0, changed / 1000.0, *spent))
    return found


def _calm(page: Any) -> None:
    calm = (
        "window.seen > window.moved && "
        f"performance.now() - Math.max(window.seen, window.changed) > {CALM_MS}"
    )
    page.wait_for_timeout(CALM_MS)
    settle(page)
    page.wait_for_function(calm)


def distribution(values: Sequence[float]) -> dict[str, float]:
    """Quantiles of seconds."""
    levels = {"p50": 0.5, "p75": 0.75, "p95": 0.95, "max": 1.0}
    return {name: round(float(np.quantile(values, q)), 3) for name, q in levels.items()}


def latency(page: Any, server: Server, count: int) -> dict[str, Any]:
    """Distribution of wall and CPU seconds over all pages, and for each."""
    moves(page, server, "availability", 2)  # pays for the imports
    found = {name: moves(page, server, name, count) for name in CONTROLS}
    every = [move for rows in found.values() for move in rows]
    pages = {name: summary(rows) for name, rows in found.items()}
    return {"moves": len(every), "draws": DRAWS, **summary(every), "pages": pages}


def summary(found: Sequence[Move]) -> dict[str, dict[str, float]]:
    """Distribution of each figure of some moves."""
    names = ("on_screen_s", "whole_page_s", "server_cpu_s", "browser_cpu_s")
    return {name: distribution([getattr(move, name) for move in found]) for name in names}


def soak(page: Any, server: Server, count: int) -> dict[str, Any]:
    """Memory of the server over random interactions, and what went wrong."""
    rng = random.Random(7)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server.address}/?draws=200&outage_draws=20")
    memory = []
    for _ in range(count):
        _interact(page, rng)
        page.wait_for_timeout(CALM_MS)  # a slider waits before it asks
        settle(page)
        errors += page.get_by_test_id("stException").all_inner_texts()
        memory.append(round(memory_mib(server), 1))
    quarter = max(1, count // 4)
    early, late = np.mean(memory[quarter : 2 * quarter]), np.mean(memory[-quarter:])
    return {
        "interactions": count,
        "errors": errors,
        "first_mib": memory[0],
        "last_mib": memory[-1],
        "growth": round(float(late / early - 1.0), 3),
    }


def _interact(page: Any, rng: random.Random) -> None:
    """One random thing that a visitor may do: another page, a slider, a switch, undo."""
    if rng.random() < 0.2:
        links = page.get_by_test_id("stSidebarNavLink")
        links.nth(rng.randrange(links.count())).click()
        return
    controls = page.locator(
        "[role=slider], [role=tab], [data-testid=stMain] [data-testid=stExpander] summary, "
        "[data-testid=stCheckbox] label, button:has-text('Undo')"
    )
    shown = [item for item in controls.all() if item.is_visible() and item.is_enabled()]
    if not shown:
        return
    chosen = rng.choice(shown)
    if chosen.get_attribute("role") == "slider":
        chosen.press(rng.choice(("ArrowLeft", "ArrowRight")))
    else:
        chosen.click()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=20, help="of each control")
    parser.add_argument("--interactions", type=int, default=0, help="random ones; measures memory")
    parser.add_argument("--root", type=Path, default=ROOT, help="checkout to serve")
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    given = parser.parse_args()
    with served(given.root.resolve()) as server, started() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        if given.interactions:
            found = soak(page, server, given.interactions)
        else:
            found = latency(page, server, given.moves)
    if not given.json:
        print(json.dumps(found, indent=1))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
