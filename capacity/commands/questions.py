"""Commands that question a plan: solve, explain, sensitivity, diff, economics."""

from __future__ import annotations

import argparse
import math
import sys

from capacity.commands.asking import asked_case, asked_plan, feasible
from capacity.commands.exit_codes import DONE, NOT_DONE
from capacity.commands.writing import write_files
from capacity.comparison import compare
from capacity.planning import plan
from capacity.questions.break_even import break_even
from capacity.questions.breaks import breaks
from capacity.questions.economics import runway, unit_costs
from capacity.questions.goal import Goal, solve
from capacity.questions.sensitivity import sensitivity
from capacity.questions.tornado import tornado
from capacity.report.comparison_xlsx import comparison_xlsx
from capacity.report.diff_table import diff_json, diff_markdown, exceeded, watched
from capacity.report.economics_text import economics_text
from capacity.report.explanation_text import explanation_text
from capacity.report.question_files import (
    Report,
    answer_report,
    economics_report,
    explanation_report,
    outlook_report,
    sensitivity_report,
)
from capacity.report.question_text import answer_text, break_even_text, breaks_text
from capacity.report.sensitivity_text import sensitivity_text
from capacity.scenarios.changes import scenario_changes
from capacity.scenarios.file import load_scenario
from capacity.scenarios.settings import parse_pairs


def solve_goal(arguments: argparse.Namespace) -> int:
    """`fleetcast solve`: the input that meets a goal, or when what stands no longer suffices.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where the goal cannot be reached.

    Raises
    ------
    ValueError
        If only one of goal and input is given.
    """
    if bool(arguments.goal) != bool(arguments.vary):
        raise ValueError("--goal and --vary go together: what is wanted, and what may change")
    if not arguments.goal:
        return _outlook(arguments)
    goal = Goal.parse(
        arguments.goal, arguments.vary, month=arguments.month, quantile=arguments.quantile,
        between=_ends(arguments.between),
    )  # fmt: skip
    scenario, policy = asked_case(arguments)
    answer = solve(
        scenario, goal, policy, seed=arguments.seed, draws=arguments.draws, progress=progress
    )
    _tell(arguments, answer_text(answer), answer_report(answer))
    return DONE if answer.reached else NOT_DONE


def _outlook(arguments: argparse.Namespace) -> int:
    found = asked_plan(arguments)
    limits = {name: _number(f"--limit {name}", text)
              for name, text in parse_pairs(arguments.limit).items()}  # fmt: skip
    broken, even = breaks(found, limits or None), break_even(found)
    text = "\n\n".join(text for text in (breaks_text(broken), break_even_text(even)) if text)
    _tell(arguments, text, outlook_report(broken, even, found))
    return DONE


def explain_figure(arguments: argparse.Namespace) -> int:
    """`fleetcast explain`: why a figure is what it is.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where no plan meets the policy.
    """
    found = asked_plan(arguments)
    why = found.explain(arguments.metric, arguments.month)
    _tell(arguments, explanation_text(why), explanation_report(why, found))
    return DONE


def rank_inputs(arguments: argparse.Namespace) -> int:
    """`fleetcast sensitivity`: whose uncertainty the uncertainty of a figure is.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where no plan meets the policy.
    """
    found = asked_plan(arguments)
    shares = sensitivity(found, arguments.metric, arguments.month)
    inputs = [item.name for item in shares.influences]
    swings = tornado(found, arguments.metric, arguments.month, inputs, progress)
    report = sensitivity_report(shares, swings, found)
    _tell(arguments, sensitivity_text(shares, swings), report)
    return DONE


def diff_scenarios(arguments: argparse.Namespace) -> int:
    """`fleetcast diff`: what differs between two scenarios, and what it does to the plan.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where a headline figure changes by more than the threshold, or one of them has no
        plan.

    Raises
    ------
    ValueError
        If the threshold is no share.
    """
    threshold = arguments.threshold
    if threshold is not None and not 0.0 <= threshold < math.inf:
        raise ValueError(f"--threshold {threshold}: must be a share of at least 0, such as 0.05")
    scenarios = [load_scenario(name) for name in (arguments.base, arguments.other)]
    plans = [
        feasible(plan(scenario, seed=arguments.seed, draws=arguments.draws))
        for scenario in scenarios
    ]
    compared = compare(*plans)
    changes = scenario_changes(*scenarios)
    document = diff_json(changes, compared, threshold)
    print(document if arguments.json else diff_markdown(changes, compared, threshold))
    if arguments.out:
        write_files(
            {
                arguments.out / "diff.json": f"{document}\n",
                arguments.out / "diff.xlsx": comparison_xlsx(compared, changes),
            }
        )
    return NOT_DONE if exceeded(watched(compared), threshold) else DONE


def tell_economics(arguments: argparse.Namespace) -> int:
    """`fleetcast economics`: what a unit of service costs, and how long a budget lasts.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where no plan meets the policy.
    """
    found = asked_plan(arguments)
    costs = unit_costs(found, arguments.month)
    lasts = None if arguments.budget is None else runway(found, arguments.budget)
    month = arguments.month or str(found.months[-1])
    report = economics_report(costs, month, lasts, found)
    _tell(arguments, economics_text(costs, month, lasts), report)
    return DONE


def _tell(arguments: argparse.Namespace, text: str, report: Report) -> None:
    """Print an answer, and write its files where they are asked for."""
    print(report.json if arguments.json else text)
    if arguments.out:
        write_files(report.files(arguments.out))


def progress(line: str) -> None:
    """Tell on standard error how far a long command is.

    Parameters
    ----------
    line : str
        What was just done.
    """
    print(line, file=sys.stderr)


def _ends(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    low, comma, high = text.partition(",")
    if not comma:
        raise ValueError(f"--between {text[:40]!r}: must be low,high")
    return _number("--between", low), _number("--between", high)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} {text[:40]!r}: must be a number") from None
