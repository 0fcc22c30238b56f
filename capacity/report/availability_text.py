"""Redundancy on the console: what is chosen and why, where the minutes go, what each nine costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from capacity.availability.design_problem import Offer
from capacity.availability.design_search import Choice, OutOfReach
from capacity.availability.redundancy import MINUTES_PER_MONTH, MINUTES_PER_YEAR
from capacity.availability.service_level import NINES
from capacity.availability.stored_data import STORAGE, StoredData
from capacity.numbers import percent, plain, say
from capacity.questions.scaling_factors import Factor, grows_with_square
from capacity.report.cells import aligned, wrapped
from capacity.report.design_words import (
    design_rows,
    design_words,
    layout_words,
    plain_share,
    refused_words,
    spare_words,
)
from capacity.report.wording import counted
from capacity.report.working_text import working_text

if TYPE_CHECKING:
    from capacity.availability.designing import DesignStudy
    from capacity.availability.watched import Watched
    from capacity.availability.working import Working
    from capacity.questions.scaling import Scaling


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
            words = f"{layout_words(item.design)}{spare_words(item.design)}, canary {canary}"
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


def _minutes(lost: float) -> str:
    month, year = _month_and_year(lost)
    return f"{month} minutes a month, {year} a year"


def _month_and_year(lost: float) -> tuple[str, str]:
    return f"{lost * MINUTES_PER_MONTH:.2f}", f"{lost * MINUTES_PER_YEAR:.1f}"
