"""Files of a plan: all of them whole, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from capacity.availability.designing import design_study
from capacity.outcome import CapacityPlan, Infeasible
from capacity.report.csv import to_csv
from capacity.report.json import to_json
from capacity.report.pdf import to_pdf
from capacity.report.xlsx import to_xlsx
from capacity.scenarios.file import dump_scenario
from forecast.whole_files import write_whole

if TYPE_CHECKING:
    from capacity.auditing import Finding

NAMES = ("plan.csv", "plan.xlsx", "plan.json", "plan.pdf", "scenario.toml")


def write(
    plan: CapacityPlan,
    findings: Sequence[Finding],
    folder: str | Path,
    progress: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write every report of a plan, and the scenario to make it again.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit; empty where the claims are not about this plan.
    folder : str or Path
        Made if it does not exist; files of the same names are replaced.
    progress : callable, optional
        Called with the name of each file before it is made.

    Returns
    -------
    list of Path
        The files, in the order of `NAMES`.

    Raises
    ------
    OSError
        If the folder cannot be written; nothing is left half done.
    """
    study = design_study(plan)
    makers: dict[str, Callable[[], str | bytes]] = {
        "plan.csv": lambda: to_csv(plan),
        "plan.xlsx": lambda: to_xlsx(plan, findings),
        "plan.json": lambda: to_json(plan, findings, study),
        "plan.pdf": lambda: to_pdf(plan, findings, study),
        "scenario.toml": lambda: dump_scenario(replace(plan.scenario, levers=plan.policy.changed)),
    }
    contents: dict[str, bytes] = {}
    for name in NAMES:
        if progress is not None:
            progress(name)
        made = makers[name]()
        contents[name] = made.encode("utf-8") if isinstance(made, str) else made
    return write_whole({Path(folder) / name: content for name, content in contents.items()})


def write_csv(plan: CapacityPlan, path: str | Path) -> None:
    """Write the monthly table.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    path : str or Path
        File to write or replace.
    """
    write_text(path, to_csv(plan))


def write_json(
    outcome: CapacityPlan | Infeasible, path: str | Path, findings: Sequence[Finding] = ()
) -> None:
    """Write an outcome as JSON.

    Parameters
    ----------
    outcome : CapacityPlan or Infeasible
        What `plan` gave.
    path : str or Path
        File to write or replace.
    findings : sequence of Finding
        The audit, if there is one.
    """
    write_text(path, to_json(outcome, findings))


def write_xlsx(plan: CapacityPlan, findings: Sequence[Finding], path: str | Path) -> None:
    """Write the workbook.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit; may be empty.
    path : str or Path
        File to write or replace.
    """
    _write_one(path, to_xlsx(plan, findings))


def write_pdf(plan: CapacityPlan, findings: Sequence[Finding], path: str | Path) -> None:
    """Write the printed report.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit; may be empty.
    path : str or Path
        File to write or replace.
    """
    _write_one(path, to_pdf(plan, findings))


def write_text(path: str | Path, text: str) -> None:
    """Write a text file, whole or not at all.

    Parameters
    ----------
    path : str or Path
        File to write or replace; its folder is made if it does not exist.
    text : str
        The content; line ends are kept.
    """
    _write_one(path, text.encode("utf-8"))


def _write_one(path: str | Path, content: bytes) -> None:
    write_whole({Path(path): content})
