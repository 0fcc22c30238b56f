"""Writing what was learned about the reference classes as TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["to_toml"]

HEADER = """\
# Growth of reference classes: parameters and error quantiles.
#
# Class: calibrated. As of: {as_of}.
# Learned from published growth series (users, messages, payments, downloads, stars): {series}.
# An origin is an observation after a year of growth by 2x or more; products count equally.
# Log errors (actual minus predicted) are those of each product under parameters learned without it.
# error: mean absolute log error of those forecasts at each horizon. [1]
# Error quantiles never come nearer to the median at a longer horizon; `widening` is applied when
# they are read. Those of the combination are relative to their median. Standardised, they are
# those after a year of typical volatility, and grow with the root of the volatility.
# volatility: monthly log volatility of the year before, median over products. [1]
# persistence: log errors at horizons h1 <= h2 have correlation (h1 / h2) ** persistence.
# bridge_volatility: monthly log volatility between two reported points. [1]
# users_queries_correlation: an assumption; two products alone report both quantities.
# intercept, slope: line over the logarithm of the log growth of the year before. [1]
# cap_multiple: Gompertz cap over today's level [1]; horizons: [months].
# analogs: growth factors of the year before and of the 18 months after the named month, and where
# it is known the volatility of the year before.
"""


def to_toml(learned: Mapping[str, Any], as_of: str) -> str:
    """Text of the parameter file.

    Parameters
    ----------
    learned : mapping
        What `forecast.growth.learning.learn` returned.
    as_of : str
        Date of the learning, YYYY-MM-DD.

    Returns
    -------
    str
        A TOML document that starts with what the numbers are and where they come from.

    Examples
    --------
    >>> text = to_toml({"widening": 1.25, "classes": {}, "analogs": []}, "2026-11-23")
    >>> text.splitlines()[-1]
    'widening = 1.25'
    """
    counts = "; ".join(
        f"{name} {max(table['products'])} products, {max(table['origins'])} origins"
        for name, table in learned["classes"].items()
    )
    lines = [HEADER.format(as_of=as_of, series=counts or "none")]
    lines += _values({key: value for key, value in learned.items() if key not in _TABLES})
    for name, table in learned["classes"].items():
        lines += ["", f"[classes.{name}]"]
        lines += _values({key: value for key, value in table.items() if key != "residuals"})
        lines += ["", f"[classes.{name}.residuals]", *_values(table["residuals"])]
    for analog in learned["analogs"]:
        lines += ["", "[[analogs]]", *_values(analog)]
    return "\n".join(lines) + "\n"


_TABLES = ("classes", "analogs")


def _values(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: object) -> str:
    """One TOML value; lists of lists are broken over lines."""
    if isinstance(value, dict):
        return "{ " + ", ".join(_values(value)) + " }"
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + "".join(f"  {_value(row)},\n" for row in value) + "]"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)
