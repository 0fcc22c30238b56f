"""Differences of two plans as a chart."""

from __future__ import annotations

from collections.abc import Sequence

from capacity.comparison import Difference
from capacity.metrics import METRICS
from capacity.numbers import say, span
from capacity.report.marks import Band, Fan

LEVEL = 0.9  # of the interval of a Difference


def difference_fan(found: Sequence[Difference], metric: str) -> Fan:
    """Difference of one metric, month by month.

    Parameters
    ----------
    found : sequence of Difference
        Of all metrics and months.
    metric : str
        Name of the metric.

    Returns
    -------
    Fan
        Median and 90 % band of other minus base, draw by draw.
    """
    rows = [row for row in found if row.metric == metric]
    known, last = METRICS[metric], rows[-1]
    band = Band(LEVEL, tuple(row.low for row in rows), tuple(row.high for row in rows))
    return Fan(
        name=f"difference_{metric}",
        title=f"{known.title}, difference",
        unit=known.unit,
        alt=f"Difference in {known.title} over the months; in {last.month}: median "
        f"{say(last.mid, known.unit)}, 90 % between {span(last.low, last.high, known.unit)}.",
        months=tuple(row.month for row in rows),
        kinds=("reported",) * len(rows),  # one solid line; its months are not marked
        median=tuple(row.mid for row in rows),
        bands=(band,),
    )


def months_of(found: Sequence[Difference]) -> list[str]:
    """Months that both plans cover.

    Parameters
    ----------
    found : sequence of Difference
        Of all metrics and months.

    Returns
    -------
    list of str
        As YYYY-MM, in the order of time.
    """
    return list(dict.fromkeys(row.month for row in found))
