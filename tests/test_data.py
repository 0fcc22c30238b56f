"""The shipped data as they are: complete, consistent, and true to the reported case."""

from __future__ import annotations

import re

import numpy as np
import pytest

from capacity.market.catalogue import Catalogue
from forecast.shipped.datasets import data_folder, load, problems, profile, read_manifest

CATALOGUE = Catalogue.load()
TABLES = [name for name in read_manifest() if name.endswith(".csv")]
CLAIMS = {row["id"]: row for row in load("claims.csv")}
OUTCOMES = {row["id"]: row for row in load("outcomes.csv")}


def test_nothing_is_wrong_with_the_shipped_data() -> None:
    assert problems() == []


@pytest.mark.parametrize("name", TABLES)
def test_every_row_carries_its_evidence(name: str) -> None:
    for row in load(name):
        assert all(row[column] for column in ("unit", "source", "as_of", "confidence"))


@pytest.mark.parametrize("name", TABLES)
def test_sources_are_publications(name: str) -> None:
    clutter = re.compile(
        r"index id|GitHub id|\bread 20|PyPI|/(work|tmp|home)/|pypi\.org|crates\.io"
    )
    assert not clutter.search((data_folder() / name).read_text(encoding="utf-8"))


def test_the_reported_case_is_kept_exactly_as_told() -> None:
    told = {
        "users_2022_01": ("120000", "2022-01", "exactly"),
        "users_2022_12": ("620000", "2022-12", "over"),
        "users_growth_2022": ("5", "2022-12", "nearly"),
        "queries_2022_01": ("250000", "2022-01", "exactly"),
        "queries_2022_12": ("1.8e+06", "2022-12", "about"),
        "queries_growth_2022": ("7", "2022-12", "over"),
        "users_2024_06": ("1.4e+07", "2024-06", "about"),
        "queries_2024_06": ("7.5e+06", "2024-06", "about"),
        "peak_queries_per_hour": ("50000", "2022-12", "over"),
        "uptime": ("0.9995", "", "exactly"),
        "scaling_10x_100x": ("100", "", "about"),
        "outage_duration": ("1", "2023-02", "about"),
    }
    for name, (value, date, comparator) in told.items():
        row = CLAIMS[name]
        assert float(row["value"]) == float(value), name
        assert (row["date"], row["comparator"]) == (date, comparator), name


def test_claims_name_no_other_source_than_the_case() -> None:
    assert {row["source"] for row in CLAIMS.values()} == {"the reported case"}


def test_derived_outcomes_follow_from_the_published_ones() -> None:
    value = {name: float(row["value"]) for name, row in OUTCOMES.items()}
    assert value["queries_per_day_if_mean"] == value["queries_per_second"] * 86_400
    per_user = value["queries_per_day_if_mean"] / value["daily_users"]
    assert value["queries_per_daily_user"] == pytest.approx(per_user)
    growth = (value["rate_end"] / value["rate_start"]) ** (1 / 18) - 1
    assert value["rate_growth"] == pytest.approx(growth, abs=5e-5)
    hot_path = (value["hot_path_low"] + value["hot_path_high"]) / 2 * 1e9
    assert value["bytes_per_generation"] == pytest.approx(hot_path / value["rate_end"])


def test_derived_failure_rates_follow_from_the_counts() -> None:
    value = {row["id"]: float(row["value"]) for row in load("reliability.csv")}
    causes = [count for name, count in value.items() if name.startswith("llama3_cause_")]
    assert sum(causes) == value["llama3_unexpected"]
    assert value["llama3_gap"] == pytest.approx(54 * 24 / value["llama3_unexpected"], rel=1e-4)
    rate = value["llama3_unexpected"] / (16_384 / 8) / 54 * 1000
    assert value["llama3_node_rate"] == pytest.approx(rate, rel=1e-4)


def test_peaks_and_troughs_of_profiles_are_those_of_their_hours() -> None:
    for row in load("profile_sources.csv"):
        values = profile(row["profile_id"])
        assert values.shape == (int(row["hours"]),)
        assert values.mean() == pytest.approx(1.0, abs=1e-12)
        assert (values.max(), values.min()) == (float(row["peak"]), float(row["trough"]))


def test_eight_bits_are_never_slower_than_sixteen_at_peak() -> None:
    for card in CATALOGUE.accelerators.values():
        order = [card.flops[dtype] for dtype in ("fp16", "fp8", "fp4") if dtype in card.flops]
        assert order == sorted(order), card.name


