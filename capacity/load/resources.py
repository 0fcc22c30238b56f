"""Everything but GPUs: load, storage, bandwidth, databases and hosts in every draw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from capacity.arrays import Floats
from capacity.load.network import (
    BITS_PER_BYTE,
    BITS_PER_GBIT,
    crossing_share,
    gbit_per_s,
    history_bytes,
)
from capacity.load.storage import (
    BYTES_PER_PB,
    DAYS_PER_MONTH,
    checkpoint_bytes,
    conversation_bytes,
    kept,
)
from capacity.load.workload import SECONDS_PER_HOUR, mean_rate_per_s, peak_hour_ratio
from capacity.policy import Policy

BYTES_PER_TB = 1e12
Draws = Mapping[str, Floats]


def load(users: Floats, daily_queries: Floats, x: Draws, profile: Floats) -> dict[str, Floats]:
    """Load of the service.

    Parameters
    ----------
    users, daily_queries : numpy.ndarray, shape (draws, months)
        Demand. [users], [queries/day]
    x : mapping of str to numpy.ndarray, shape (draws, 1)
        Draws of the uncertain inputs.
    profile : numpy.ndarray, shape (24,)
        Hourly profile, mean 1. [1]

    Returns
    -------
    dict of str to numpy.ndarray
        The demand and load metrics, shape (draws, months).
    """
    mean = mean_rate_per_s(daily_queries)
    hour = mean * peak_hour_ratio(profile, x["weekend_factor"], x["peak_hour_error"])
    minute = hour * x["peak_minute_ratio"]
    return {
        "users": users,
        "daily_queries": daily_queries,
        "queries_per_user": daily_queries / users,
        "peak_hour_queries": hour * SECONDS_PER_HOUR,
        "peak_rate": minute,
        "prompt_rate": minute * x["prompt_tokens"] * (1.0 - x["cached_share"]),
        "token_rate": minute * x["reply_tokens"],
    }


def storage(
    daily_queries: Floats, x: Draws, policy: Policy, parameters: float
) -> dict[str, Floats]:
    """Bytes on disk.

    Parameters
    ----------
    daily_queries : numpy.ndarray, shape (draws, months)
        Queries per day. [queries/day]
    x : mapping of str to numpy.ndarray, shape (draws, 1)
        Draws of the uncertain inputs.
    policy : Policy
        Retention and copies.
    parameters : float
        Parameters of the model. [1]

    Returns
    -------
    dict of str to numpy.ndarray
        The storage metrics, shape (draws, months), and one logical copy of each kind under
        ``logical_...``. [PB]
    """
    logical = _logical_pb(daily_queries, x, policy, parameters)
    copies = x["object_copies"]
    parts = {
        "conversations_pb": logical["conversations"] * policy.database_copies * policy.regions,
        "datasets_pb": logical["datasets"] * copies,
        "checkpoints_pb": logical["checkpoints"] * copies,
        "telemetry_pb": logical["telemetry"] * copies,
        "backups_pb": policy.backup_copies
        * (logical["conversations"] + logical["datasets"] + logical["checkpoints"])
        * copies,
    }
    total = {"storage_pb": np.sum(list(parts.values()), axis=0)}
    return parts | total | {f"logical_{name}": value for name, value in logical.items()}


def _logical_pb(
    daily_queries: Floats, x: Draws, policy: Policy, parameters: float
) -> dict[str, Floats]:
    """One copy of each kind of data at the end of each month. [PB]"""
    flat = np.ones_like(daily_queries)
    turns = conversation_bytes(
        daily_queries,
        x["message_tokens"] + x["reply_tokens"],
        x["bytes_per_token"],
        x["turn_metadata_bytes"],
    )
    logs = daily_queries * DAYS_PER_MONTH * x["telemetry_bytes"]
    written = checkpoint_bytes(parameters, x["checkpoint_bytes_per_parameter"], _checkpoints(x))
    months = policy.checkpoint_retention_months
    conversations = kept(turns, policy.conversation_retention_months) / BYTES_PER_PB
    return {
        "conversations": conversations + x["stored_before_pb"],
        "datasets": flat * x["dataset_tb"] * x["dataset_versions"] * BYTES_PER_TB / BYTES_PER_PB,
        "checkpoints": kept(flat * written, months) / BYTES_PER_PB,
        "telemetry": kept(logs, policy.telemetry_retention_months) / BYTES_PER_PB,
    }


def _checkpoints(x: Draws) -> Floats:
    """Checkpoints kept from a month's training. [checkpoints/month]"""
    return x["training_runs_per_month"] * x["checkpoints_per_run"]


