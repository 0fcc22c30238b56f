"""Charts of a purchase decision: need beside what stands, and the regret of each policy."""

from __future__ import annotations

from capacity.arrays import Floats
from capacity.fleet.purchase import covering
from capacity.numbers import say
from capacity.procurement.decision import FORESIGHT, RECOMMENDED, Decision
from capacity.report.marks import Band, Bar, Bars, Fan, Line
from capacity.report.placing import month_words

LEVELS = (0.9, 0.5)


def need_fan(decision: Decision) -> Fan:
    """Nodes needed, and nodes that stand.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    Fan
        Bands of 90 and 50 % of the need, and the recommendation as steps.
    """
    found = decision.situation
    last = month_words(found.months[-1])
    middle = covering(found.need, 0.5)
    return Fan(
        name="need",
        title="Nodes needed, and nodes committed",
        unit="nodes",
        alt=(
            f"Nodes needed from {month_words(found.months[0])} to {last}: median "
            f"{middle[-1]:,.0f} in the last month, 5 to 95 % from "
            f"{covering(found.need, 0.05)[-1]:,.0f} to {covering(found.need, 0.95)[-1]:,.0f}; "
            f"{decision.standing[-1]:,.0f} stand then by the recommendation."
        ),
        months=tuple(str(month) for month in found.months),
        kinds=("forecast",) * found.months.size,
        median=_tuple(middle),
        bands=tuple(
            Band(
                level,
                _tuple(covering(found.need, (1.0 - level) / 2.0)),
                _tuple(covering(found.need, (1.0 + level) / 2.0)),
            )
            for level in LEVELS
        ),
        lines=(Line("nodes that stand", _tuple(decision.standing)),),
    )


def regret_bars(decision: Decision) -> Bars:
    """Regret of each policy: what it costs beyond perfect foresight.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    Bars
        Cheapest policy on top, the recommendation set off.
    """
    shown = [item for item in decision.verdicts if item.name != FORESIGHT]
    bars = tuple(
        Bar(
            item.name,
            0.0,
            item.regret_usd,
            say(item.regret_usd, "USD"),
            "total" if item.name == RECOMMENDED else "part",
        )
        for item in shown
    )
    said = "; ".join(f"{bar.label} {bar.words}" for bar in bars)
    alt = f"Mean regret of each policy. {said}."
    return Bars("regret", "Mean regret: cost beyond perfect foresight", "USD", alt, bars)


def _tuple(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
