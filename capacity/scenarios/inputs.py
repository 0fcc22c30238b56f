"""The shipped baseline of uncertain inputs: each with unit, bounds, source and help."""

from __future__ import annotations

from dataclasses import dataclass

from capacity.estimate import BASES, Estimate
from forecast.shipped.tables import Row, read_table


@dataclass(frozen=True)
class Assumption:
    """An uncertain input as shipped.

    Parameters
    ----------
    estimate : Estimate
        Baseline value.
    minimum, maximum : float
        Range that a planner may set, in the estimate's unit.
    confidence : str
        Quality of the source: high, medium or low.
    help : str
        One line for the planner.

    Examples
    --------
    >>> ASSUMPTIONS["reply_tokens"].estimate.unit
    'tokens'
    """

    estimate: Estimate
    minimum: float
    maximum: float
    confidence: str
    help: str


def _assumption(row: Row) -> Assumption:
    basis = next(word for word in BASES if word == row.text("basis"))
    estimate = Estimate(
        low=row.number("low"),
        mid=row.number("mid"),
        high=row.number("high"),
        level=row.number("level"),
        unit=row.text("unit"),
        source=row.text("source"),
        as_of=row.text("as_of"),
        basis=basis,
    )
    minimum, maximum = row.number("minimum"), row.number("maximum")
    return Assumption(estimate, minimum, maximum, row.text("confidence"), row.text("help"))


ASSUMPTIONS: dict[str, Assumption] = {
    row.text("name"): _assumption(row) for row in read_table("assumptions.csv").rows
}
