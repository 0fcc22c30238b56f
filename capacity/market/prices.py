"""Dated prices: what an item cost in a month, under which terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from capacity.market.dated import Period, Provenance, as_month, period_of, provenance_of
from forecast.shipped.place import nearest
from forecast.shipped.tables import Row, read_table

TERMS = ("on-demand", "1y", "3y", "spot", "capacity-block", "pay-as-you-go")


@dataclass(frozen=True)
class Price:
    """What one unit of an item costs in a period.

    Parameters
    ----------
    item : str
        Instance name or service item.
    term : str
        One of `TERMS`.
    value : float
        Price. [`unit`]
    unit : str
        Such as ``USD/instance-hour`` or ``USD/GB-month``.
    period : Period
        Months of validity.
    provider : str
        Seller.
    tier_end_gb : float
        Monthly amount up to which the price of a tier applies; infinite if it has no end. [GB]
    provenance : Provenance
        Source, date and confidence.

    Examples
    --------
    >>> price = PriceList.load().price("s3_standard", "pay-as-you-go", "2023-05")
    >>> price.value, price.unit
    (0.023, 'USD/GB-month')
    """

    item: str
    term: str
    value: float
    unit: str
    period: Period
    provider: str
    tier_end_gb: float
    provenance: Provenance


@dataclass(frozen=True)
class PriceList:
    """All dated prices.

    Parameters
    ----------
    prices : tuple of Price
        In any order; the periods of one item and term do not overlap.

    Examples
    --------
    >>> PriceList.load().price("p4d.24xlarge", "on-demand", "2022-06").value
    32.7726
    """

    prices: tuple[Price, ...]

    @classmethod
    def load(cls, folder: Path | None = None) -> PriceList:
        """Read ``prices.csv``.

        Parameters
        ----------
        folder : Path, optional
            Another data folder; the shipped one if left out.

        Returns
        -------
        PriceList
            Past and present prices.

        Examples
        --------
        >>> len(PriceList.load().prices) > 100
        True
        """
        return cls(tuple(_price(row) for row in read_table("prices.csv", folder).rows))

    def price(self, item: str, term: str, month: str | np.datetime64) -> Price:
        """Price of an item in a month.

        Parameters
        ----------
        item : str
            Instance name or service item.
        term : str
            One of `TERMS`.
        month : str or numpy.datetime64
            Such as ``2022-06``.

        Returns
        -------
        Price
            The row that holds in the month.

        Raises
        ------
        ValueError
            If the item or term is unknown, or no price is known for the month.

        Examples
        --------
        >>> PriceList.load().price("p5.48xlarge", "on-demand", "2023-06")
        Traceback (most recent call last):
        ValueError: no on-demand price of 'p5.48xlarge' in 2023-06; known: 2023-07 to 2025-05, \
2025-06 onwards
        """
        when = as_month(month)
        rows = self._price_rows(item, term)
        found = next((row for row in rows if row.period.holds_in(when)), None)
        if found is None:
            known = ", ".join(str(row.period) for row in rows)
            raise ValueError(f"no {term} price of {item!r} in {when}; known: {known}")
        return found

    def series(
        self, item: str, term: str, months: Sequence[str] | NDArray[np.datetime64]
    ) -> NDArray[np.float64]:
        """Price of an item in each of several months.

        Parameters
        ----------
        item : str
            Instance name or service item.
        term : str
            One of `TERMS`.
        months : sequence of str or numpy.ndarray
            Months, shape (m,).

        Returns
        -------
        numpy.ndarray
            Shape (m,). [unit of the item's prices]

        Examples
        --------
        >>> PriceList.load().series("p5.48xlarge", "on-demand", ["2025-05", "2025-06"])
        array([98.32, 55.04])
        """
        return np.array([self.price(item, term, month).value for month in months])

    def tariff(self, item: str, month: str | np.datetime64) -> tuple[tuple[float, float], ...]:
        """Tiers of an item whose price falls with the monthly amount.

        Parameters
        ----------
        item : str
            Name before ``_tier1``, such as ``egress``.
        month : str or numpy.datetime64
            Such as ``2022-06``.

        Returns
        -------
        tuple of (float, float)
            Upper end of each tier [GB] and its price [USD/GB], in order; the last end is infinite.

        Raises
        ------
        ValueError
            If the item has no tiers.

        Examples
        --------
        >>> PriceList.load().tariff("egress", "2022-06")[:2]
        ((10000.0, 0.09), (50000.0, 0.085))
        """
        names = sorted({p.item for p in self.prices if p.item.startswith(f"{item}_tier")})
        if not names:
            tiered = {p.item.rpartition("_tier")[0] for p in self.prices if "_tier" in p.item}
            raise ValueError(f"no tiers of {item!r}; {nearest(item, tiered)}")
        rows = [self.price(name, "pay-as-you-go", month) for name in names]
        return tuple((row.tier_end_gb, row.value) for row in rows)

    @cached_property
    def _by_item(self) -> Mapping[str, Mapping[str, Sequence[Price]]]:
        index: dict[str, dict[str, list[Price]]] = defaultdict(lambda: defaultdict(list))
        for row in self.prices:
            index[row.item][row.term].append(row)
        return index

    def _price_rows(self, item: str, term: str) -> Sequence[Price]:
        """All prices of an item under a term, oldest first."""
        if item not in self._by_item:
            raise ValueError(f"unknown price item {item!r}; {nearest(item, self._by_item)}")
        terms = self._by_item[item]
        if term not in terms:
            raise ValueError(f"no {term} price of {item!r}; known terms: {', '.join(terms)}")
        return sorted(terms[term], key=lambda row: row.period.first)


def _price(row: Row) -> Price:
    end = row.optional_number("tier_end_gb")
    return Price(
        item=row.text("item"),
        term=row.text("term"),
        value=row.number("value"),
        unit=row.text("unit"),
        period=period_of(row),
        provider=row.text("provider"),
        tier_end_gb=float("inf") if end is None else end,
        provenance=provenance_of(row),
    )
