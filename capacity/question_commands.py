"""Commands that question a plan: solve, explain, sensitivity, diff, economics."""

from __future__ import annotations

import argparse
import math
import sys

from capacity.asking import asked_case, asked_plan, feasible
from capacity.break_even import break_even
from capacity.breaks import breaks
from capacity.comparison import compare
from capacity.economics import runway, unit_costs
from capacity.exit_codes import DONE, NOT_DONE
from capacity.goal import Goal, solve
from capacity.planning import plan
from capacity.report.diff_table import diff_json, diff_markdown, exceeded, watched
from capacity.report.economics_text import economics_json, economics_text
from capacity.report.explanation_text import explanation_json, explanation_text
from capacity.report.question_json import answer_json, outlook_json
from capacity.report.question_text import answer_text, break_even_text, breaks_text
from capacity.report.sensitivity_text import sensitivity_json, sensitivity_text
from capacity.scenario_changes import scenario_changes
from capacity.scenario_file import load_scenario
from capacity.sensitivity import sensitivity
from capacity.settings import parse_pairs
from capacity.tornado import tornado


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
    print(answer_json(answer) if arguments.json else answer_text(answer))
    return DONE if answer.reached else NOT_DONE


def _outlook(arguments: argparse.Namespace) -> int:
    found = asked_plan(arguments)
    limits = {name: _number(f"--limit {name}", text)
              for name, text in parse_pairs(arguments.limit).items()}  # fmt: skip
    broken, even = breaks(found, limits or None), break_even(found)
    if arguments.json:
        print(outlook_json(broken, even))
    else:
        print("\n\n".join(text for text in (breaks_text(broken), break_even_text(even)) if text))
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
    print(explanation_json(why) if arguments.json else explanation_text(why))
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
    print((sensitivity_json if arguments.json else sensitivity_text)(shares, swings))
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
    print((diff_json if arguments.json else diff_markdown)(changes, compared, threshold))
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
    print((economics_json if arguments.json else economics_text)(costs, month, lasts))
    return DONE


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
