"""What each command does: load, compute, print, write."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from capacity import report
from capacity.audit import Finding, audit
from capacity.comparison import compare
from capacity.demand import forecast_demand, growth_model
from capacity.outcome import CapacityPlan, Infeasible
from capacity.plan import plan
from capacity.policy import Policy
from capacity.report.forecast_table import forecast_csv, forecast_json, forecast_text
from capacity.report.saved import read_saved
from capacity.scenario import Growth, Scenario
from capacity.scenario_file import load_scenario, save_scenario
from capacity.settings import change_scenario, parse_pairs
from forecast.history import History
from forecast.integrity import problems
from forecast.manifest import write_manifest
from forecast.paths import Forecast

REPORTED_CASE = "reported-case"
DONE, NOT_DONE = 0, 1


def plan_command(arguments: argparse.Namespace) -> int:
    """Plan a scenario, print it and write its files.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where no plan meets the policy.
    """
    scenario = _scenario(arguments.scenario, arguments.settings)
    policy = scenario.policy.change(parse_pairs(arguments.policy))
    found = plan(scenario, policy, seed=arguments.seed, draws=arguments.draws)
    if isinstance(found, Infeasible):
        print(report.to_json(found) if arguments.json else found.text)
        return NOT_DONE
    findings = _findings(found)
    print(report.to_json(found, findings) if arguments.json else report.console(found, findings))
    if arguments.out or not arguments.json:
        _write(found, findings, arguments.out or Path("out") / scenario.name)
    return DONE
