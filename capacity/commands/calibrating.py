"""`fleetcast calibrate-serving`: fit the serving model to measurements and say how well it does."""

from __future__ import annotations

import argparse
import sys

from capacity.commands.exit_codes import DONE
from capacity.commands.writing import write_files
from capacity.market.catalogue import shipped_catalogue
from capacity.planning import shipped_constants
from capacity.report.calibration_table import (
    calibration_csv,
    calibration_json,
    calibration_text,
    constants_toml,
    range_toml,
)
from capacity.serving.fit import calibrate
from capacity.serving.rows import read_measured


def calibrate_serving(arguments: argparse.Namespace) -> int:
    """Fit the constants on a file of measurements; print and write them.

    Parameters
    ----------
    arguments : argparse.Namespace
        Parsed arguments.

    Returns
    -------
    int
        Exit code 0. [1]
    """
    rows = read_measured(arguments.rows, shipped_catalogue())
    found = calibrate(rows, shipped_constants(), arguments.engine)
    print(calibration_json(found) if arguments.json else calibration_text(found))
    if arguments.out:
        write_files(
            {
                arguments.out / "serving.toml": constants_toml(found),
                arguments.out / "serving_range.toml": range_toml(found),
                arguments.out / "calibration.csv": calibration_csv(found),
            }
        )
        print(f"use them: fleetcast plan --serving {arguments.out}", file=sys.stderr)
    return DONE
