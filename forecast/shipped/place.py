"""Where the shipped data lie, installed or in a checkout."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

MANIFEST = "MANIFEST.toml"


def data_folder() -> Path:
    """Folder of the shipped data: inside the installed package, or beside it in a checkout.

    Returns
    -------
    Path
        An existing folder, unless the installation is damaged.

    Examples
    --------
    >>> (data_folder() / "MANIFEST.toml").is_file()
    True
    """
    installed = Path(__file__).parents[1] / "_data"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "data"


def data_files(folder: Path | None = None) -> tuple[str, ...]:
    """Names of all data files, the manifest excepted.

    Parameters
    ----------
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    tuple of str
        Relative to the folder, with ``/``, sorted. Hidden files are left out.

    Examples
    --------
    >>> "prices.csv" in data_files()
    True
    """
    return _shipped_files() if folder is None else _files(folder)


@cache
def _shipped_files() -> tuple[str, ...]:
    return _files(data_folder())


def _files(root: Path) -> tuple[str, ...]:
    names = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    hidden = [name for name in names if any(part.startswith(".") for part in name.split("/"))]
    return tuple(sorted(set(names) - set(hidden) - {MANIFEST}))


def nearest(word: str, known: Iterable[str]) -> str:
    """Phrase that points from an unknown word to the known ones.

    Parameters
    ----------
    word : str
        What was given.
    known : Iterable of str
        What is allowed.

    Returns
    -------
    str
        ``nearest: ...`` where something similar exists, else ``known: ...``.

    Examples
    --------
    >>> nearest("p4d.24xlrge", ["p4d.24xlarge", "p5.48xlarge"])
    'nearest: p4d.24xlarge'
    >>> nearest("lunch", ["base", "launch-2"])
    'nearest: launch-2'
    >>> nearest("zzz", ["b", "a"])
    'known: a, b'
    """
    names = sorted(set(known))
    close = difflib.get_close_matches(word, names, n=1)
    return f"nearest: {close[0]}" if close else f"known: {', '.join(names)}"


def data_path(name: str, folder: Path | None = None) -> Path:
    """Path of one shipped data file.

    Parameters
    ----------
    name : str
        File name relative to the data folder, such as ``prices.csv``.
    folder : Path, optional
        Another data folder; the shipped one if left out.

    Returns
    -------
    Path
        An existing file.

    Raises
    ------
    ValueError
        If the data folder holds no file of that name.

    Examples
    --------
    >>> data_path("prices.csv").name
    'prices.csv'
    """
    root = data_folder() if folder is None else folder
    known = data_files(folder)
    if name not in known:
        raise ValueError(f"unknown data file {name!r}; {nearest(name, known)}")
    return root / name
