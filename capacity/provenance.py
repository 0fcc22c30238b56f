"""Where every number of a plan comes from."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from forecast.shipped.place import data_folder

OWN_SERVING = "serving constants of the scenario"  # among the hashes of a plan


def _version() -> str:
    try:
        return version("fleetcast")
    except PackageNotFoundError:
        return "not installed"


VERSION = _version()


@cache
def data_hashes() -> dict[str, str]:
    """SHA-256 of every shipped data file.

    Returns
    -------
    dict of str to str
        By path below the data folder, in alphabetical order.

    Examples
    --------
    >>> len(data_hashes()["assumptions.csv"])
    64
    """
    root = data_folder()
    files = sorted(path for path in root.rglob("*.*") if path.is_file())
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
