"""Commands that make, judge and compare plans: load, compute, print, write."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from capacity.auditing import Finding, audit, concerned
from capacity.commands.asking import asked_case, feasible
from capacity.commands.exit_codes import DONE, NOT_DONE
from capacity.commands.writing import print_or_write, write_files
from capacity.comparison import compare
from capacity.dashboard.setting import REPORTED_CASE
from capacity.outcome import CapacityPlan, Infeasible
from capacity.planning import plan
from capacity.report.alert_rules import alert_rules
from capacity.report.comparison_pdf import comparison_pdf
from capacity.report.comparison_table import comparison_csv, comparison_text
from capacity.report.comparison_xlsx import comparison_xlsx
from capacity.report.files import write
from capacity.report.json import to_json
from capacity.report.saved import read_saved
from capacity.report.text import audit_text, console
from capacity.scenarios.file import load_scenario
from forecast.shipped.integrity import problems
from forecast.shipped.manifest import write_manifest

AUDIT_SCHEMA = "fleetcast.audit/1"


def plan_scenario(arguments: argparse.Namespace) -> int:
    """`fleetcast plan`: print a plan and write its files.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where no plan meets the policy.
    """
    scenario, policy = asked_case(arguments)
    found = plan(scenario, policy, seed=arguments.seed, draws=arguments.draws)
    if isinstance(found, Infeasible):
        print(to_json(found) if arguments.json else found.text)
        return NOT_DONE
    findings = audit(found) if concerned(found) else ()
    if arguments.json:
        print(to_json(found, findings))
    else:
        print(console(found))
    if arguments.out or not arguments.json:
        _write(found, findings, arguments.out or Path("out") / scenario.name)
    return DONE


def audit_claims(arguments: argparse.Namespace) -> int:
    """`fleetcast audit`: every reported claim with verdict, computed value and reason.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0.
    """
    case = load_scenario(REPORTED_CASE)
    found = feasible(plan(case, seed=arguments.seed, draws=arguments.draws))
    findings = audit(found)
    if arguments.json:
        rows = [asdict(finding) for finding in findings]
        print(json.dumps({"schema": AUDIT_SCHEMA, "findings": rows}, indent=1))
    else:
        print(audit_text(findings))
    return DONE


def compare_scenarios(arguments: argparse.Namespace) -> int:
    """`fleetcast compare`: what changes between scenarios, in common draws.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where one of them has no plan.
    """
    plans = [
        feasible(plan(load_scenario(name), seed=arguments.seed, draws=arguments.draws))
        for name in (arguments.base, *arguments.others)
    ]
    compared = compare(*plans)
    print(comparison_text(compared))
    if arguments.out:
        write_files(
            {
                arguments.out / "compare.csv": comparison_csv(compared.differences),
                arguments.out / "compare.xlsx": comparison_xlsx(compared),
                arguments.out / "compare.pdf": comparison_pdf(compared),
            }
        )
    return DONE


def report_again(arguments: argparse.Namespace) -> int:
    """`fleetcast report`: plan a written folder again and write its reports.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where no plan meets the policy any more.
    """
    saved = read_saved(arguments.folder)
    found = feasible(plan(saved.scenario, saved.policy, seed=saved.seed, draws=saved.draws))
    _write(found, audit(found) if concerned(found) else (), arguments.folder)
    return DONE


def check_data(arguments: argparse.Namespace) -> int:
    """`fleetcast check-data`: everything that is wrong with the shipped data, at once.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0 if nothing is wrong, else 1.
    """
    if arguments.write:
        print(f"wrote {write_manifest()}")
    faults = problems()
    print("\n".join(faults) if faults else "nothing is wrong with the shipped data")
    return NOT_DONE if faults else DONE


def write_alerts(arguments: argparse.Namespace) -> int:
    """`fleetcast alerts`: rules for Prometheus, printed or written.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0.
    """
    print_or_write(alert_rules(arguments.target), arguments.out)
    return DONE


def _write(found: CapacityPlan, findings: Sequence[Finding], folder: Path) -> None:
    for path in write(found, findings, folder, progress=_progress):
        print(f"wrote {path}", file=sys.stderr)


def _progress(step: str) -> None:
    print(f"writing {step}", file=sys.stderr)
