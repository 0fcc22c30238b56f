"""What the planner controls: service targets, redundancy, purchase terms, retention."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from capacity.bounded import BOUNDS, Bounded, Bounds

AUTO = "auto"
PARALLELISM = (1, 2, 4, 8)  # GPUs that may share a replica


@dataclass(frozen=True, kw_only=True)
class Lever(Bounds):
    """Description of one policy field: the one source of its unit, bounds and help.

    Parameters
    ----------
    unit, minimum, maximum, choices, percents : as in Bounds
        What the field may hold.
    help : str
        One line for the planner.
    """

    help: str


def _number(
    default: float, unit: str, minimum: float, maximum: float, text: str, percents: bool = False
) -> Any:  # dataclasses.field is typed as the default's own type
    lever = Lever(unit=unit, minimum=minimum, maximum=maximum, help=text, percents=percents)
    return field(default=default, metadata={BOUNDS: lever})


def _word(default: str, text: str, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={BOUNDS: Lever(unit="name", help=text, choices=choices)})


@dataclass(frozen=True)
class Policy(Bounded):
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
    >>> Policy().change({"zone": 2})
    Traceback (most recent call last):
    ...
    ValueError: unknown policy 'zone'; nearest: zones
    """

    noun: ClassVar[str] = "policy"

    availability: float = _number(
        0.9995, "share", 0.9, 0.99999, "share of time that users are served", percents=True
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
    read_spares: int = _number(
        1, "spares", 0, 9, "read replicas in each region beyond those that its reads take"
    )
    redundancy: str = _word(
        "design-basis",
        "what spares keep up: every minute as the busiest one, or requests of a week",
        ("design-basis", "request-weighted"),
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
    tensor_parallel: str = _word(
        AUTO,
        "GPUs that share one replica; auto takes the cheapest that serves",
        (AUTO, *map(str, PARALLELISM)),
    )
    conversation_retention_months: int = _number(
        120, "months", 1, 1200, "how long conversations are kept"
    )
    telemetry_retention_months: int = _number(3, "months", 1, 1200, "how long logs are kept")
    checkpoint_retention_months: int = _number(
        120, "months", 1, 1200, "how long model checkpoints are kept"
    )
    database_copies: int = _number(3, "copies", 1, 9, "copies of hot data in a region")
    backup_copies: int = _number(1, "copies", 0, 9, "backups of conversations, data, checkpoints")

    @property
    def gpus_per_replica(self) -> tuple[int, ...]:
        """GPUs that may share one replica."""
        return PARALLELISM if self.tensor_parallel == AUTO else (int(self.tensor_parallel),)

    @property
    def changed(self) -> dict[str, str | float | int]:
        """Levers that differ from their defaults, by name."""
        return {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if getattr(self, item.name) != item.default
        }


LEVERS: dict[str, Lever] = {item.name: item.metadata[BOUNDS] for item in fields(Policy)}
