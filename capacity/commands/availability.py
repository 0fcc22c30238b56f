"""`fleetcast availability`: the cheapest redundancy that meets a target, its budget, each nine."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from capacity.availability.design_problem import SIZES, Room
from capacity.availability.design_search import Choice
from capacity.availability.designing import design_study, watched
from capacity.availability.stored_data import stored_data
from capacity.availability.working import working
from capacity.commands.asking import asked_case
from capacity.commands.exit_codes import DONE, NOT_DONE
from capacity.commands.writing import write_files
from capacity.planning import load_plan
from capacity.policy import Policy
from capacity.questions.scaling import scaling
from capacity.questions.scaling_factors import scaling_factors
from capacity.report.availability_json import availability_csv, availability_json
from capacity.report.availability_text import availability_text
from capacity.scenarios.settings import parse_pairs
from forecast.messages import LONGEST, label, shown
from forecast.shipped.place import nearest


def design_redundancy(arguments: argparse.Namespace) -> int:
    """`fleetcast availability`: solve, prove, simulate, print and write.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where no design meets the target. [1]
    """
    scenario, policy = asked_case(arguments)
    room = read_room(arguments.most)
    target = _target(arguments.target, policy)
    plan = load_plan(scenario, policy, seed=arguments.seed, draws=arguments.draws)
    study = design_study(plan, target, room)
    seen = watched(study, arguments.years, arguments.seed) if arguments.years else None
    grown = scaling(plan) if arguments.scaling else None
    both = (grown, scaling_factors(grown, int(plan.serving_nodes[-1]))) if grown else None
    found = (study, seen, both, working(plan, study), stored_data(plan))
    print((availability_json if arguments.json else availability_text)(*found))
    if arguments.out:
        write_files(
            {
                arguments.out / "availability.json": availability_json(*found),
                arguments.out / "availability.csv": availability_csv(study),
            }
        )
    return DONE if isinstance(study.found, Choice) else NOT_DONE


def read_room(texts: Sequence[str]) -> Room:
    """Largest designs to look at, as typed.

    Parameters
    ----------
    texts : sequence of str
        Such as ``regions=1``.

    Returns
    -------
    Room
        With the largest sizes where nothing is said.

    Raises
    ------
    ValueError
        If a name is unknown or a number no whole one in its range.

    Examples
    --------
    >>> read_room(["regions=1"]).regions
    1
    """
    sizes = {}
    for name, text in parse_pairs(texts).items():
        if name not in SIZES:
            raise ValueError(f"--most {label(name)}: {nearest(name[:LONGEST], SIZES)}")
        if not (text.isascii() and text.isdecimal()) or len(text) > 1:
            least, most = SIZES[name]
            raise ValueError(f"--most {name} = {shown(text)}: allowed {least} to {most}")
        sizes[name] = int(text)
    return Room(**sizes)


def _target(text: str | None, policy: Policy) -> float:
    """Target as typed, within what a policy allows; that of the policy where nothing is typed."""
    asked = policy if text is None else policy.change({"availability": text})
    return asked.availability
