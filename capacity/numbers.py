"""Numbers as people say them: few digits, a scale word, the unit."""

from __future__ import annotations

import math

DIGITS = 2
EXACT_BELOW = 10_000  # whole things up to here are said to the last one
WHOLE = frozenset({"GPUs", "nodes", "instances", "hosts", "months", "zones", "regions"})
SCALES = ((1e12, " tn"), (1e9, " bn"), (1e6, " M"))
LADDERS = {
    "PB": ((1.0, "PB"), (1e-3, "TB"), (1e-6, "GB"), (1e-9, "MB")),
    "kW": ((1e6, "GW"), (1e3, "MW"), (1.0, "kW"), (1e-3, "W")),
    "Gbit/s": ((1e3, "Tbit/s"), (1.0, "Gbit/s"), (1e-3, "Mbit/s"), (1e-6, "kbit/s")),
    "s": ((1.0, "s"), (1e-3, "ms")),
}
MONEY = "USD"
TINY = 1e-6  # smaller ones would be a row of zeros


def say(value: float, unit: str, digits: int = DIGITS) -> str:
    """Number with its unit, to a few significant digits.

    Parameters
    ----------
    value : float
        The number, in `unit`.
    unit : str
        Its unit; ``share`` is said in percent, ``USD`` as dollars.
    digits : int
        Significant digits, at least 1; whole things below 10,000 are said exactly. [1]

    Returns
    -------
    str
        Rounding never reverses an order: a larger number is never said as a smaller one.

    Raises
    ------
    ValueError
        If the number is not finite.

    Examples
    --------
    >>> say(6784213.18, "queries/day"), say(1_234_000, "USD/month"), say(3.1415, "PB")
    ('6.8 M queries/day', '$1.2 M/month', '3.1 PB')
    >>> say(0.9512, "min"), say(912, "GPUs"), say(0.031, "PB/month"), say(0.4711, "share")
    ('0.95 min', '912 GPUs', '31 TB/month', '47 %')
    >>> say(1.469e-34, "min")
    '1.5e-34 min'
    """
    return _joined(*_parts(value, unit, digits))


def say_error(value: float, unit: str) -> str:
    """Error as a bound: two digits, rounded up.

    Parameters
    ----------
    value : float
        Largest distance, not negative, in `unit`.
    unit : str
        Its unit.

    Returns
    -------
    str
        Never less than the value.

    Examples
    --------
    >>> say_error(71_012.0, "USD/month"), say_error(0.0, "GPUs")
    ('±$72,000/month', '±0 GPUs')
    """
    return f"±{say(raised(value, unit), unit)}"


def raised(value: float, unit: str) -> float:
    """Number rounded up to two significant digits, whole things to the next one.

    Parameters
    ----------
    value : float
        Not negative, in `unit`.
    unit : str
        Its unit.

    Returns
    -------
    float
        At least the value.

    Raises
    ------
    ValueError
        If the number is not finite.

    Examples
    --------
    >>> raised(71_012.0, "USD"), raised(1.2, "GPUs"), raised(0.0301, "PB")
    (72000.0, 2.0, 0.031)
    """
    _check(value)
    size = math.ceil(value) if unit in WHOLE else value
    if size <= 0.0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(size)) - (DIGITS - 1))
    return _rounded(math.ceil(size / step - 1e-9) * step, DIGITS)


def span(low: float, high: float, unit: str) -> str:
    """Interval with its unit said once.

    Parameters
    ----------
    low, high : float
        Ends, in `unit`.
    unit : str
        Their unit.

    Returns
    -------
    str
        Such as ``1.2 M to 28 M queries/day``.

    Examples
    --------
    >>> span(1.2426e6, 27.88e6, "queries/day"), span(0.456, 4.91, "PB")
    ('1.2 M to 28 M queries/day', '460 TB to 4.9 PB')
    >>> span(0.31, 0.62, "share"), span(280e3, 1.9e6, "USD/month")
    ('31 % to 62 %', '$280,000 to $1.9 M/month')
    """
    one, other = _parts(low, unit, DIGITS), _parts(high, unit, DIGITS)
    if unit != "share" and one[1] == other[1]:
        return f"{one[0]} to {_joined(*other)}"
    return f"{_joined(*one)} to {_joined(*other)}"


def bare(value: float, unit: str) -> str:
    """Number as `say` says it, without the unit where that is the one given.

    Parameters
    ----------
    value : float
        The number, in `unit`.
    unit : str
        Its unit, named elsewhere.

    Returns
    -------
    str
        A unit of another scale stays.

    Examples
    --------
    >>> bare(6784213.18, "queries/day"), bare(1.2e6, "USD/month"), bare(0.456, "PB")
    ('6.8 M', '$1.2 M', '460 TB')
    """
    number, said = _parts(value, unit, DIGITS)
    base, slash, per = unit.partition("/")
    return number if said in (unit, slash + per if base == MONEY else unit) else f"{number} {said}"


