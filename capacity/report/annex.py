"""Last pages of the printed report: assumptions with sources, method, limits, provenance."""

from __future__ import annotations

from capacity.numbers import percent, plain
from capacity.outcome import CapacityPlan
from capacity.report import sources
from capacity.report.influence import demand_sway
from capacity.report.placing import month_words
from capacity.report.wording import Block, short

HEARD = 0.05  # rank correlation worth a sentence

KEPT_UP = {
    "design-basis": "time with enough of them up",
    "request-weighted": "requests of a week that get an answer",
}


def assumptions(plan: CapacityPlan) -> Block:
    """Every input with its source, the most important first.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    dict
        Text, and tables of inputs, policy and facts.
    """
    rows = [
        [
            row.name.replace("_", " "),
            plain(row.mid),
            "exactly" if row.low == row.high else f"{plain(row.low)} to {plain(row.high)}",
            row.unit,
            _moves(row),
            short(f"{_basis(row)}: {_dated(row)}", 200),
        ]
        for row in sources.inputs(plan)
    ]
    return {
        "text": (
            "Middle value, and the range that holds 90 % unless the spreadsheet says otherwise. "
            "First the inputs that move the GPUs needed, then those that move cost, storage and "
            f"bandwidth of the last month, with their rank correlation.{_demand_words(plan)}"
        ),
        "rows": rows,
        "facts": _facts(plan),
        "policy": [
            [row.item.replace("_", " "), _unit_words(row.value, row.unit), _lever_words(row)]
            for row in sources.policy_rows(plan)
        ],
    }


def method(plan: CapacityPlan) -> Block:
    """How the figures are made, and what they leave out.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    dict
        Steps and limits.
    """
    scenario, policy = plan.scenario, plan.policy
    replica = plan.option.replica
    draws = next(iter(plan.draws.values())).shape[0]
    return {
        "steps": [
            ["Demand", f"Users and daily queries are forecast together by {scenario.growth.model} "
             f"growth, with a correlation of {plain(scenario.growth.correlation)}. Between two "
             "reported points the path is reconstructed: a straight line in the logarithm with "
             "random deviations that vanish at the points."],
            ["Load", f"Daily queries become a peak minute by the hourly profile "
             f"{scenario.profile}, the weekend, the spread between services and the burst within "
             "the hour; tokens follow from the lengths of prompts and replies."],
            ["GPUs", f"One replica of {replica.architecture.name} is modelled from its memory, "
             "arithmetic and links, calibrated on published throughput. Its batch is the largest "
             f"within {plain(policy.ttft_s)} s to the first and {plain(policy.tpot_s)} s for each "
             f"further token. Queueing leaves {percent(policy.latency_share)} of requests in the "
             "peak minute unqueued."],
            ["Redundancy", f"Nodes are added until the share of {KEPT_UP[policy.redundancy]}, "
             "through node, zone and region loss, failed failovers and bad changes, meets the "
             "target."],
            ["Purchase", f"Nodes that suffice in {percent(policy.confidence)} of the draws, in "
             "whole nodes, spread evenly over zones and regions, ordered ahead by the lead time."],
            ["Money", "Dated list prices by item and term, the price paid over list, overhead; "
             "storage accumulates with its retention."],
            ["Uncertainty", f"{draws:,} joint draws of all inputs. A percentile of a result is "
             "taken over the draws of that result, never from the percentiles of its inputs. "
             "Every input has its own random stream, so two scenarios share their luck."],
        ],
        "limits": [note for note in plan.notes if not note.startswith(("users:", "queries:"))],
    }  # fmt: skip


def run(plan: CapacityPlan) -> Block:
    """What it takes to make the same report again.

    Parameters
    ----------
    plan : CapacityPlan
        Any plan.

    Returns
    -------
    dict
        Version, footer, date of the data, hashes.
    """
    draws = next(iter(plan.draws.values())).shape[0]
    date = sources.data_date(plan)
    return {
        "version": plan.version,
        "footer": (
            f"fleetcast {plan.version} \u00b7 seed {plan.seed} \u00b7 {draws:,} draws \u00b7 "
            f"data as of {month_words(date)}"
        ),
        "note": (
            "Same version, data, seed and draws: same figures. Shipped data files with the first "
            "digits of their SHA-256:"
        ),
        "date": date,
        "hashes": [[name, digest[:16]] for name, digest in plan.hashes.items()],
    }


def _lever_words(row: sources.SourceRow) -> str:
    return row.meaning if row.source == "default" else f"{row.meaning}; set by {row.source}"


def _demand_words(plan: CapacityPlan) -> str:
    sway = demand_sway(plan)
    if abs(sway) < HEARD:
        return ""
    return f" The growth of demand itself moves the GPUs needed by {_signed(sway)}."


def _unit_words(value: str, unit: str) -> str:
    return value if unit == "name" else f"{value} {unit}"


def _moves(row: sources.InputRow) -> str:
    names = {"gpus": "GPUs", "cost": "cost", "storage_pb": "storage", "peak_gbit_s": "bandwidth"}
    return f"{names[row.moves]} {_signed(row.sway)}" if row.moves else ""


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\u2212")


def _facts(plan: CapacityPlan) -> list[list[str]]:
    """Reported points, events, hardware and prices, one row for each source and period."""
    wanted = ("reported", "event", "model", "hourly profile", "hardware", "price")
    joined: dict[tuple[str, str], list[str]] = {}
    for row in sources.sources(plan):
        if row.group in wanted:
            words = f"{row.item.removesuffix(', pay-as-you-go')} {row.value} {row.unit}"
            told = row.group == "reported"
            held = "" if told else row.valid
            joined.setdefault((_dated(row), held), []).append(
                f"{words} in {month_words(row.valid)}" if told else words
            )
    return [[";  ".join(items), valid, short(source, 160)]
            for (source, valid), items in joined.items()]  # fmt: skip


def _dated(row: sources.InputRow | sources.SourceRow) -> str:
    return f"{row.source} ({row.as_of})" if row.as_of else row.source


def _basis(row: sources.InputRow) -> str:
    return row.basis if row.set_by == "baseline" else f"{row.basis}, set by {row.set_by}"
