"""What a plan reports: one name, title, unit and meaning for each monthly figure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A monthly figure of a plan.

    Parameters
    ----------
    name : str
        Key in tables and files.
    title : str
        Words for people.
    unit : str
        Unit of the values.
    group : str
        Part of the chain it belongs to.
    meaning : str
        One line that says what is counted.

    Examples
    --------
    >>> METRICS["storage_pb"].unit
    'PB'
    """

    name: str
    title: str
    unit: str
    group: str
    meaning: str


_ROWS = (
    ("users", "Users", "users", "demand", "users at the end of the month"),
    ("daily_queries", "Queries per day", "queries/day", "demand", "mean day of the month"),
    (
        "queries_per_user",
        "Queries per user and day",
        "queries/user/day",
        "demand",
        "daily queries over users of the same draw",
    ),
    ("peak_hour_queries", "Peak hour", "queries/h", "load", "busiest hour of the week"),
    ("peak_rate", "Peak minute", "requests/s", "load", "mean rate of the busiest minute"),
    ("prompt_rate", "Prompt tokens at peak", "tokens/s", "load", "prompt tokens not in a cache"),
    ("token_rate", "Reply tokens at peak", "tokens/s", "load", "tokens generated"),
    (
        "load_gpus",
        "GPUs for the load",
        "GPUs",
        "gpus",
        "GPUs busy at the peak minute with queueing headroom, before redundancy",
    ),
    (
        "serving_gpus",
        "Serving GPUs needed",
        "GPUs",
        "gpus",
        "with spares, zones and regions, in whole nodes",
    ),
    ("training_gpus", "Training GPUs needed", "GPUs", "gpus", "background training, whole nodes"),
    ("gpus", "GPUs needed", "GPUs", "gpus", "serving and training"),
    ("conversations_pb", "Conversations", "PB", "storage", "text and metadata, all copies"),
    ("datasets_pb", "Data sets", "PB", "storage", "training data, all versions and copies"),
    ("checkpoints_pb", "Checkpoints", "PB", "storage", "model checkpoint history, all copies"),
    ("telemetry_pb", "Telemetry", "PB", "storage", "logs and traces, all copies"),
    ("backups_pb", "Backups", "PB", "storage", "copies at secondary sites"),
    ("storage_pb", "Storage", "PB", "storage", "everything on disk, copies and backups included"),
    ("user_gbit_s", "User traffic at peak", "Gbit/s", "network", "in and out, peak minute"),
    ("history_gbit_s", "History fetch at peak", "Gbit/s", "network", "stores to GPU nodes"),
    (
        "replication_gbit_s",
        "Replication at peak",
        "Gbit/s",
        "network",
        "writes copied between zones and regions, and backups",
    ),
    ("checkpoint_gbit_s", "Checkpoint writes", "Gbit/s", "network", "burst while one is written"),
    (
        "peak_gbit_s",
        "Bandwidth at peak",
        "Gbit/s",
        "network",
        "users, history and replication at once; checkpoint writes come on top",
    ),
    ("egress_pb", "Egress to users", "PB/month", "network", "bytes sent to users"),
    ("transfer_pb", "Traffic", "PB/month", "network", "bytes moved by all streams"),
    ("databases", "Database instances", "instances", "hosts", "primaries, standbys, replicas"),
    ("hosts", "CPU hosts", "hosts", "hosts", "gateway and pre-processing"),
    ("cost_serving", "Serving GPU cost", "USD/month", "cost", "GPU nodes in service for serving"),
    (
        "cost_training",
        "Training GPU cost",
        "USD/month",
        "cost",
        "GPU nodes in service for training",
    ),
    ("cost_hosts", "CPU host cost", "USD/month", "cost", "gateway and pre-processing"),
    ("cost_databases", "Database cost", "USD/month", "cost", "database instances"),
    ("cost_storage", "Storage cost", "USD/month", "cost", "databases' disks, objects, backups"),
    ("cost_network", "Network cost", "USD/month", "cost", "egress, zones, regions"),
    ("cost_overhead", "Overhead cost", "USD/month", "cost", "support, monitoring, security"),
    ("cost", "Cost", "USD/month", "cost", "all lines"),
    ("cost_per_1000_queries", "Cost per 1,000 queries", "USD", "unit cost", "all lines"),
    ("cost_per_user", "Cost per user", "USD/month", "unit cost", "all lines"),
    (
        "cost_per_conversation_hour",
        "Cost per hour of conversation",
        "USD/h",
        "unit cost",
        "all lines, at the assumed pace of a conversation",
    ),
    ("utilisation", "GPU utilisation", "share", "gpus", "mean load over GPUs in service"),
    ("power_kw", "Power", "kW", "energy", "GPU servers in service, cooling included"),
    ("carbon_t", "Carbon", "tCO2e/month", "energy", "operation only, grid mean"),
)

METRICS: dict[str, Metric] = {row[0]: Metric(*row) for row in _ROWS}


def lowered(title: str) -> str:
    """Title as it stands within a sentence.

    Parameters
    ----------
    title : str
        Such as that of a metric.

    Returns
    -------
    str
        Its first letter small, unless an abbreviation begins with it.

    Examples
    --------
    >>> lowered("Serving GPUs needed"), lowered("GPUs needed")
    ('serving GPUs needed', 'GPUs needed')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
