"""`fleetcast decide`: what to order by when, judged beside other policies."""

from __future__ import annotations

import argparse
import sys

from capacity.commands.asking import asked_plan
from capacity.commands.exit_codes import DONE
from capacity.commands.writing import write_files
from capacity.procurement.buying import Buying
from capacity.procurement.deciding import decide
from capacity.procurement.held import told_held
from capacity.procurement.situation import Situation
from capacity.report.decision_json import decision_json, orders_csv, policies_csv
from capacity.report.decision_pdf import decision_pdf
from capacity.report.decision_text import decision_text
from capacity.report.decision_xlsx import decision_xlsx
from capacity.scenarios.settings import parse_pairs
from forecast.shipped.tables import parse_month

FLAGS = ("shortfall_price", "max_shortfall", "cvar")


def decide_purchase(arguments: argparse.Namespace) -> int:
    """`fleetcast decide`: orders, policies and dates of a scenario.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        0, or 1 where no plan meets the policy. [1]
    """
    buying = _buying(arguments)
    today = parse_month(arguments.today) if arguments.today else None
    held = told_held(arguments.held) if arguments.held else None
    _progress("plan")
    made = asked_plan(arguments)
    found = decide(Situation.of(made, today=today, held=held), buying, _progress)
    print(decision_json(found) if arguments.json else decision_text(found))
    if arguments.out:
        write_files(
            {
                arguments.out / "decision.json": decision_json(found),
                arguments.out / "orders.csv": orders_csv(found),
                arguments.out / "policies.csv": policies_csv(found),
                arguments.out / "decision.xlsx": decision_xlsx(found),
                arguments.out / "decision.pdf": decision_pdf(found),
            }
        )
    return DONE


def _buying(arguments: argparse.Namespace) -> Buying:
    """Assumptions as typed; the flags of their own win."""
    named = {name: getattr(arguments, name) for name in FLAGS}
    given = {name: value for name, value in named.items() if value is not None}
    return Buying().change({**parse_pairs(arguments.buying), **given})


def _progress(step: str) -> None:
    print(f"deciding: {step}", file=sys.stderr)
