"""Redundancy on the console: what is chosen and why, where the minutes go, what each nine costs."""

from __future__ import annotations

from collections.abc import Sequence

from capacity.availability.design_search import Choice, Lift, Offer, OutOfReach
from capacity.availability.designing import NINES, DesignStudy
from capacity.availability.redundancy import MINUTES_PER_MONTH, MINUTES_PER_YEAR
from capacity.availability.stored_data import STORAGE, StoredData
from capacity.availability.watched import Watched
from capacity.availability.working import Working
from capacity.numbers import percent, plain, say
from capacity.questions.scaling import Scaling
from capacity.questions.scaling_factors import Factor, grows_with_square
from capacity.report.text import aligned, wrapped
from capacity.report.wording import counted
from capacity.report.working_text import working_text
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


def availability_text(
    study: DesignStudy,
    seen: Watched | None = None,
    grown: tuple[Scaling, Sequence[Factor]] | None = None,
    work: Working | None = None,
    stored: Sequence[StoredData] = (),
) -> str:
    """Everything that a study says.

    Parameters
    ----------
    study : DesignStudy
        Any study.
    seen : Watched, optional
        Its simulation.
    grown : (Scaling, sequence of Factor), optional
        Growth of resources with users.
    work : Working, optional
        Work while the design serves.
    stored : sequence of StoredData
        Durability of what the plan stores.

    Returns
    -------
    str
        Lines for a terminal.
    """
    found = study.found
    blocks = [_chosen(found) if isinstance(found, Choice) else _refused(found)]
    blocks += [_unpriced(study)] if isinstance(found, Choice) else []
    blocks += [_budget(study), _parts(study), _own(study)]
    blocks += [_simulated(study, seen)] if seen else []
    blocks += [_nines(study.curve)]
    blocks += [working_text(work)] if work else []
    blocks += [_stored(stored)] if stored else []
    blocks += [scaling_text(*grown)] if grown else []
    return "\n\n".join(blocks)


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
        f"No design reaches {plain_share(found.target)}: the best, {_sizes(found.best)} with nodes "
        f"without limit, reaches {plain_share(found.availability)}.",
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


def scaling_text(found: Scaling, factors: Sequence[Factor]) -> str:
    """Growth of resources with users, and what a square would take.

    Parameters
    ----------
    found : Scaling
        Resources at a multiple of the users.
    factors : sequence of Factor
        Its factors.

    Returns
    -------
    str
        Verdict and table.
    """
    square = found.factor**2
    verdict = "holds" if grows_with_square(found, factors) else "does not hold"
    told = wrapped(
        f"{plain(found.factor)} times the users take {found.ratio:.1f} times the GPUs here "
        f"(exponent {found.exponent:.2f}), {found.cost_ratio:.1f} times the cost, "
        f"{found.storage_ratio:.1f} times the storage. {plain(square)} times {verdict}; one of "
        "these factors alone would have to be:"
    )
    rows = [["", "here", "needed", "when"]]
    rows += [
        [item.name, f"{item.here:.2f}x", f"{item.needed:.1f}x", item.condition] for item in factors
    ]
    return "\n".join([told, aligned(rows, left=(0, 3))])


def _chosen(found: Choice) -> str:
    offer = found.chosen
    lines = [
        f"The cheapest design for {plain_share(found.target)}: {design_words(offer.design)}: "
        f"{counted(offer.design.nodes, 'node')}, {say(offer.usd_per_month, 'USD/month', 3)}.",
        f"It answers {plain_share(offer.availability)} of the requests: "
        f"{_minutes(1.0 - offer.availability)} lost.",
    ]
    rows = [["", "nodes", "read spares", "reaches", "price", ""], *design_rows(found)]
    proof = (
        f"Proof: in each of {len(found.rivals)} layouts the largest pool that costs less than the "
        "choice misses; the best of them is the one above."
    )
    return "\n".join([*map(wrapped, lines), aligned(rows, left=(0, 5)), wrapped(proof)])


