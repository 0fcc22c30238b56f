"""Dataclasses of bounded fields: read from text, checked together, changed by name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, fields, replace
from typing import Any, ClassVar, Self

from forecast.messages import LONGEST, MOST_FAULTS, shown, told
from forecast.shipped.place import nearest

BOUNDS = "bounds"  # key in the metadata of a field


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a field may hold; its type is that of its default, a tuple holds numbers.

    Parameters
    ----------
    unit : str
        Unit of the value.
    minimum, maximum : float
        Allowed range of each number, both ends included, in `unit`.
    choices : tuple of str
        Allowed words; empty where the value is a number or checked elsewhere.
    percents : bool
        Whether a value between 1 and 100 is told how to write it as a share.
    """

    unit: str
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: tuple[str, ...] = ()
    percents: bool = False


@dataclass(frozen=True)
class Bounded:
    """Base of a frozen dataclass whose fields all carry their `Bounds`.

    Raises
    ------
    ValueError
        With one line per fault if a value is of the wrong type or outside its range.

    Examples
    --------
    >>> from dataclasses import field
    >>> @dataclass(frozen=True)
    ... class Racks(Bounded):
    ...     noun: ClassVar[str] = "lever"
    ...     rows: int = field(default=2, metadata={BOUNDS: Bounds(unit="rows", minimum=1)})
    >>> Racks().change({"rows": "4"}).rows
    4
    >>> Racks(rows=0)
    Traceback (most recent call last):
    ...
    ValueError: rows = 0: allowed 1 to inf [rows]
    """

    noun: ClassVar[str] = "field"  # what a message calls a name that it does not know

    def __post_init__(self) -> None:
        """Report every fault at once."""
        _refuse(text for item in fields(self) for text in _faults(item, getattr(self, item.name)))

    def change(self, values: Mapping[str, str | float]) -> Self:
        """Copy with some fields changed.

        Parameters
        ----------
        values : mapping
            New values by field name; text is read as the field's own type.

        Returns
        -------
        Self
            The changed copy.

        Raises
        ------
        ValueError
            With one line per unknown name, unreadable or impossible value.
        """
        known = {item.name: item for item in fields(self)}
        parsed = {name: _parsed(known[name], values[name]) for name in values if name in known}
        unknown = [name for name in values if name not in known]
        faults = [
            f"unknown {self.noun} {shown(name)}; {nearest(name[:LONGEST], known)}"
            for name in unknown[:MOST_FAULTS]
        ]
        faults += [f"unknown {self.noun} {shown(name)}" for name in unknown[MOST_FAULTS:]]
        faults += [text for name, value in parsed.items() for text in _faults(known[name], value)]
        _refuse(faults)
        return replace(self, **parsed)


def _refuse(faults: Iterable[str]) -> None:
    """Raise if there is a fault."""
    if texts := list(faults):
        raise ValueError(told(texts))


def _parsed(item: Field[Any], value: Any) -> Any:
    """Text as the field's own type; anything that does not parse is left for the check."""
    kind: type = type(item.default)
    if kind is str:  # such as a word that looks like a number
        return str(value) if str(value) in item.metadata[BOUNDS].choices else value
    if not isinstance(value, str):
        return value
    try:
        if not value.isascii() or "_" in value:
            return value
        return tuple(map(float, value.split(","))) if kind is tuple else kind(value)
    except ValueError:
        return value


def _faults(item: Field[Any], value: Any) -> list[str]:
    """What is wrong with a value of a field."""
    name, known = item.name, item.metadata[BOUNDS]
    kind: type = type(item.default)
    if kind is tuple:
        return _tuple_faults(name, known, value)
    accepted = isinstance(value, int | float) if kind is float else isinstance(value, kind)
    if isinstance(value, bool) or not accepted:
        return [f"{name} = {shown(value)}: must be {kind.__name__} [{known.unit}]"]
    if known.choices and value not in known.choices:
        return [f"{name} = {shown(value)}: allowed {', '.join(known.choices)}"]
    if isinstance(value, str) or known.minimum <= value <= known.maximum:
        return []
    text = f"{name} = {shown(value)}: allowed {known.minimum:g} to {known.maximum:g} [{known.unit}]"
    percent = known.percents and 1 < value <= 100  # noqa: PLR2004  a percentage
    return [f"{text}; for {value} % write {value / 100:g}" if percent else text]


def _tuple_faults(name: str, known: Bounds, values: Any) -> list[str]:
    """What is wrong with a field of several numbers: all faults of the first wrong one."""
    numbers = values if isinstance(values, tuple) else ()
    plain = [not isinstance(each, bool) and isinstance(each, int | float) for each in numbers]
    if not numbers or not all(plain):
        return [f"{name} = {shown(values)}: must be float, or more after commas [{known.unit}]"]
    if all(known.minimum <= each <= known.maximum for each in numbers):
        return []
    allowed = f"allowed {known.minimum:g} to {known.maximum:g} [{known.unit}]"
    return [f"{name} = {shown(','.join(map(str, numbers)))}: {allowed} each"]
