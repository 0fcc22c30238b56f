"""The printed report: a tagged PDF, the same bytes for the same plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.availability.designing import design_study
from capacity.outcome import CapacityPlan
from capacity.questions.sensitivity import sensitivity
from capacity.report.bar_charts import share_bars
from capacity.report.charts import charts
from capacity.report.design_charts import cause_bars, design_picture, nines_bars
from capacity.report.marks import Bars, Chart
from capacity.report.pages import pages
from capacity.report.picture_svg import picture_svg
from capacity.report.svg import SMALL, WIDE, bars_size, svg
from capacity.report.typeset import typeset

if TYPE_CHECKING:
    from capacity.auditing import Finding
    from capacity.availability.designing import DesignStudy

TEMPLATE = Path(__file__).with_name("report.typ")
FEWEST_DRAWS = 1_000  # for shares of a variance
PICTURE = (172.0, 62.0)
SIZES = {"gpus": (172.0, 80.0), "cost_lines": WIDE}


def to_pdf(
    plan: CapacityPlan, findings: Sequence[Finding] = (), study: DesignStudy | None = None
) -> bytes:
    """Set the report.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.
    findings : sequence of Finding
        The audit; empty where the claims are not about this plan.
    study : DesignStudy, optional
        Redundancy of the plan; worked out where it is left out.

    Returns
    -------
    bytes
        PDF 1.7 that meets PDF/UA-1: tagged, with language, title and alternative text.

    Notes
    -----
    Text reaches the typesetter as data, never as source, so no name can carry markup. The date of
    the document is the date of its data.
    """
    return typeset(TEMPLATE, _content(plan, findings, study or design_study(plan)))


def _content(plan: CapacityPlan, findings: Sequence[Finding], study: DesignStudy) -> dict[str, Any]:
    bars = {chart.name: chart for chart in (cause_bars(study), nines_bars(study))}
    drawn = {
        name: {"svg": svg(chart, _size(chart)), "alt": chart.alt}
        for name, chart in {**charts(plan), **_shares(plan), **bars}.items()
    }
    picture = design_picture(study)
    drawn["design"] = {"svg": picture_svg(picture, PICTURE), "alt": picture.alt}
    return {**pages(plan, findings, study), "charts": drawn}


def _shares(plan: CapacityPlan) -> dict[str, Chart]:
    """What the cost depends on; few draws do not tell."""
    enough = next(iter(plan.draws.values())).shape[0] >= FEWEST_DRAWS
    return {"shares": share_bars(sensitivity(plan))} if enough else {}


def _size(chart: Chart) -> tuple[float, float]:
    """Width and height [mm]; bars take what they need."""
    if isinstance(chart, Bars):
        return bars_size(chart)
    return SIZES.get(chart.name, SMALL)