def percent(value: float, decimals: int = 0) -> str:
    """Share in percent.

    Parameters
    ----------
    value : float
        The share. [1]
    decimals : int
        Digits after the point. [1]

    Returns
    -------
    str
        Such as ``99.95 %``.

    Examples
    --------
    >>> percent(0.9995, 2), percent(0.071)
    ('99.95 %', '7 %')
    """
    return f"{100.0 * value:.{decimals}f} %"


def plain(value: float) -> str:
    """Number without a unit, as short as four significant digits allow.

    Parameters
    ----------
    value : float
        Any finite number.

    Returns
    -------
    str
        Whole numbers below a million in full.

    Raises
    ------
    ValueError
        If the number is not finite.

    Examples
    --------
    >>> plain(24000), plain(0.00012346), plain(2e10), plain(3.785)
    ('24,000', '0.0001235', '20 bn', '3.785')
    """
    _check(value)
    size = abs(value)
    if value == round(value) and size < 1e6:  # noqa: PLR2004  a million
        return f"{value + 0.0:,.0f}"  # no minus before 0
    if size < 1e-4:  # noqa: PLR2004  longer than its exponent
        return f"{value:.4g}"
    text = _scaled(value, 4)
    return _trimmed(text)


def exact(value: float) -> str:
    """Number as it was given, to ten significant digits.

    Parameters
    ----------
    value : float
        Any finite number.

    Returns
    -------
    str
        With thousands separated.

    Raises
    ------
    ValueError
        If the number is not finite.

    Examples
    --------
    >>> exact(20.176), exact(1_800_000.0), exact(1.1e-05)
    ('20.176', '1,800,000', '1.1e-05')
    """
    _check(value)
    return f"{value:,.10g}"


def ordinal(number: int) -> str:
    """Whole number as a rank.

    Parameters
    ----------
    number : int
        Not negative. [1]

    Returns
    -------
    str
        Such as ``98th``.

    Examples
    --------
    >>> [ordinal(number) for number in (1, 2, 3, 11, 22, 98)]
    ['1st', '2nd', '3rd', '11th', '22nd', '98th']
    """
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _check(value: float) -> None:
    if not math.isfinite(value):
        raise ValueError(f"a number to be said must be finite, got {value}")


def _joined(number: str, unit: str) -> str:
    return number + unit if unit.startswith("/") else f"{number} {unit}".rstrip()


def _parts(value: float, unit: str, digits: int) -> tuple[str, str]:
    """Words for the number, and the unit that they are in."""
    _check(value)
    base, slash, per = unit.partition("/")
    if unit == "share":
        return f"{_rounded_text(100.0 * value, digits)}", "%"
    if base == MONEY:
        sign = "-" if value < 0 else ""
        return f"{sign}${_scaled(abs(value), digits)}", slash + per
    if unit in LADDERS or base in LADDERS:
        name = unit if unit in LADDERS else base
        factor, word = _rung(value, LADDERS[name], digits)
        rest = "" if unit in LADDERS else slash + per
        return _scaled(value / factor, digits), word + rest
    if unit in WHOLE and abs(value) < EXACT_BELOW:
        return f"{round(value):,}", unit
    return _scaled(value, digits), unit


def _rung(value: float, ladder: tuple[tuple[float, str], ...], digits: int) -> tuple[float, str]:
    size = abs(_rounded(value, digits))
    if size == 0.0:
        return next(step for step in ladder if step[0] == 1.0)
    return next((step for step in ladder if size >= step[0]), ladder[-1])


def _scaled(value: float, digits: int) -> str:
    size = abs(_rounded(value, digits))
    factor, word = next((step for step in SCALES if size >= step[0]), (1.0, ""))
    return _rounded_text(value / factor, digits) + word


def _rounded_text(value: float, digits: int) -> str:
    """Decimal text of a number to some significant digits; with an exponent where it is tiny."""
    number = _rounded(value, digits)
    if number == 0.0:
        return "0"
    if abs(number) < TINY:
        return f"{number:.{digits}g}"
    places = digits - 1 - math.floor(math.log10(abs(number)))
    return f"{number:,.{max(0, places)}f}"


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def _trimmed(text: str) -> str:
    """Without zeros at the end of a fraction."""
    number, space, word = text.partition(" ")
    return (number.rstrip("0").rstrip(".") if "." in number else number) + space + word
