"""Widgets made from the policy's fields and the inputs' rows: unit, bounds and help from there."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import streamlit as st

from capacity.dashboard import session
from capacity.dashboard.setting import NONE
from capacity.estimate import Estimate
from capacity.market.catalogue import shipped_catalogue
from capacity.numbers import exact, percent, plain
from capacity.policy import AUTO, LEVERS, Policy
from capacity.procurement.buying import BASES, REGION_BASES
from capacity.scenarios.inputs import ASSUMPTIONS
from capacity.scenarios.parts import GROWTH_MODELS, REFERENCES
from forecast.shipped.tables import read_table

FEW = 12  # values that a slider shows at once
NINES = (0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99995, 0.99999)  # stops between two and five nines
SHARE_STEP = 0.01
ABBREVIATIONS = {"gpu": "GPU", "ttft": "TTFT", "tpot": "TPOT"}
SUFFIXES = frozenset({"s", "h", "min", "tb", "pb"})  # units at the end of a name
TODAY, HELD = "decide.today", "decide.held"
MOST_TYPED = 400  # signs: some thirty lots
PARTS = ("low", "mid", "high")


def lever(name: str) -> None:
    """Widget of one lever of the policy.

    Parameters
    ----------
    name : str
        Field of `Policy`.
    """
    key, known, here = f"policy.{name}", LEVERS[name], getattr(session.now().policy, name)
    shared: dict[str, Any] = {
        "label": words(name, known.unit),
        "key": key,
        "help": known.help,
        "on_change": _lever_moved,
        "args": (name,),
    }
    st.session_state[key] = here
    if isinstance(here, str):
        st.selectbox(options=_names(name, here), **shared)
    elif name == "availability":
        stops = sorted({*NINES, here})
        st.select_slider(options=stops, format_func=_in_percent, **shared)
    elif isinstance(here, int) and known.maximum - known.minimum <= FEW:
        st.slider(min_value=int(known.minimum), max_value=int(known.maximum), step=1, **shared)
    elif known.unit == "share":
        ends: dict[str, Any] = {"min_value": known.minimum, "max_value": known.maximum}
        st.slider(step=SHARE_STEP, format="percent", **ends, **shared)
    else:
        kind = type(here)
        ends = {"min_value": kind(known.minimum), "max_value": kind(known.maximum)}
        st.number_input(step=_step(here), **ends, **shared)


def levers(*names: str) -> None:
    """Widgets of several levers.

    Parameters
    ----------
    *names : str
        Fields of `Policy`.
    """
    for name in names:
        lever(name)


def assumption(name: str) -> None:
    """Widget of one assumption of a purchase: a number, or the text of one for each region.

    Parameters
    ----------
    name : str
        Field of `Buying`.
    """
    key, here = f"buying.{name}", getattr(session.now().assumed, name)
    known = {**BASES, **REGION_BASES}[name]
    shared: dict[str, Any] = {
        "label": words(name, known.unit),
        "key": key,
        "help": f"{known.meaning}; {known.basis}: {known.source}",
        "on_change": _assumption_moved,
        "args": (name,),
    }
    if name in REGION_BASES:
        st.session_state[key] = ", ".join(f"{value:g}" for value in here)
        st.text_input(max_chars=MOST_TYPED, **shared)
        return
    st.session_state[key] = here
    ends = {"min_value": type(here)(known.minimum), "max_value": type(here)(known.maximum)}
    st.number_input(step=_step(here), **ends, **shared)


def assumptions(*names: str) -> None:
    """Widgets of several assumptions of a purchase.

    Parameters
    ----------
    *names : str
        Fields of `Buying`.
    """
    for name in names:
        assumption(name)


def standing() -> None:
    """Widgets of the month of a purchase, and of the nodes that stand then."""
    now = session.now()
    months = ["", *map(str, now.scenario.months)]
    st.session_state[TODAY] = now.today
    st.selectbox(
        "Month of the decision",
        months if now.today in months else [*months, now.today],
        format_func=lambda month: month or "as the plan suggests",
        key=TODAY,
        help="by default the month after the last reported one",
        on_change=_stood,
    )
    st.session_state[HELD] = "" if now.held is None else ", ".join(now.held) or NONE
    st.text_input(
        "Nodes held, each lot with its last month",
        placeholder="those of the plan",
        key=HELD,
        max_chars=MOST_TYPED,
        help=f"NODES:YYYY-MM, such as 24:2023-12, 8:2024-06; {NONE} where nothing stands; empty "
        "for what the plan had to order before",
        on_change=_stood,
    )


def uncertain(name: str) -> None:
    """Widget of one uncertain input: its likely value, and behind it the range around it.

    Parameters
    ----------
    name : str
        Name of the input.
    """
    known, here = ASSUMPTIONS[name], session.now().scenario.inputs[name]
    st.session_state[f"set.{name}.mid"] = here.mid
    st.number_input(
        words(name, here.unit),
        min_value=known.minimum,
        max_value=known.maximum,
        step=_step(here.mid),
        format="%.6g",
        key=f"set.{name}.mid",
        help=f"{known.help}; {told(here)}",
        on_change=_middle_moved,
        args=(name,),
    )


def uncertainties(*names: str) -> None:
    """Widgets of several uncertain inputs.

    Parameters
    ----------
    *names : str
        Names of inputs.
    """
    for name in names:
        uncertain(name)


def whole_range(name: str) -> None:
    """Low, likely and high value of one input, each its own widget.

    Parameters
    ----------
    name : str
        Name of the input.
    """
    known, here = ASSUMPTIONS[name], session.now().scenario.inputs[name]
    for part, column in zip(PARTS, st.columns(len(PARTS)), strict=True):
        key = f"range.{name}.{part}"
        st.session_state[key] = getattr(here, part)
        column.number_input(
            f"{part} [{here.unit}]",
            min_value=known.minimum,
            max_value=known.maximum,
            step=_step(getattr(here, part)),
            format="%.6g",
            key=key,
            help=known.help,
            on_change=_range_moved,
            args=(name,),
        )


def word(name: str) -> None:
    """Widget of one word of the scenario: model, profile, growth model, reference class.

    Parameters
    ----------
    name : str
        ``architecture``, ``profile``, ``growth.model`` or ``growth.reference``.
    """
    scenario, key = session.now().scenario, f"set.{name}"
    options, title = {
        "architecture": (tuple(shipped_catalogue().architectures), "Model"),
        "profile": (_profiles(), "Shape of the day and week"),
        "growth.model": (GROWTH_MODELS, "Growth model"),
        "growth.reference": (REFERENCES, "Reference class"),
    }[name]
    holder = scenario.growth if name.startswith("growth.") else scenario
    st.session_state[key] = getattr(holder, name.rpartition(".")[2])
    st.selectbox(title, options, key=key, on_change=_word_moved, args=(name,))


def words(name: str, unit: str) -> str:
    """Name of a field as a label with its unit.

    Parameters
    ----------
    name : str
        Field or input.
    unit : str
        Its unit.

    Returns
    -------
    str
        Such as ``TTFT [s]``.

    Examples
    --------
    >>> words("ttft_s", "s"), words("order_months", "months"), words("term", "name")
    ('TTFT [s]', 'Order months', 'Term')
    """
    *first, last = name.rpartition(".")[2].split("_")
    parts = first if first[-1:] not in ([], ["per"]) and last in SUFFIXES else [*first, last]
    text = " ".join(ABBREVIATIONS.get(part, part) for part in parts)
    said = unit in {"name", "ratio", "share"} or unit.split("/", maxsplit=1)[0] in parts
    return text[0].upper() + text[1:] + ("" if said else f" [{unit}]")


def told(estimate: Estimate) -> str:
    """Range of an estimate in words.

    Parameters
    ----------
    estimate : Estimate
        Any estimate.

    Returns
    -------
    str
        Such as ``90 % between 100 and 450 tokens, measured``.

    Examples
    --------
    >>> told(Estimate(1.0, 2.0, 3.0, unit="s", basis="assumed"))
    '90 % between 1 and 3 s, assumed'
    """
    if estimate.low == estimate.high:
        return f"certain, {estimate.basis}"
    ends = f"{plain(estimate.low)} and {plain(estimate.high)} {estimate.unit}"
    return f"{percent(estimate.level)} between {ends}, {estimate.basis}"


def moved(estimate: Estimate, mid: float, minimum: float, maximum: float) -> str:
    """Estimate with another likely value, its range moved in proportion, as typed text.

    Parameters
    ----------
    estimate : Estimate
        Before.
    mid : float
        New likely value, in the estimate's unit.
    minimum, maximum : float
        What is allowed, in the estimate's unit.

    Returns
    -------
    str
        ``low,mid,high``; an end that would leave what is allowed lies halfway to it. One number
        where the value was certain, or lies at a bound.

    Examples
    --------
    >>> moved(Estimate(100.0, 200.0, 400.0), 300.0, 0.0, 500.0)
    '150,300,400'
    """
    most = min(maximum, 1.0) if estimate.unit == "share" else maximum
    if estimate.low == estimate.high or mid <= max(minimum, 0.0) or mid >= most:
        return _typed(mid)
    low, high = (end * (mid / estimate.mid) for end in (estimate.low, estimate.high))
    low = low if low >= minimum else (mid + minimum) / 2.0
    high = high if high < most else (mid + most) / 2.0
    return ",".join(map(_typed, (low, mid, high)))


def _typed(value: float) -> str:
    return f"{value:.12g}"


def _lever_moved(name: str) -> None:
    value = st.session_state[f"policy.{name}"]
    session.move_lever(name, value if isinstance(value, str) else exact(value).replace(",", ""))


def _assumption_moved(name: str) -> None:
    session.assume(name, str(st.session_state[f"buying.{name}"]).replace(" ", ""))


def _stood() -> None:
    parts = st.session_state[HELD].split(",")
    texts = [text.strip() for text in parts if text.strip()]
    held = tuple(text for text in texts if text != NONE) if texts else None
    session.ask(replace(session.now(), today=st.session_state[TODAY], held=held))


def _middle_moved(name: str) -> None:
    known, here = ASSUMPTIONS[name], session.now().scenario.inputs[name]
    value = float(st.session_state[f"set.{name}.mid"])
    session.change(name, moved(here, value, known.minimum, known.maximum))


def _range_moved(name: str) -> None:
    values = [st.session_state[f"range.{name}.{part}"] for part in PARTS]
    session.change(name, ",".join(map(_typed, values)))


def _word_moved(name: str) -> None:
    session.change(name, st.session_state[f"set.{name}"])


def _in_percent(share: float) -> str:
    return f"{exact(round(100.0 * share, 6))} %"


def _names(name: str, here: str) -> tuple[str, ...]:
    """Words that a lever may take."""
    nodes = shipped_catalogue().instances.values()
    if name == "provider":
        return tuple(dict.fromkeys((here, *(node.provider for node in nodes))))
    if name == "instance":
        policy: Policy = session.now().policy
        own = [node.name for node in nodes if node.provider == policy.provider]
        return tuple(dict.fromkeys((AUTO, here, *own)))
    return LEVERS[name].choices or (here,)


def _profiles() -> tuple[str, ...]:
    rows = read_table("profile_sources.csv").rows
    return tuple(row.text("profile_id") for row in rows)


def _step(value: float) -> float | int:
    """About a tenth of a number, as one digit."""
    if isinstance(value, int):
        return 1
    return float(10.0 ** math.floor(math.log10(abs(value) or SHARE_STEP)) / 10.0)
