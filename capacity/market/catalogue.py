"""The catalogue in ``data/``: which hardware could be rented in which month, and at which price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from capacity.market.card_rows import read_accelerators
from capacity.market.dated import LeadTime, Period, Provenance, as_month, period_of, provenance_of
from capacity.market.hardware import Accelerator, Architecture, Instance
from capacity.market.prices import Price, PriceList
from forecast.shipped.place import nearest
from forecast.shipped.tables import Row, read_table

ASSUMED_LEAD = "assumed: the node's present lead time, for want of one of its accelerator"


@dataclass(frozen=True)
class Catalogue:
    """All that can be bought, with the months in which it could.

    Parameters
    ----------
    accelerators : Mapping of str to Accelerator
        By name.
    instances : Mapping of str to Instance
        By name.
    architectures : Mapping of str to Architecture
        By name, in order of size.
    prices : PriceList
        All dated prices.
    lead_times : tuple of LeadTime
        All dated lead times.

    Examples
    --------
    >>> catalogue = Catalogue.load()
    >>> [node.name for node in catalogue.available("2021-02")]
    ['p4d.24xlarge']
    >>> catalogue.price("p4d.24xlarge", "on-demand", "2022-06").value
    32.7726
    """

    accelerators: Mapping[str, Accelerator]
    instances: Mapping[str, Instance]
    architectures: Mapping[str, Architecture]
    prices: PriceList
    lead_times: tuple[LeadTime, ...] = ()

    @classmethod
    def load(cls, folder: Path | None = None) -> Catalogue:
        """Read the catalogue.

        Parameters
        ----------
        folder : Path, optional
            Another data folder; the shipped one if left out.

        Returns
        -------
        Catalogue
            Everything in it, past and present.

        Examples
        --------
        >>> sorted(Catalogue.load().accelerators)[:2]
        ['A100-PCIe-40', 'A100-PCIe-80']
        """
        nodes = [_instance(row) for row in read_table("instances.csv", folder).rows]
        shapes = [_architecture(row) for row in read_table("architectures.csv", folder).rows]
        leads = [_lead_time(row) for row in read_table("lead_times.csv", folder).rows]
        return cls(
            accelerators=read_accelerators(folder),
            instances={node.name: node for node in nodes},
            architectures={shape.name: shape for shape in shapes},
            prices=PriceList.load(folder),
            lead_times=tuple(leads),
        )

    def architecture(self, name: str) -> Architecture:
        """Model by its name.

        Parameters
        ----------
        name : str
            One of `architectures`.

        Returns
        -------
        Architecture
            Layers and sizes.

        Raises
        ------
        ValueError
            If the catalogue does not know it.

        Examples
        --------
        >>> Catalogue.load().architecture("llama-2-13b").layers
        40
        """
        if name not in self.architectures:
            raise ValueError(
                f"unknown architecture {name[:80]!r}; {nearest(name, self.architectures)}"
            )
        return self.architectures[name]

    def available(self, month: str | np.datetime64) -> tuple[Instance, ...]:
        """Nodes that could be rented in a month.

        Parameters
        ----------
        month : str or numpy.datetime64
            Such as ``2022-06``.

        Returns
        -------
        tuple of Instance
            In catalogue order, whether or not a price of the month is known.

        Examples
        --------
        >>> "p5.48xlarge" in {node.name for node in Catalogue.load().available("2023-06")}
        False
        """
        when = as_month(month)
        return tuple(node for node in self.instances.values() if node.purchasable(when))

    def price(self, item: str, term: str, month: str | np.datetime64) -> Price:
        """Price of an item in a month; see `PriceList.price`.

        Parameters
        ----------
        item : str
            Instance name or service item.
        term : str
            One of `capacity.market.prices.TERMS`.
        month : str or numpy.datetime64
            Such as ``2022-06``.

        Returns
        -------
        Price
            The row that holds in the month.

        Examples
        --------
        >>> Catalogue.load().price("inter_zone", "pay-as-you-go", "2023-01").value
        0.01
        """
        return self.prices.price(item, term, month)

    def lead_time(self, instance: str, month: str | np.datetime64) -> LeadTime:
        """Weeks from order to a running node, for an order placed in a month.

        Parameters
        ----------
        instance : str
            Instance name.
        month : str or numpy.datetime64
            Month of the order.

        Returns
        -------
        LeadTime
            Low, mid and high. [weeks]

        Raises
        ------
        ValueError
            If the instance is unknown, or no lead time is known for the month.

        Examples
        --------
        >>> lead = Catalogue.load().lead_time("p5.48xlarge", "2024-05")
        >>> lead.low, lead.high
        (8.0, 12.0)
        """
        if instance not in self.instances:
            raise ValueError(f"unknown instance {instance!r}; {nearest(instance, self.instances)}")
        node, when = self.instances[instance], as_month(month)
        rows = self.lead_times_of(node)
        found = next((lead for lead in rows if lead.period.holds_in(when)), None)
        if found is None:
            known = ", ".join(str(lead.period) for lead in rows)
            raise ValueError(
                f"no lead time of {instance!r} ({node.accelerator}) in {when}; known: {known}"
            )
        return found

    def lead_times_of(self, node: Instance) -> tuple[LeadTime, ...]:
        """Every lead time of a node.

        Parameters
        ----------
        node : Instance
            Node type.

        Returns
        -------
        tuple of LeadTime
            Those of its accelerator; where none is known, the node's own present figure is assumed
            for all months since it could be rented.

        Examples
        --------
        >>> known = Catalogue.load()
        >>> len(known.lead_times_of(known.instances["p5.48xlarge"]))
        2
        """
        rows = tuple(lead for lead in self.lead_times if lead.accelerator == node.accelerator)
        weeks = node.lead_time_weeks
        since, origin = Period(node.purchasable_from, None), node.provenance
        basis = Provenance(ASSUMED_LEAD, origin.as_of, "low")
        return rows or (LeadTime(node.accelerator, weeks, weeks, weeks, since, basis),)


@cache
def shipped_catalogue() -> Catalogue:
    """Catalogue of the shipped data, read once.

    Returns
    -------
    Catalogue
        Cards, nodes, models, prices.

    Examples
    --------
    >>> shipped_catalogue().instances["p4d.24xlarge"].gpus
    8
    """
    return Catalogue.load()


def _instance(row: Row) -> Instance:
    return Instance(
        name=row.text("name"),
        accelerator=row.text("accelerator"),
        gpus=int(row.number("gpus")),
        network_bits_per_s=row.number("network_bits_per_s"),
        host_power_w=row.number("host_power_w"),
        purchasable_from=row.month("purchasable_from"),
        lead_time_weeks=row.number("lead_time_weeks"),
        provider=row.text("provider"),
        provenance=provenance_of(row),
    )


def _architecture(row: Row) -> Architecture:
    return Architecture(
        name=row.text("name"),
        layers=int(row.number("layers")),
        hidden=int(row.number("hidden")),
        heads=int(row.number("heads")),
        kv_heads=int(row.number("kv_heads")),
        head_dim=int(row.number("head_dim")),
        ffn=int(row.number("ffn")),
        ffn_matrices=int(row.number("ffn_matrices")),
        vocab=int(row.number("vocab")),
        tied_embeddings=bool(row.number("tied_embeddings")),
        n_experts=int(row.number("n_experts")),
        experts_per_token=int(row.number("experts_per_token")),
        published_params=row.number("published_params"),
        released=row.month("released"),
        provenance=provenance_of(row),
    )


def _lead_time(row: Row) -> LeadTime:
    return LeadTime(
        accelerator=row.text("accelerator"),
        low=row.number("low"),
        mid=row.number("value"),
        high=row.number("high"),
        period=period_of(row),
        provenance=provenance_of(row),
    )
