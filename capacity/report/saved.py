"""A plan folder read back: the scenario, policy, seed and draws that made it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from capacity.policy import Policy
from capacity.scenarios.file import read_scenario
from capacity.scenarios.scenario import Scenario

MAX_BYTES = 50_000_000
PLAN, SCENARIO = "plan.json", "scenario.toml"


@dataclass(frozen=True)
class Saved:
    """What a plan was made from.

    Parameters
    ----------
    scenario : Scenario
        The world as assumed.
    policy : Policy
        What the planner chose.
    seed, draws : int
        Of the joint draws. [1]
    """

    scenario: Scenario
    policy: Policy
    seed: int
    draws: int


def read_saved(folder: Path) -> Saved:
    """Read what `fleetcast plan` wrote.

    Parameters
    ----------
    folder : Path
        With ``plan.json`` and ``scenario.toml``.

    Returns
    -------
    Saved
        Checked.

    Raises
    ------
    FileNotFoundError
        If one of the two files is missing.
    ValueError
        If one of them cannot be read, naming file and key.
    """
    document = _document(folder / PLAN)
    scenario = read_scenario(folder / SCENARIO)
    levers = document.get("policy")
    if not isinstance(levers, dict):
        raise ValueError(f"{PLAN}: key 'policy' must be an object")  # noqa: TRY004  a bad file
    try:
        policy = Policy().change(levers)
    except ValueError as error:
        raise ValueError(f"{PLAN}: {error}") from error
    return Saved(scenario, policy, _whole(document, "seed"), _whole(document, "draws"))


def _document(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file; `fleetcast plan --out` writes it")
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path.name}: larger than {MAX_BYTES / 1e6:g} MB")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path.name}: not valid JSON: {str(error)[:200]}") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path.name}: must hold one object")  # noqa: TRY004  a bad file
    return document


def _whole(document: dict[str, Any], key: str) -> int:
    value = document.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{PLAN}: {key} = {value!r}: must be a whole number")  # noqa: TRY004
    return value
