"""Files of a plan: all of them whole, or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from capacity.outcome import CapacityPlan, Infeasible
from capacity.report.csv import to_csv
from capacity.report.json import to_json
from capacity.report.pdf import to_pdf
from capacity.report.xlsx import to_xlsx
from capacity.scenario_file import dump_scenario

if TYPE_CHECKING:
    from capacity.audit import Finding

NAMES = ("plan.csv", "plan.xlsx", "plan.json", "plan.pdf", "scenario.toml")


def write(
    plan: CapacityPlan,
    findings: Sequence[Finding],
    folder: Path,
    progress: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write every report of a plan, and the scenario to make it again.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit; empty where the claims are not about this plan.
    folder : Path
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
    makers: dict[str, Callable[[], str | bytes]] = {
        "plan.csv": lambda: to_csv(plan),
        "plan.xlsx": lambda: to_xlsx(plan, findings),
        "plan.json": lambda: to_json(plan, findings),
        "plan.pdf": lambda: to_pdf(plan, findings),
        "scenario.toml": lambda: dump_scenario(plan.scenario),
    }
    contents: dict[str, bytes] = {}
    for name in NAMES:
        if progress is not None:
            progress(name)
        made = makers[name]()
        contents[name] = made.encode("utf-8") if isinstance(made, str) else made
    return write_all(folder, contents)


def write_csv(plan: CapacityPlan, path: Path) -> None:
    """Write the monthly table.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    path : Path
        File to write or replace.
    """
    write_text(path, to_csv(plan))


def write_json(
    outcome: CapacityPlan | Infeasible, path: Path, findings: Sequence[Finding] = ()
) -> None:
    """Write an outcome as JSON.

    Parameters
    ----------
    outcome : CapacityPlan or Infeasible
        What `plan` gave.
    path : Path
        File to write or replace.
    findings : sequence of Finding
        The audit, if there is one.
    """
    write_text(path, to_json(outcome, findings))


def write_xlsx(plan: CapacityPlan, findings: Sequence[Finding], path: Path) -> None:
    """Write the workbook.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit; may be empty.
    path : Path
        File to write or replace.
    """
    write_all(path.parent, {path.name: to_xlsx(plan, findings)})


def write_pdf(plan: CapacityPlan, findings: Sequence[Finding], path: Path) -> None:
    """Write the printed report.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit; may be empty.
    path : Path
        File to write or replace.
    """
    write_all(path.parent, {path.name: to_pdf(plan, findings)})


def write_text(path: Path, text: str) -> None:
    """Write a text file, whole or not at all.

    Parameters
    ----------
    path : Path
        File to write or replace; its folder is made if it does not exist.
    text : str
        The content; line ends are kept.
    """
    write_all(path.parent, {path.name: text.encode("utf-8")})


def write_all(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder, all of them or none.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    contents : mapping of str to bytes
        Content by file name.

    Returns
    -------
    list of Path
        The files, in the order given.

    Raises
    ------
    OSError
        If one cannot be written; those of before stay as they were, and no part is left.

    Notes
    -----
    Each content goes to a temporary name in the same folder; only when all are on disk are they
    renamed, which replaces a file in one step.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {folder / name: folder / f".{name}.{os.getpid()}.part" for name in contents}
    try:
        for (path, part), content in zip(parts.items(), contents.values(), strict=True):
            if path.is_dir():
                raise IsADirectoryError(f"{path}: is a folder, not a file")
            part.write_bytes(content)
        for path, part in parts.items():
            os.replace(part, path)  # noqa: PTH105  atomic on every system
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return list(parts)