def test_narrow_numbers_reach_a_smaller_share_of_their_peak() -> None:
    for card in CATALOGUE.accelerators.values():
        shares = [card.efficiency[d] for d in ("fp16", "fp8", "fp4") if d in card.efficiency]
        assert shares == sorted(shares, reverse=True), card.name
        assert all(0.2 < share < 1.0 for share in shares)


def test_every_supported_number_type_has_an_efficiency() -> None:
    for card in CATALOGUE.accelerators.values():
        assert card.flops.keys() == card.efficiency.keys(), card.name


def test_cards_have_plausible_units() -> None:
    for card in CATALOGUE.accelerators.values():
        assert 16 <= card.memory_gib <= 400
        assert 1e11 < card.bandwidth_bytes_per_s < 2e13
        assert 1e13 < card.flops["fp16"] < 1e16
        assert card.link_bytes_per_s == 0 or card.link_bytes_per_s > card.pcie_bytes_per_s


def test_shapes_have_their_published_number_of_parameters() -> None:
    for shape in CATALOGUE.architectures.values():
        attention = 2 * shape.hidden * shape.head_dim * (shape.heads + shape.kv_heads)
        experts = max(1, shape.n_experts)
        feed_forward = shape.ffn_matrices * shape.hidden * shape.ffn * experts
        vocabulary = shape.vocab * shape.hidden * (1 if shape.tied_embeddings else 2)
        total = shape.layers * (attention + feed_forward) + vocabulary
        allowed = 0.015 if shape.provenance.confidence == "low" else 0.002
        assert shape.published_params is not None
        assert total == pytest.approx(shape.published_params, rel=allowed), shape.name


def test_shapes_run_from_6_to_405_billion_in_order() -> None:
    sizes = [shape.published_params or 0 for shape in CATALOGUE.architectures.values()]
    assert sizes == sorted(sizes)
    assert (sizes[0] < 7e9, sizes[-1] > 4e11) == (True, True)


@pytest.mark.parametrize("month", ["2021-12", "2022-12", "2024-06", "2025-06", "2026-11"])
def test_a_later_generation_costs_more_by_the_hour(month: str) -> None:
    months = np.datetime64(month, "M")
    names = [
        n for n in ("p4d.24xlarge", "p5.48xlarge") if CATALOGUE.instances[n].purchasable(months)
    ]
    values = [CATALOGUE.price(name, "on-demand", month).value for name in names]
    assert values == sorted(values)


@pytest.mark.parametrize("item", ["egress", "azure_egress", "gcp_egress"])
def test_transfer_gets_cheaper_with_the_amount(item: str) -> None:
    ends, values = zip(*CATALOGUE.prices.tariff(item, "2022-06"), strict=True)
    assert list(values) == sorted(values, reverse=True)
    assert list(ends) == sorted(ends)
    assert np.isinf(ends[-1])


def test_colder_storage_is_cheaper() -> None:
    items = ("s3_standard", "s3_ia", "s3_glacier_ir", "s3_glacier_fr", "s3_glacier_da")
    values = [CATALOGUE.price(item, "pay-as-you-go", "2023-03").value for item in items]
    assert values == sorted(values, reverse=True)


def test_commitment_is_cheaper_than_the_hour() -> None:
    for row in CATALOGUE.prices.prices:
        if row.term in ("1y", "3y", "spot"):
            hourly = CATALOGUE.price(row.item, "on-demand", row.period.first).value
            assert 0.15 < row.value / hourly < 0.75, (row.item, row.term)


def test_every_node_can_be_priced_and_ordered_from_its_first_month() -> None:
    for node in CATALOGUE.instances.values():
        term = "capacity-block" if node.name == "p5e.48xlarge" else "on-demand"
        assert CATALOGUE.price(node.name, term, node.purchasable_from).value > 0
        assert CATALOGUE.lead_time(node.name, node.purchasable_from).mid > 0


def test_reported_case_months_have_every_service_price() -> None:
    items = [row.item for row in CATALOGUE.prices.prices if row.term == "pay-as-you-go"]
    for item in set(items) - {"aurora_io_optimized_storage"}:
        assert CATALOGUE.prices.series(item, "pay-as-you-go", ["2022-01", "2024-06"]).min() > 0


def test_eight_way_h100_nodes_draw_the_published_power() -> None:
    node = CATALOGUE.instances["p5.48xlarge"]
    published = {row["id"]: float(row["value"]) for row in load("facts.csv")}["dgx_h100_power"]
    assert node.power_w(CATALOGUE.accelerators["H100-SXM"]) == published * 1000
