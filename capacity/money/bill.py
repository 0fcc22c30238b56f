"""The monthly bill of what is in service, and what it means per query and per user."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from capacity.arrays import Floats, Ints, Months
from capacity.load.storage import DAYS_PER_MONTH
from capacity.market.hardware import Accelerator, Instance
from capacity.market.prices import PriceList
from capacity.money.cost import carbon_t, hosted_usd, power_kw, tiered_usd
from capacity.policy import Policy

GB_PER_PB = 1e6
CPU_HOST = "m6i.4xlarge"
DATABASE = "rds_r6g_2xlarge"
USAGE = "pay-as-you-go"
Draws = Mapping[str, Floats]


def bill(
    resources: Draws, x: Draws, gpus_usd: Draws, prices: PriceList, months: Months
) -> dict[str, Floats]:
    """Cost of each line, in every draw and month.

    Parameters
    ----------
    resources : mapping of str to numpy.ndarray, shape (draws, months)
        What `capacity.load.resources` computes.
    x : mapping of str to numpy.ndarray, shape (draws, 1)
        Draws of the uncertain inputs.
    gpus_usd : mapping of str to numpy.ndarray, shape (months,)
        List price of the GPU nodes that stand for ``"serving"`` and ``"training"``. [USD/month]
    prices : PriceList
        Dated prices.
    months : numpy.ndarray, shape (months,)
        Months of the plan.

    Returns
    -------
    dict of str to numpy.ndarray
        The cost metrics, shape (draws, months). [USD/month]

    Raises
    ------
    ValueError
        If an item has no price in some month.
    """
    factor = x["price_factor"]
    host = prices.series(CPU_HOST, "on-demand", months)
    database = prices.series(DATABASE, "on-demand", months)
    lines = {
        "cost_serving": gpus_usd["serving"] * factor,
        "cost_training": gpus_usd["training"] * factor,
        "cost_hosts": hosted_usd(resources["hosts"], host) * factor,
        "cost_databases": hosted_usd(resources["databases"], database) * factor,
        "cost_storage": _storage_usd(resources, prices, months) * factor,
        "cost_network": _network_usd(resources, prices, months) * factor,
    }
    direct = np.sum(list(lines.values()), axis=0)
    lines["cost_overhead"] = direct * x["overhead_share"]
    return lines | {"cost": direct + lines["cost_overhead"]}


def unit_costs(cost: Floats, resources: Draws, x: Draws) -> dict[str, Floats]:
    """Cost per query, user and hour of conversation.

    Parameters
    ----------
    cost : numpy.ndarray, shape (draws, months)
        All lines. [USD/month]
    resources : mapping of str to numpy.ndarray, shape (draws, months)
        With ``users`` and ``daily_queries``.
    x : mapping of str to numpy.ndarray, shape (draws, 1)
        Draws of the uncertain inputs.

    Returns
    -------
    dict of str to numpy.ndarray
        The unit cost metrics, shape (draws, months).
    """
    per_query = cost / (resources["daily_queries"] * DAYS_PER_MONTH)
    return {
        "cost_per_1000_queries": per_query * 1e3,
        "cost_per_user": cost / resources["users"],
        "cost_per_conversation_hour": per_query * x["queries_per_conversation_hour"],
    }


def energy(
    nodes: Ints, utilisation: Floats, instance: Instance, card: Accelerator, x: Draws
) -> dict[str, Floats]:
    """Power and carbon of the GPU servers in service.

    Parameters
    ----------
    nodes : numpy.ndarray, shape (months,)
        Nodes in service. [nodes]
    utilisation : numpy.ndarray, shape (draws, months)
        Mean load of their GPUs. [1]
    instance : Instance
        Their type.
    card : Accelerator
        What they hold.
    x : mapping of str to numpy.ndarray, shape (draws, 1)
        Draws of the uncertain inputs.

    Returns
    -------
    dict of str to numpy.ndarray
        ``power_kw`` and ``carbon_t``, shape (draws, months).

    Notes
    -----
    A GPU draws its idle power and, in proportion to its load, the rest up to its power at work.
    """
    servers = nodes.astype(np.float64)
    share = x["gpu_idle_share"] + (x["gpu_power_share"] - x["gpu_idle_share"]) * utilisation
    kw = power_kw(
        servers * instance.gpus,
        card.tdp_w * share,
        servers,
        instance.host_power_w * x["host_power_share"],
        x["power_usage_effectiveness"],
    )
    return {"power_kw": kw, "carbon_t": carbon_t(kw, x["grid_carbon"])}


def _storage_usd(resources: Draws, prices: PriceList, months: Months) -> Floats:
    """Hot conversations on database disks in every region, the rest in object stores."""
    hot = prices.series("aurora_storage", USAGE, months)
    objects = prices.series("s3_standard", USAGE, months)
    backup = prices.series("s3_ia", USAGE, months)
    stored = (
        resources["logical_datasets"]
        + resources["logical_checkpoints"]
        + resources["logical_telemetry"]
    )
    return np.asarray(
        GB_PER_PB
        * (
            resources["billed_conversations"] * hot
            + stored * objects
            + resources["billed_backups"] * backup
        )
    )


def _network_usd(resources: Draws, prices: PriceList, months: Months) -> Floats:
    """Egress by tier; zones charge both directions, regions the sender."""
    zone = prices.series("inter_zone", USAGE, months) * 2
    region = prices.series("inter_region", USAGE, months)
    tiers = [prices.tariff("egress", month) for month in months]
    egress = resources["egress_pb"] * GB_PER_PB
    users = [tiered_usd(egress[:, column], tier) for column, tier in enumerate(tiers)]
    inside = resources["inter_zone_pb"] * zone + resources["inter_region_pb"] * region
    return np.stack(users, axis=1) + inside * GB_PER_PB


def billed_storage(logical: Draws, policy: Policy) -> dict[str, Floats]:
    """Bytes that the provider charges: copies inside its services are in its price.

    Parameters
    ----------
    logical : mapping of str to numpy.ndarray, shape (draws, months)
        One copy of each kind, under ``logical_...``. [PB]
    policy : Policy
        Regions and backups.

    Returns
    -------
    dict of str to numpy.ndarray
        ``billed_conversations`` and ``billed_backups``, shape (draws, months). [PB]
    """
    kept = (
        logical["logical_conversations"]
        + logical["logical_datasets"]
        + logical["logical_checkpoints"]
    )
    return {
        "billed_conversations": logical["logical_conversations"] * policy.regions,
        "billed_backups": kept * policy.backup_copies,
    }
