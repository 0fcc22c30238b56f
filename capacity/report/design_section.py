"""Page of the printed report on redundancy: the cheapest design, its proof, what bounds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capacity.availability.design_search import Choice
from capacity.availability.redundancy import MINUTES_PER_MONTH
from capacity.numbers import say
from capacity.report.design_words import design_rows, design_words, plain_share, refused_words

if TYPE_CHECKING:
    from capacity.availability.designing import DesignStudy
    from capacity.report.wording import Block


def design_section(study: DesignStudy) -> Block:
    """Text and table of a study.

    Parameters
    ----------
    study : DesignStudy
        Any study.

    Returns
    -------
    dict
        Paragraphs, and a row for each design beside the one found.
    """
    found = study.found
    if not isinstance(found, Choice):
        return {"text": [" ".join(refused_words(found)), _weighted(study)], "rows": []}
    offer = found.chosen
    text = [
        f"The cheapest design for {plain_share(found.target)} is {design_words(offer.design)}: "
        f"{offer.design.nodes:,} nodes for {say(offer.usd_per_month, 'USD/month', 3)}, with hosts, "
        f"databases, storage and network. The policy above builds {study.own.design.nodes:,} for "
        f"{say(study.own.usd_per_month, 'USD/month', 3)}.",
        _weighted(study),
        f"In each of {len(found.rivals)} layouts the largest pool that costs less misses the "
        "target; one step less of anything does too, or saves nothing.",
    ]
    return {"text": text, "rows": design_rows(found)}


def _weighted(study: DesignStudy) -> str:
    worst = max(study.causes, key=lambda cause: study.causes[cause])
    part = max(study.parts, key=lambda name: study.parts[name])
    minutes = study.causes[worst] * MINUTES_PER_MONTH
    return (
        f"It answers {plain_share(study.availability)} of the requests of a week; were every hour "
        f"the busiest one, {plain_share(study.at_peak)}. Most is lost to {worst.value}, "
        f"{say(minutes, 'min')} of 30 days; by part to {part.replace('_', ' ')}."
    )