def _unpriced(study: DesignStudy) -> str:
    """What the price does not hold, and how the search treats it."""
    if study.problem.service.nodes.crew_usd:
        return wrapped(
            "The canary has no price, as none is published: all else is chosen by price with the "
            "smallest one, which then grows as far as the target allows."
        )
    return wrapped(
        "Repair crews and the canary have no price, as none is published: all else is chosen by "
        "price with crews without limit and the smallest canary; then both are relaxed as far as "
        "the target allows. The provider repairs rented nodes; own crews enter the search with "
        "crew_usd under [parts.gpu_pool]."
    )


def _refused(found: OutOfReach) -> str:
    return "\n".join(wrapped(line) for line in refused_words(found))


def _budget(study: DesignStudy) -> str:
    rows = [
        [cause.value, *_month_and_year(lost), percent(lost / (1.0 - study.found.target))]
        for cause, lost in study.causes.items()
    ]
    lost = 1.0 - study.availability
    rows.append(["together", *_month_and_year(lost), percent(lost / (1.0 - study.found.target))])
    head = ["Error budget by cause", "min/month", "min/year", "of the budget"]
    note = (
        f"Requests are weighted by the hours of a week; were every hour the busiest one, "
        f"{plain_share(study.at_peak)} of them would be answered."
    )
    return "\n".join([aligned([head, *rows]), wrapped(note)])


def _parts(study: DesignStudy) -> str:
    ranked = sorted(study.parts.items(), key=lambda item: -item[1])
    rows = [[name, *_month_and_year(lost)] for name, lost in ranked]
    return aligned([["By part", "min/month", "min/year"], *rows])


def _own(study: DesignStudy) -> str:
    own = study.own
    return wrapped(
        f"The plan as its policy stands: {design_words(own.design)}: {own.design.nodes:,} nodes, "
        f"{say(own.usd_per_month, 'USD/month', 3)}, answers {plain_share(own.availability)}. "
        "It sizes each region alone and for the peak all day."
    )


def _simulated(study: DesignStudy, seen: Watched) -> str:
    low, high = seen.interval()
    lost = 1.0 - study.availability
    inside = "inside" if seen.agrees(lost) else "OUTSIDE"
    return wrapped(
        f"Drawn failures and repairs over {seen.years:,.0f} years lose {100 * low:.4f} to "
        f"{100 * high:.4f} % of the requests (99 % interval); the formula's {100 * lost:.4f} % "
        f"lies {inside}."
    )


def _nines(curve: Sequence[Offer | OutOfReach]) -> str:
    rows = [["Each nine", "price", "nodes", ""]]
    for target, item in zip(NINES, curve, strict=True):
        if isinstance(item, Offer):
            price = say(item.usd_per_month, "USD/month", 3)
            canary = percent(item.design.canary_share)
            words = f"{_sizes(item.design)}{spare_words(item.design)}, canary {canary}"
            rows.append([plain_share(target), price, f"{item.design.nodes:,}", words])
        else:
            rows.append([plain_share(target), "none", "", f"bounded by {item.part}"])
    return aligned(rows, left=(0, 3))


def _stored(stored: Sequence[StoredData]) -> str:
    rows = [["Stored data", "one copy", "kept as", "lost in a year", "for good", "RPO", "RTO"]]
    for item in stored:
        kept = f"{item.need} of {item.fragments}"
        times = (f"{value:.3g} h" for value in (item.recovery_point_h, item.recovery_time_h))
        lost = (f"{value:.1e}" for value in (item.lost_a_year, item.lost_for_good))
        rows.append([item.name, say(item.stored_pb, "PB"), kept, *lost, *times])
    figures = ", ".join(f"{name} {item.mid:g} {item.unit}" for name, item in STORAGE.items())
    note = (
        "Against failing disks only: copies follow a deletion, backups do not. RPO: work lost at "
        "most where a backup is restored; RTO: until all is there again. Disk failures are "
        f"measured, the rest is assumed: {figures}."
    )
    return "\n".join([aligned(rows), wrapped(note)])


def _sizes(design: Design) -> str:
    return f"{counted(design.regions, 'region')} of {counted(design.zones, 'zone')}"


def _minutes(lost: float) -> str:
    month, year = _month_and_year(lost)
    return f"{month} minutes a month, {year} a year"


def _month_and_year(lost: float) -> tuple[str, str]:
    return f"{lost * MINUTES_PER_MONTH:.2f}", f"{lost * MINUTES_PER_YEAR:.1f}"