def network(
    rates: Mapping[str, Floats], x: Draws, policy: Policy, parameters: float
) -> dict[str, Floats]:
    """Traffic at the peak and over the month.

    Parameters
    ----------
    rates : mapping of str to numpy.ndarray, shape (draws, months)
        Metrics that `load` returns.
    x : mapping of str to numpy.ndarray, shape (draws, 1)
        Draws of the uncertain inputs.
    policy : Policy
        Copies, zones and regions.
    parameters : float
        Parameters of the model. [1]

    Returns
    -------
    dict of str to numpy.ndarray
        The network metrics, shape (draws, months), and the streams that are paid for under
        ``inter_zone_pb`` and ``inter_region_pb``. [Gbit/s], [PB/month]
    """
    peak = rates["peak_rate"]
    monthly = rates["daily_queries"] * DAYS_PER_MONTH / BYTES_PER_PB
    turn = _turn_bytes(x)
    reply, history = x["reply_tokens"] * x["stream_bytes_per_token"], _history(x)
    copies = policy.database_copies * policy.regions - 1 + policy.backup_copies
    one = parameters * x["checkpoint_bytes_per_parameter"]
    streams = {
        "user_gbit_s": gbit_per_s(peak, reply + x["request_bytes"]),
        "history_gbit_s": gbit_per_s(peak, history),
        "replication_gbit_s": gbit_per_s(peak, turn * copies),
    }
    moved = monthly * (reply + x["request_bytes"] + history + turn * copies)
    written = one * _checkpoints(x) * (1 + policy.backup_copies) / BYTES_PER_PB
    in_region = history * crossing_share(policy.zones) + turn * (policy.database_copies - 1)
    return {
        **streams,
        "peak_gbit_s": np.sum(list(streams.values()), axis=0),
        "checkpoint_gbit_s": np.broadcast_to(
            one * BITS_PER_BYTE / BITS_PER_GBIT / x["checkpoint_write_s"], peak.shape
        ),
        "egress_pb": monthly * reply,
        "transfer_pb": moved + written,
        "inter_zone_pb": monthly * in_region,
        "inter_region_pb": monthly * turn * (policy.regions - 1 + policy.backup_copies),
    }


def _turn_bytes(x: Draws) -> Floats:
    tokens = x["message_tokens"] + x["reply_tokens"]
    return np.asarray(tokens * x["bytes_per_token"] + x["turn_metadata_bytes"])


def _history(x: Draws) -> Floats:
    return history_bytes(x["history_messages"], x["history_message_bytes"])


def machines(peak_rate: Floats, x: Draws, policy: Policy) -> dict[str, Floats]:
    """Database instances and CPU hosts.

    Parameters
    ----------
    peak_rate : numpy.ndarray, shape (draws, months)
        Arrivals in the peak minute. [requests/s]
    x : mapping of str to numpy.ndarray, shape (draws, 1)
        Draws of the uncertain inputs.
    policy : Policy
        Zones, regions and spare read replicas.

    Returns
    -------
    dict of str to numpy.ndarray
        ``databases`` and ``hosts``, shape (draws, months). [instances], [hosts]

    Notes
    -----
    The region with the first database takes all writes: as many primaries as they need, each
    with a standby in another zone. Every region reads its own replicas, spares included, and a
    region can carry all users once another is lost.
    """
    share = 1.0 / max(1, policy.regions - 1)
    writes = peak_rate * x["writes_per_query"] / x["database_writes_per_s"]
    reads = peak_rate * share * x["reads_per_query"] / x["database_reads_per_s"]
    hosts = np.ceil(peak_rate * share / x["queries_per_host_s"])
    spares = np.ceil(hosts / (policy.zones - 1)) if policy.zones > 1 else np.ones_like(hosts)
    return {
        "databases": 2 * np.ceil(writes) + policy.regions * (np.ceil(reads) + policy.read_spares),
        "hosts": policy.regions * (hosts + spares),
    }
