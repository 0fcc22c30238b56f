"""What a part of a figure rests on: inputs, prices and reports, each with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from capacity.market.catalogue import shipped_catalogue
from capacity.policy import LEVERS
from capacity.scenarios.inputs import ASSUMPTIONS

if TYPE_CHECKING:
    from capacity.questions.one_draw import OneDraw

WORK = ("prompt_tokens", "cached_share", "reply_tokens", "serving_error", "engine_maturity")
HEADROOM = ("arrival_variability", "reply_variability")
HOUR = ("weekend_factor", "peak_hour_error")
MINUTE = ("peak_minute_ratio",)
TRAINING = (
    "training_tokens_per_run", "training_runs_per_month", "model_flop_utilisation",
    "training_goodput",
)  # fmt: skip
REDUNDANCY = (
    "node_failures_per_1000_node_days", "node_repair_h", "zone_unavailability",
    "failover_failure", "change_failure_share", "change_repair_min",
)  # fmt: skip
CHECKPOINTS = ("checkpoint_bytes_per_parameter", "checkpoints_per_run", "training_runs_per_month")
TURN = ("message_tokens", "reply_tokens", "bytes_per_token", "turn_metadata_bytes")
BEHIND: Mapping[str, tuple[str, ...]] = {
    "prompt_rate": ("prompt_tokens", "cached_share"),
    "token_rate": ("reply_tokens",),
    "training_gpus": TRAINING,
    "conversations_pb": (*TURN, "stored_before_pb"),
    "datasets_pb": ("dataset_tb", "dataset_versions", "object_copies"),
    "checkpoints_pb": (*CHECKPOINTS, "object_copies"),
    "telemetry_pb": ("telemetry_bytes", "object_copies"),
    "backups_pb": ("dataset_tb", "dataset_versions", *CHECKPOINTS, "object_copies"),
    "user_gbit_s": ("reply_tokens", "stream_bytes_per_token", "request_bytes"),
    "history_gbit_s": ("history_messages", "history_message_bytes"),
    "replication_gbit_s": TURN,
    "checkpoint_gbit_s": ("checkpoint_bytes_per_parameter", "checkpoint_write_s"),
    "egress_pb": ("reply_tokens", "stream_bytes_per_token"),
    "transfer_pb": ("history_messages", "history_message_bytes", *TURN),
    "databases": ("reads_per_query", "writes_per_query", "database_reads_per_s",
                  "database_writes_per_s"),
    "hosts": ("queries_per_host_s",),
    "cost_serving": ("price_factor",),
    "cost_training": (*TRAINING, "price_factor"),
    "cost_hosts": ("queries_per_host_s", "price_factor"),
    "cost_databases": ("reads_per_query", "writes_per_query", "price_factor"),
    "cost_storage": ("dataset_tb", "dataset_versions", *CHECKPOINTS, "price_factor"),
    "cost_network": ("reply_tokens", "stream_bytes_per_token", "history_messages", "price_factor"),
    "cost_overhead": ("overhead_share",),
    "cost_per_conversation_hour": ("queries_per_conversation_hour",),
    "carbon_t": ("grid_carbon",),
}  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """A fact or assumption with its value in one draw.

    Parameters
    ----------
    name : str
        Input, lever, price or report.
    value : float
        Its value, in `unit`.
    unit : str
        Its unit.
    basis : str
        reported, measured, calibrated, assumed, decided, list price or forecast.
    source, as_of : str
        Where it comes from, and of when; may be empty.
    """

    name: str
    value: float
    unit: str
    basis: str
    source: str
    as_of: str = ""

    @classmethod
    def of_input(cls, draw: OneDraw, name: str) -> Ground:
        """Ground of an uncertain input.

        Parameters
        ----------
        draw : OneDraw
            The draw.
        name : str
            The input.

        Returns
        -------
        Ground
            With the value that it has in the draw.
        """
        known = draw.plan.scenario.inputs[name]
        unit = ASSUMPTIONS[name].estimate.unit
        return cls(name, draw.inputs[name], unit, known.basis, known.source, known.as_of)

    @classmethod
    def of_inputs(cls, draw: OneDraw, names: Sequence[str]) -> tuple[Ground, ...]:
        """Grounds of several uncertain inputs.

        Parameters
        ----------
        draw : OneDraw
            The draw.
        names : sequence of str
            The inputs.

        Returns
        -------
        tuple of Ground
            In the order of the names.
        """
        return tuple(cls.of_input(draw, name) for name in names)

    @classmethod
    def of_lever(cls, draw: OneDraw, name: str) -> Ground:
        """Ground of a lever of the policy that is a number.

        Parameters
        ----------
        draw : OneDraw
            The draw.
        name : str
            The lever.

        Returns
        -------
        Ground
            What the planner decided.
        """
        value = float(getattr(draw.plan.policy, name))
        return cls(name, value, LEVERS[name].unit, "decided", LEVERS[name].help)


def grounds(draw: OneDraw, metric: str) -> tuple[Ground, ...]:
    """Inputs behind a metric, those of the steps before it left out.

    Parameters
    ----------
    draw : OneDraw
        The draw.
    metric : str
        Name of the metric.

    Returns
    -------
    tuple of Ground
        Empty where the metric follows from other metrics alone.
    """
    return Ground.of_inputs(draw, BEHIND.get(metric, ()))


def price_ground(draw: OneDraw) -> tuple[Ground, ...]:
    """List price of the chosen node in the month.

    Parameters
    ----------
    draw : OneDraw
        The draw.

    Returns
    -------
    tuple of Ground
        The dated row of the price list.
    """
    plan = draw.plan
    month = plan.months[draw.place]
    row = shipped_catalogue().prices.price(plan.option.instance.name, plan.policy.term, month)
    name = f"{row.item}, {row.term}"
    origin = row.provenance
    return (Ground(name, row.value, row.unit, "list price", origin.source, origin.as_of),)
