"""A design of redundancy in words: its size, what it reaches, what would lift a refused target."""

from __future__ import annotations

from capacity.availability.design_search import Choice, Lift, OutOfReach
from capacity.numbers import percent, say
from capacity.report.wording import counted
from capacity.scenarios.tree import Design

STEPS = {
    "regions": "one region less",
    "zones": "one zone less in each region",
    "zone_nodes": "one node less in each zone",
    "standbys": "one standby less",
    "read_spares": "one spare replica less",
    "crews": "fewer repair crews",
    "canary_share": "a larger canary",
}


def plain_share(value: float) -> str:
    """Share in percent with as many digits as an availability needs.

    Parameters
    ----------
    value : float
        The share. [1]

    Returns
    -------
    str
        At most four digits after the point.

    Examples
    --------
    >>> plain_share(0.9995), plain_share(0.99), plain_share(0.99951322)
    ('99.95 %', '99 %', '99.9513 %')
    """
    return f"{100.0 * value:.4f}".rstrip("0").rstrip(".") + " %"


def design_words(design: Design) -> str:
    """A design in words.

    Parameters
    ----------
    design : Design
        Any design.

    Returns
    -------
    str
        Regions, zones, nodes, standbys, spare read replicas but one, crews, canary.

    Examples
    --------
    >>> design_words(Design(2, 3, 9, standbys=1, crews=1))
    '2 regions of 3 zones with 9 nodes each, 1 standby, 1 crew a zone, canary 5 %'
    """
    crews = f"{counted(design.crews, 'crew')} a zone" if design.crews else "repair without limit"
    return (
        f"{counted(design.regions, 'region')} of {counted(design.zones, 'zone')} with "
        f"{counted(design.zone_nodes, 'node')} each, {counted(design.standbys, 'standby')}"
        f"{spare_words(design)}, {crews}, canary {percent(design.canary_share)}"
    )


def spare_words(design: Design) -> str:
    """Spare read replicas of a region in words that follow others.

    Parameters
    ----------
    design : Design
        Any design.

    Returns
    -------
    str
        Nothing where there is one, as in a plan whose policy does not say otherwise.

    Examples
    --------
    >>> spare_words(Design(2, 3, 9)), spare_words(Design(2, 3, 9, read_spares=2))
    ('', ', 2 spare read replicas a region')
    """
    words = f", {counted(design.read_spares, 'spare read replica')} a region"
    return "" if design.read_spares == 1 else words


def layout_words(design: Design) -> str:
    """Regions and zones of a design in words.

    Parameters
    ----------
    design : Design
        Any design.

    Returns
    -------
    str
        Without its nodes.

    Examples
    --------
    >>> layout_words(Design(2, 3, 9))
    '2 regions of 3 zones'
    """
    return f"{counted(design.regions, 'region')} of {counted(design.zones, 'zone')}"


def lift_words(lift: Lift) -> str:
    """What would make a target reachable, in words.

    Parameters
    ----------
    lift : Lift
        Any lift.

    Returns
    -------
    str
        With the figure now and the figure needed.

    Examples
    --------
    >>> lift_words(Lift("storage", 0.001, 0.0001))
    'storage down 0.01 % of the time instead of 0.1 %'
    >>> lift_words(Lift("regions", 1, 2))
    '2 regions instead of 1'
    """
    now, needed = (f"{100 * value:.3g} %" for value in (lift.now, lift.needed))
    special = {
        "regions": f"{lift.needed:.0f} regions instead of {lift.now:.0f}",
        "read_spares": f"{lift.needed:.0f} spare read replicas a region instead of {lift.now:.0f}",
        "failover": f"failover that fails in {needed} of the cases instead of {now}",
        "changes a month": f"{lift.needed:.2g} changes a month instead of {lift.now:.2g}",
        "common cause": f"{needed} of node failures with a common cause instead of {now}",
        "zones": f"zones down {needed} of the time instead of {now}",
    }
    return special.get(lift.what, f"{lift.what} down {needed} of the time instead of {now}")


def refused_words(found: OutOfReach) -> list[str]:
    """Why no design meets a target, and what would.

    Parameters
    ----------
    found : OutOfReach
        Any refusal.

    Returns
    -------
    list of str
        One sentence each.
    """
    lifts = [lift_words(lift) for lift in found.lifts]
    return [
        f"No design reaches {plain_share(found.target)}: the best, {layout_words(found.best)} with "
        f"nodes without limit, reaches {plain_share(found.availability)}.",
        f"The part that bounds it is {found.part}.",
        f"It would be lifted by {'; or by '.join(lifts)}." if lifts else "No one change lifts it.",
    ]


def design_rows(found: Choice) -> list[list[str]]:
    """The chosen design and those that it was held against.

    Parameters
    ----------
    found : Choice
        Any choice.

    Returns
    -------
    list of list of str
        Name, nodes, spare read replicas of a region, availability, price, and whether it meets the
        target.
    """
    offers = [("chosen", found.chosen), ("next better", found.better)]
    offers += [("best for less", found.cheaper)]
    offers += [(STEPS[name], fewer) for name, fewer in found.steps]
    return [
        [name, f"{offer.design.nodes:,}", str(offer.design.read_spares),
         plain_share(offer.availability), say(offer.usd_per_month, "USD/month", 4),
         "meets" if offer.availability >= found.target else "misses"]
        for name, offer in offers
        if offer
    ]  # fmt: skip
