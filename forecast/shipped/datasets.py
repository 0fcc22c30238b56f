"""The shipped data sets: rows, profiles and DataFrames."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from forecast.shipped.integrity import problems
from forecast.shipped.manifest import manifest_entry, read_manifest, write_manifest
from forecast.shipped.place import MANIFEST, data_folder, data_path, nearest
from forecast.shipped.schema import NUMERIC
from forecast.shipped.tables import read_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MANIFEST",
    "data_folder",
    "data_path",
    "load",
    "load_frame",
    "manifest_entry",
    "problems",
    "profile",
    "read_manifest",
    "write_manifest",
]


def load(name: str, folder: Path | None = None) -> tuple[dict[str, str], ...]:
    """Rows of a shipped table as text.

    Parameters
    ----------
    name : str
        File name, such as ``claims.csv``.
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    tuple of dict
        One dict per row, by column name, in file order. Units are in the manifest.

    Raises
    ------
    ValueError
        If the file is unknown or not a table.

    Examples
    --------
    >>> load("accelerators.csv")[0]["vendor"]
    'NVIDIA'
    """
    return tuple(dict(row.cells) for row in read_table(name, folder).rows)


def load_frame(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Rows of a shipped table as a DataFrame.

    Parameters
    ----------
    name : str
        File name, such as ``prices.csv``.
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    pandas.DataFrame
        Number columns are float, NaN where empty; all others are text.

    Raises
    ------
    ValueError
        If the file is unknown, not a table or not in the manifest, or a number cannot be read.

    Examples
    --------
    >>> frame = load_frame("prices.csv")
    >>> str(frame["value"].dtype)
    'float64'
    """
    import pandas as pd  # noqa: PLC0415  slow to import, and most commands do not need it

    table = read_table(name, folder)
    frame = pd.DataFrame([dict(row.cells) for row in table.rows], columns=list(table.columns))
    manifest = read_manifest(folder)
    if name not in manifest:
        raise ValueError(f"{name} is not listed in {MANIFEST}; {nearest(name, manifest)}")
    for column in manifest[name].columns:
        if column.type in NUMERIC:
            cells = [row.optional_number(column.name) for row in table.rows]
            frame[column.name] = np.array(cells, dtype=np.float64)
    return frame


def profile(profile_id: str, folder: Path | None = None) -> NDArray[np.float64]:
    """Hourly load profile, relative to its mean hour.

    Parameters
    ----------
    profile_id : str
        Such as ``azure2024_conv_weekday``.
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    numpy.ndarray
        Shape (24,) for a day or (168,) for a week, mean 1. [1]

    Raises
    ------
    ValueError
        If the profile is unknown.

    Examples
    --------
    >>> day = profile("azure2024_conv_weekday")
    >>> day.shape, float(day.max().round(2))
    ((24,), 1.34)
    """
    rows = read_table("profiles.csv", folder).rows
    values = [row.number("value") for row in rows if row.text("profile_id") == profile_id]
    if not values:
        known = {row.text("profile_id") for row in rows}
        raise ValueError(f"unknown profile {profile_id!r}; {nearest(profile_id, known)}")
    return np.array(values)
