"""A long visit: many random interactions in a row, without an error and without a leak."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit import cache_resource
from streamlit.testing.v1 import AppTest

from capacity.dashboard.links import pack
from capacity.dashboard.navigation import PAGES
from capacity.scenarios.file import dump_scenario
from capacity.scenarios.scenario import Scenario

Open = Callable[..., AppTest]
INTERACTIONS = 200
INCIDENT = 'name = "quick"\nnodes = 12\nhorizon = 20\nstep = 0.2\n'


def _memory_mib() -> float:
    gc.collect()
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def _near(item: Any) -> float:
    """A value one step away, on the side where there is room."""
    step = item.step or 1
    return item.value - step if item.value + step > item.max else item.value + step


def _interact(app: AppTest, rng: random.Random) -> None:
    controls = [*app.slider, *app.number_input, *app.selectbox, *app.toggle, *app.button]
    item: Any = rng.choice([item for item in controls if not item.disabled])
    kind = type(item).__name__
    if rng.random() < 0.2:
        app.switch_page(f"capacity/pages/{rng.choice(list(PAGES))}.py").run()
    elif kind == "Button":
        item.click().run()
    elif kind == "Toggle":
        item.set_value(not item.value).run()
    elif kind == "Selectbox":
        assert item.options, item.key
        item.select_index(rng.randrange(len(item.options))).run()
    else:
        item.set_value(_near(item)).run()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to read memory from")
def test_many_interactions_raise_nothing_and_hold_their_memory(
    opened: Open, short: Scenario
) -> None:
    cache_resource.clear()
    own = pack(dump_scenario(replace(short, name="quick")))
    app = opened(own=own, incident=pack(INCIDENT), draws="100", outage_draws="20")
    rng, memory = random.Random(7), []
    for _ in range(INTERACTIONS):
        _interact(app, rng)
        assert not app.exception, app.exception
        memory.append(_memory_mib())
    quarter = INTERACTIONS // 4
    early, late = np.mean(memory[quarter : 2 * quarter]), np.mean(memory[-quarter:])
    assert late <= 1.2 * early
