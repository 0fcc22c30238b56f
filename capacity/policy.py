"""What the planner controls: service targets, redundancy, purchase terms, retention."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any

from forecast.messages import LONGEST, MOST_FAULTS, shown, told
from forecast.shipped import nearest

AUTO = "auto"


@dataclass(frozen=True)
class Lever:
    """Description of one policy field: the one source of its unit, bounds and help.

    Parameters
    ----------
    unit : str
        Unit of the value.
    help : str
        One line for the planner.
    minimum, maximum : float
        Allowed range, both ends included, in `unit`.
    choices : tuple of str
        Allowed words; empty where the value is a number or checked elsewhere.
    """

    unit: str
    help: str
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: tuple[str, ...] = ()


def _number(
    default: float, unit: str, minimum: float, maximum: float, text: str
) -> Any:  # dataclasses.field is typed as the default's own type
    return field(default=default, metadata={"lever": Lever(unit, text, minimum, maximum)})


def _word(default: str, text: str, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"lever": Lever("name", text, choices=choices)})


@dataclass(frozen=True)
class Policy:
    """The levers of a plan; a change returns a copy.

    Raises
    ------
    ValueError
        With one line per fault if a value is of the wrong type or outside its range.

    Examples
    --------
    >>> Policy(availability=0.999, zones=2).zones
    2
    >>> Policy(availability=99.95)
    Traceback (most recent call last):
    ...
    ValueError: availability = 99.95: allowed 0.9 to 0.99999 [share]; for 99.95 % write 0.9995
    """

    availability: float = _number(
        0.9995, "share", 0.9, 0.99999, "share of time that users are served"
    )
    confidence: float = _number(
        0.9, "share", 0.5, 0.999, "probability that the machines bought suffice in a month"
    )
    ttft_s: float = _number(2.0, "s", 0.05, 60.0, "longest time to first token")
    tpot_s: float = _number(0.1, "s", 0.005, 2.0, "longest time per output token")
    latency_share: float = _number(
        0.95, "share", 0.5, 0.9999, "share of requests in the peak minute that start unqueued"
    )
    zones: int = _number(3, "zones", 1, 6, "availability zones in each region")
    regions: int = _number(
        2, "regions", 1, 4, "geographic regions; two or more survive the loss of one"
    )
    changes_per_month: int = _number(8, "changes/month", 0, 1000, "releases and migrations")
    canary_share: float = _number(
        0.05, "share", 0.0, 1.0, "share of traffic that a change meets before it is judged"
    )
    order_months: int = _number(3, "months", 1, 12, "months of need that one order covers")
    term: str = _word("1y", "commitment for GPU nodes", ("on-demand", "1y", "3y"))
    precision: str = _word("fp16", "number type of weights and KV cache", ("fp16", "fp8", "int8"))
    provider: str = _word("AWS", "whose instances and prices to plan with")
    instance: str = _word(AUTO, "instance type of GPU nodes; auto takes the cheapest that fits")
    conversation_retention_months: int = _number(
        120, "months", 1, 1200, "how long conversations are kept"
    )
    telemetry_retention_months: int = _number(3, "months", 1, 1200, "how long logs are kept")
    checkpoint_retention_months: int = _number(
        120, "months", 1, 1200, "how long model checkpoints are kept"
    )
    database_copies: int = _number(3, "copies", 1, 9, "copies of hot data in a region")
    backup_copies: int = _number(1, "copies", 0, 9, "backups of conversations, data, checkpoints")

    def __post_init__(self) -> None:
        """Report every fault at once."""
        faults = [text for name in LEVERS for text in _faults(name, getattr(self, name))]
        if faults:
            raise ValueError(told(faults))

    @property
    def changed(self) -> dict[str, str | float | int]:
        """Levers that differ from their defaults, by name."""
        return {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if getattr(self, item.name) != item.default
        }

    def change(self, values: Mapping[str, str | float | int]) -> Policy:
        """Copy with some levers changed.

        Parameters
        ----------
        values : mapping
            New values by field name; text is read as the field's own type.

        Returns
        -------
        Policy
            The changed copy.

        Raises
        ------
        ValueError
            With one line per unknown name, unreadable or impossible value.

        Examples
        --------
        >>> Policy().change({"zones": "2"}).zones
        2
        >>> Policy().change({"zone": 2})
        Traceback (most recent call last):
        ...
        ValueError: unknown policy 'zone'; nearest: zones
        """
        parsed = {name: _parse(name, value) for name, value in values.items() if name in LEVERS}
        unknown = [name for name in values if name not in LEVERS]
        faults = [_unknown(name) for name in unknown[:MOST_FAULTS]]
        faults += [f"unknown policy {shown(name)}" for name in unknown[MOST_FAULTS:]]
        faults += [text for name, value in parsed.items() for text in _faults(name, value)]
        if faults:
            raise ValueError(told(faults))
        return replace(self, **parsed)


def _types() -> dict[str, type]:
    return {item.name: type(item.default) for item in fields(Policy)}


def _lever(item: Field[Any]) -> Lever:
    lever = item.metadata["lever"]
    if not isinstance(lever, Lever):
        raise TypeError(f"policy field {item.name} has no Lever")
    return lever


LEVERS: dict[str, Lever] = {item.name: _lever(item) for item in fields(Policy)}


def _unknown(name: str) -> str:
    return f"unknown policy {shown(name)}; {nearest(name[:LONGEST], LEVERS)}"


def _parse(name: str, value: Any) -> Any:
    """Text as the field's own type; anything that does not parse is left for the check."""
    kind = _types()[name]
    if not isinstance(value, str) or kind is str:
        return value
    try:
        return kind(value) if value.isascii() and "_" not in value else value
    except ValueError:
        return value


def _faults(name: str, value: Any) -> list[str]:
    lever, kind = LEVERS[name], _types()[name]
    accepted = isinstance(value, int | float) if kind is float else isinstance(value, kind)
    if isinstance(value, bool) or not accepted:
        return [f"{name} = {shown(value)}: must be {kind.__name__} [{lever.unit}]"]
    if lever.choices and value not in lever.choices:
        return [f"{name} = {shown(value)}: allowed {', '.join(lever.choices)}"]
    if isinstance(value, str) or lever.minimum <= value <= lever.maximum:
        return []
    text = f"{name} = {shown(value)}: allowed {lever.minimum:g} to {lever.maximum:g} [{lever.unit}]"
    percent = name == "availability" and 1 < value <= 100  # noqa: PLR2004  a percentage
    return [f"{text}; for {value} % write {value / 100:g}" if percent else text]
