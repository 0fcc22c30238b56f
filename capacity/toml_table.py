"""Typed reading of a TOML document that notes every fault and raises once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from forecast.messages import LONGEST, MOST_FAULTS, label, shown, told
from forecast.shipped.place import data_folder, nearest

MAX_BYTES = 1_000_000
MOST_PARTS = 20  # of a dotted key; a scenario needs three
LONG_KEY = re.compile(r"""(?:\.[ \t]*["']?[A-Za-z0-9_-]+["']?[ \t]*){20}""")


class TomlTable:
    """A table of a TOML file with its place in it.

    Parameters
    ----------
    values : mapping
        Keys and values as parsed.
    place : str
        File and table, for messages.
    faults : list of str
        Faults of the whole file; shared with the tables inside.

    Examples
    --------
    >>> table = TomlTable({"zones": "three"}, "my.toml", [])
    >>> table.number("zones")
    nan
    >>> table.faults
    ["my.toml: zones = 'three': must be a number"]
    """

    def __init__(self, values: Mapping[str, Any], place: str, faults: list[str]) -> None:
        self.values, self.place, self.faults = values, place, faults

    def fault(self, text: str) -> None:
        """Note a fault of this table.

        Parameters
        ----------
        text : str
            What is wrong, and what is allowed; one fault a line.
        """
        self.faults += [f"{self.place}: {line}" for line in text.split("\n")]

    def note(self, faults: Iterable[str]) -> None:
        """Note several faults of this table.

        Parameters
        ----------
        faults : iterable of str
            What is wrong, and what is allowed.
        """
        for text in faults:
            self.fault(text)

    def check(self) -> None:
        """Raise once if any table of the file has a fault.

        Raises
        ------
        ValueError
            With one line per fault, the first twenty of them.
        """
        if self.faults:
            raise ValueError(told(self.faults, f"{self.place}: "))

    def only(self, known: Iterable[str]) -> None:
        """Note every key that is not known.

        Parameters
        ----------
        known : iterable of str
            Allowed keys.
        """
        names = tuple(known)
        unknown = [key for key in self.values if key not in names]
        for key in unknown[:MOST_FAULTS]:  # the search for the nearest takes time
            self.fault(f"unknown key {shown(key)}; {nearest(key[:LONGEST], names)}")
        for key in unknown[MOST_FAULTS:]:
            self.fault(f"unknown key {shown(key)}")

    def text(self, key: str, default: str | None = None) -> str:
        """Text under a key.

        Parameters
        ----------
        key : str
            The key.
        default : str, optional
            Answer where the key is absent; without it the key is required.

        Returns
        -------
        str
            The text; empty after a fault.
        """
        value = self._get(key, default)
        if isinstance(value, str):
            return value
        if value is not None:
            self._mistyped(key, "text")
        return ""

    def number(self, key: str, default: float | None = None) -> float:
        """Number under a key.

        Parameters
        ----------
        key : str
            The key.
        default : float, optional
            Answer where the key is absent; without it the key is required.

        Returns
        -------
        float
            The number; not-a-number after a fault.
        """
        value = self._get(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _float(value)
        if value is not None:
            self._mistyped(key, "a number")
        return float("nan")

    def table(self, key: str) -> TomlTable:
        """Table under a key; empty where it is absent or after a fault.

        Parameters
        ----------
        key : str
            The key.

        Returns
        -------
        TomlTable
            Sharing the list of faults.
        """
        value = self.values.get(key, {})
        if not isinstance(value, Mapping):
            self._mistyped(key, "a table")
            value = {}
        return TomlTable(value, f"{self.place}: {label(key)}", self.faults)

    def tables(self, key: str) -> list[TomlTable]:
        """Tables of a list under a key; none where it is absent or after a fault.

        Parameters
        ----------
        key : str
            The key.

        Returns
        -------
        list of TomlTable
            In file order.
        """
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self._mistyped(key, "a list of tables")
            return []
        return [
            TomlTable(item, f"{self.place}: {label(key)}[{number}]", self.faults)
            for number, item in enumerate(value)
        ]

    def _get(self, key: str, default: str | float | None) -> object:
        if key not in self.values and default is None:
            self.fault(f"key {shown(key)} is missing")
        return self.values.get(key, default)

    def _mistyped(self, key: str, wanted: str) -> None:
        self.fault(f"{label(key)} = {shown(self.values[key])}: must be {wanted}")


def read_toml(path: Path) -> TomlTable:
    """Parse a TOML file with bounded size.

    Parameters
    ----------
    path : Path
        A regular file of at most 1 MB.

    Returns
    -------
    TomlTable
        The document, named after the file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is too large, not UTF-8, not TOML or nested too deeply.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file")
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"{path.name}: larger than {MAX_BYTES / 1e6:g} MB")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}: must be UTF-8 text ({error.reason})") from error
    _refuse_long_keys(text, path.name)
    try:
        document = tomllib.loads(text)
    except RecursionError as error:
        raise ValueError(f"{path.name}: nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"{path.name}: not valid TOML: {str(error)[:200]}") from error
    return TomlTable(document, path.name, [])


def shipped_names(folder: str) -> list[str]:
    """Names of the TOML files that come with the package in one folder.

    Parameters
    ----------
    folder : str
        Relative to the shipped data.

    Returns
    -------
    list of str
        In alphabetical order.

    Examples
    --------
    >>> "reported-case" in shipped_names("scenarios")
    True
    """
    return sorted(path.stem for path in (data_folder() / folder).glob("*.toml"))


def shipped_or_own(name: str | Path, folder: str, what: str) -> Path:
    """Path of a shipped TOML file by its name, or of a planner's own.

    Parameters
    ----------
    name : str or Path
        A shipped name, or the path of a file that ends in ``.toml``.
    folder : str
        Where the shipped ones lie, relative to the shipped data.
    what : str
        What the files hold, for the message.

    Returns
    -------
    Path
        Of an existing file for a shipped name; own files are not looked at.

    Raises
    ------
    ValueError
        If nothing of that name is shipped.

    Examples
    --------
    >>> shipped_or_own("february-2023", "outages", "outage").name
    'february-2023.toml'
    """
    text, known = str(name), shipped_names(folder)
    if text.endswith(".toml"):
        return Path(name)
    if text not in known:
        near = nearest(text[:LONGEST], known)
        raise ValueError(f"unknown {what} {shown(text)}; {near}; own files end in .toml")
    return data_folder() / folder / f"{text}.toml"


def _refuse_long_keys(text: str, file: str) -> None:
    """Refuse dotted keys of very many parts: reading one takes the square of them in time."""
    found = LONG_KEY.search(text)
    if found:
        line = text[text.rfind("\n", 0, found.start()) + 1 :]
        raise ValueError(f"{file}: key {shown(line)}: allowed are {MOST_PARTS} parts")


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
