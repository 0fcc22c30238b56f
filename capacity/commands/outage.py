"""`fleetcast outage`: replay an incident, print it, write its page."""

from __future__ import annotations

import argparse

from capacity.commands.exit_codes import DONE
from capacity.commands.writing import write_files
from capacity.outage.file import load_incident
from capacity.outage.study import study
from capacity.report.outage_json import outage_csv, outage_json
from capacity.report.outage_pdf import outage_pdf
from capacity.report.outage_text import outage_text


def replay_outage(arguments: argparse.Namespace) -> int:
    """`fleetcast outage`: the story, the countermeasures and the ranking.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        Exit code 0. [1]
    """
    incident = load_incident(arguments.incident)
    found = study(incident, arguments.names, draws=arguments.draws, seed=arguments.seed)
    print(outage_json(found) if arguments.json else outage_text(found))
    if arguments.out:
        write_files(
            {
                arguments.out / "outage.pdf": outage_pdf(found),
                arguments.out / "outage.csv": outage_csv(found),
            }
        )
    return DONE
