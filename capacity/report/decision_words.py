"""A purchase decision in sentences that can be read out."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from capacity.numbers import percent, say
from capacity.procurement.decision import (
    FORESIGHT,
    RECOMMENDED,
    Decision,
    Late,
    Lot,
    Verdict,
    Worth,
)
from capacity.report.placing import MONTHS, month_words

NAMED = 3  # months out of reach that are told one by one
LIMITS = (
    "Orders are fixed from the start; on the review they may be decided again, which the third "
    "sentence prices.",
    "On-demand and spot are rented by the month, of the plan's own node type, in the month itself.",
    "A missing node is priced for every hour of its month; the minutes follow the hourly profile.",
    "Other node types replace the plan's in the ratio of the nodes needed in its last month.",
    "Every region needs and holds the same, zones are filled alike; listed prices are those of one "
    "region, before discounts and tax; that regions differ is assumed.",
    "Prices of the whole period are taken as known from the dated list on the day of the decision.",
    "What is already committed is paid under every policy and left out of all costs.",
)


def headline(decision: Decision) -> list[str]:
    """What to order, what that costs beside other policies, and what waiting is worth.

    Parameters
    ----------
    decision : Decision
        Any decision.

    Returns
    -------
    list of str
        Three sentences or more; the last ones say what cannot be kept.
    """
    lines = [_orders(decision), _cost(decision), _waiting(decision)]
    if not decision.purchase.nodes.size:
        lines.append("No reserved node and no capacity block has a price and arrives in time.")
    elif decision.unreachable:
        named = [month_words(month) for month in decision.unreachable]
        when = _list(named) if len(named) <= NAMED else f"{named[0]} to {named[-1]}"
        lines.append(f"No orders can keep the limit in {when}.")
    return lines


def sentence(late: Late) -> str:
    """What missing an order date by a month means.

    Parameters
    ----------
    late : Late
        Any order date.

    Returns
    -------
    str
        What to order by when, or what happens to the risk and the cost.
    """
    order = f"Order {_nodes(late.lots)} by {day_words(late.order_by)}"
    more = "more" if late.usd >= 0.0 else "less"
    money = f"costs {say(abs(late.usd), 'USD')} {more} on average"
    low, high = (f"{100.0 * share:.0f}" for share in (late.before, late.after))
    if low == high:
        return f"{order}; a month later {money}."
    month = month_words(late.month)
    return f"{order}, or P(shortfall in {month}) rises from {low} to {high} % and the plan {money}."


def day_words(day: datetime.date) -> str:
    """Day in words.

    Parameters
    ----------
    day : datetime.date
        Any day.

    Returns
    -------
    str
        Such as ``14 Mar 2023``.

    Examples
    --------
    >>> day_words(datetime.date(2023, 3, 14))
    '14 Mar 2023'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _orders(decision: Decision) -> str:
    limit, highest = decision.buying.max_shortfall, decision.verdict(RECOMMENDED).shortfall.max()
    asked = f", {percent(limit)} asked" if limit < 1.0 else ""
    risk = f"up to {percent(float(highest), 1)} in a month{asked}"
    if not decision.lots:
        return f"Order nothing. Probability of a shortfall on unseen draws: {risk}."
    first = decision.lots[0].item.order_by
    due = [lot for lot in decision.lots if lot.item.order_by == first]
    total = sum(lot.nodes for lot in decision.lots)
    return (
        f"Order {_nodes(due)} by {day_words(first)}; {total:,} nodes in {len(decision.lots)} "
        f"orders until {month_words(decision.situation.months[-1])}. Probability of a shortfall "
        f"on unseen draws: {risk}."
    )


def _cost(decision: Decision) -> str:
    chosen, months = decision.verdict(RECOMMENDED), decision.situation.months
    beside = [item for item in decision.verdicts if item.name not in {RECOMMENDED, FORESIGHT}]
    return (
        f"Expected cost from {month_words(months[0])} to {month_words(months[-1])} beyond what is "
        f"held: {say(chosen.usd, 'USD')}, {say(chosen.missing_usd, 'USD')} of it priced shortfall "
        f"of {chosen.minutes:,.0f} min a month. That is "
        f"{_list([_against(item) for item in beside])}."
    )


def _against(item: Verdict) -> str:
    """Difference in cost to another policy, if it is sure."""
    if abs(item.above_usd) <= item.above_error:
        return f"not surely different from {item.name}"
    word = "less" if item.above_usd > 0.0 else "more"
    return f"{say(abs(item.above_usd), 'USD')} {word} than {item.name}"


def _waiting(decision: Decision) -> str:
    return (
        f"Without the limit, ordering nothing before {day_words(decision.review)} "
        f"{_worth(decision.waiting)}; letting later orders follow the need seen until then "
        f"{_worth(decision.reviewing)}; with that, half the lead times "
        f"{_worth(decision.shorter_lead, 'save', 'cost', 'make')}."
    )


def _worth(item: Worth, saves: str = "saves", costs: str = "costs", makes: str = "makes") -> str:
    error = f"(± {say(item.error, 'USD')})"
    if abs(item.usd) <= item.error:
        return f"{makes} no sure difference {error}"
    return f"{saves if item.usd > 0.0 else costs} {say(abs(item.usd), 'USD')} {error}"


def _nodes(due: Sequence[Lot]) -> str:
    return _list([f"{lot.nodes:,} {lot.item.instance} ({_terms(lot)})" for lot in due])


def _terms(lot: Lot) -> str:
    """Term, and the region where it matters."""
    where = f", region {lot.item.region}" if lot.item.region else ""
    return f"{lot.item.term}{where}"


def _list(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
