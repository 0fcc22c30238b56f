"""The benchmark of the serving model scores what it says it scores."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import serving
from tests.capacity.serving.serving_cells import CELLS, row, write

Changes = dict[str, object]


def measured(*changes: Changes) -> dict[str, dict[str, dict[str, float]]]:
    return serving.measure([row(line, **change) for line, change in enumerate(changes)])


def predicted(**change: object) -> float:
    """Tokens per second that the model gives: the error of a measurement of one."""
    found = measured(change | {"total_output_tokens_per_s": 1})["scopes"]
    return 1.0 + next(iter(found.values()))["bias"]


def test_a_measurement_equal_to_the_prediction_has_no_error() -> None:
    scope = measured({"total_output_tokens_per_s": predicted()})["scopes"]["offline_core"]
    assert scope["median"] == 0.0
    assert scope["cover90"] == 1.0
    assert (scope["n"], scope["groups"]) == (1, 1)


def test_bias_is_positive_where_the_model_is_too_fast() -> None:
    found = measured({"total_output_tokens_per_s": predicted() / 1.5})
    scope = found["scopes"]["offline_core"]
    assert scope["bias"] == pytest.approx(0.5, abs=1e-3)
    assert scope["cover90"] == 0.0
    assert found["groups"]["offline_core: Llama-3.1-8B x H100-SXM"]["bias"] == scope["bias"]


def test_totals_over_several_replicas_are_divided() -> None:
    assert predicted(gpus=8) == pytest.approx(8 * predicted(), rel=1e-3)


def test_rows_that_cannot_be_judged_are_counted_by_reason() -> None:
    found = measured(
        {"quality": "impossible"},
        {"gpu": "unheard of"},
        {"tp": "", "gpus": 8},
        {"weight_dtype": "FP4"},
        {"scope": "mlperf", "scenario": "server", "tpot_ms": ""},
        {"scope": "online", "request_rate_qps": 32},
        {"model": "Own-1T", "layers": 900},
        {"scope": "mlperf", "total_output_tokens_per_s": ""},
        {"scope": "mlperf", "total_output_tokens_per_s": "inf"},
    )
    assert found["scopes"] == {}
    assert found["left_out"] == {
        "column gpu: unknown card 'unheard of'": 1,
        "H100-SXM has no 'fp4' arithmetic": 1,
        "column tp: empty": 1,
        "quality impossible": 1,
        "server: no time per token, at which throughput is predicted": 1,
        "online: no request rate up to 8/s": 1,
        "not one sequence fits in memory": 1,
        "scope 'mlperf': nothing measured that is predicted": 2,
    }
    assert found["rows"] == {"read": 9, "scored": 0, "left_out": 9}


def test_models_cards_and_scopes_that_no_shipped_row_has_are_scored() -> None:
    new = {"model": "Own-30B", "layers": 60, "hidden": 6144, "gpu": "GH200-96", "scope": "own"}
    found = measured(new)
    assert found["scopes"]["own"]["n"] == 1
    assert found["flags"] == {"extrapolation": 1}


def test_what_follows_from_the_rest_of_a_row_may_be_blank() -> None:
    shape = dict.fromkeys(("layers", "hidden", "heads", "kv_heads", "head_dim", "ffn", "vocab"), "")
    blank = {"tp": "", "pp": "", "concurrency_or_batch": "", "kv_dtype": "", **shape}
    full, empty = predicted(), predicted(**blank, model="llama-3.1-8B")
    assert empty == full


def test_a_card_that_the_row_describes_is_predicted_with_assumed_efficiency() -> None:
    like = {
        "memory_gib": 79.6, "bandwidth_bytes_per_s": 3.35e12, "fp16_flops": 9.89e14,
        "fp8_flops": 1.978e15, "link_bytes_per_s": 9e11, "vendor": "NVIDIA",
        "architecture": "Hopper", "released": "2022-10",
    }  # fmt: skip
    own = {"gpu": "X900", "scope": "own", **like}
    found = measured({**own, "total_output_tokens_per_s": predicted()})
    assert found["scopes"]["own"]["median"] == 0.0
    assert found["flags"] == {"extrapolation": 1, "efficiency assumed": 1}
    poor = measured({**own, "fp16_flops": ""}, {**own, "memory_gib": -1}, {**own, "fp8_flops": -1})
    assert list(poor["left_out"].values()) == [1, 1, 1]


def test_a_batch_larger_than_the_engine_s_default_counts_where_it_fits() -> None:
    many = {"input_tokens": 10, "output_tokens": 10, "concurrency_or_batch": 6000}
    assert predicted(**many) > predicted(**{**many, "concurrency_or_batch": "inf"})
    assert measured(many)["flags"].get("KV overflow") is None


HOSTILE = [
    "",
    "0",
    "-1",
    "1e300",
    "nan",
    "inf",
    "-inf",
    "1.5",
    "2",
    "x" * 99,
    "0x10",
    "\u0661",
    "1e-9",
]
NUMBERS = [name for name, value in CELLS.items() if value.isdecimal() or value in ("", "inf")]


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(HOSTILE), min_size=1, max_size=4),
    st.sampled_from(["offline_core", "online", "ttft", "static", "mlperf", "=1+1", ""]),
    st.sampled_from(["offline", "server", "interactive", "", "?"]),
)
def test_every_hostile_row_is_scored_or_counted(cells: Changes, scope: str, scenario: str) -> None:
    found = measured({**cells, "scope": scope, "scenario": scenario})
    rows = found["rows"]
    assert rows["scored"] + rows["left_out"] == rows["read"] == 1
    assert sum(found["left_out"].values()) == rows["left_out"]
    assert bool(found["scopes"]) == bool(rows["scored"])
    json.loads(json.dumps(found, allow_nan=False))


def test_other_engines_makers_and_tight_memory_are_scored_apart() -> None:
    found = measured(
        {"scope": "static", "engine": "vLLM", "concurrency_or_batch": 8},
        {"scope": "mlperf", "gpu": "MI300X"},
        {"scope": "mlperf", "scenario": "Offline"},
        {"scope": "mlperf", "scenario": "Server", "tpot_ms": 30},
        {"quality": "memory_tight"},
        {"scope": "ttft", "concurrency_or_batch": 1},
        {"scope": "online", "request_rate_qps": 2},
    )
    assert {name for name in found["scopes"] if not name.endswith("_systems")} == {
        "static_vllm", "mlperf_amd", "mlperf_amd_offline", "mlperf", "mlperf_offline",
        "mlperf_server", "memory_tight", "ttft", "online", "online_itl", "online_ttft",
    }  # fmt: skip
    assert found["scopes"]["mlperf"]["n"] == 2


def test_intervals_are_wider_where_a_row_is_flagged() -> None:
    plain = {"total_output_tokens_per_s": predicted() / 1.5}
    fine = {"n_experts": 128, "topk": 8, "ffn": 256, "scope": "offline_fine_moe"}
    flagged = fine | {"total_output_tokens_per_s": predicted(**fine) / 1.5}
    scopes = measured(plain, flagged)["scopes"]
    assert (scopes["offline_core"]["cover90"], scopes["offline_fine_moe"]["cover90"]) == (0.0, 1.0)


def test_submissions_of_one_system_count_once() -> None:
    base = predicted()
    changes = ({"scope": "mlperf", "total_output_tokens_per_s": base / r} for r in (1, 2, 9))
    scope = measured(*changes)["scopes"]["mlperf_systems"]
    assert (scope["n"], scope["median"]) == (1, pytest.approx(1.0, abs=1e-3))


def test_choices_are_judged_by_measured_throughput() -> None:
    two = {"tp": 2, "gpus": 2}
    slow, fast = (predicted(**change) for change in ({}, two))
    right = measured({"total_output_tokens_per_s": slow}, two | {"total_output_tokens_per_s": fast})
    assert right["ordering"] == {"pairs": 1, "correct": 1.0}
    assert right["regret"]["mean"] == 0.0
    wrong = measured({"total_output_tokens_per_s": fast}, two | {"total_output_tokens_per_s": slow})
    assert wrong["ordering"] == {"pairs": 1, "correct": 0.0}


def test_last_line_is_one_json_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "rows.csv", {})
    monkeypatch.setattr("sys.argv", ["serving", "--rows", str(file)])
    serving.main()
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(result) == {
        "rows", "scopes", "textbook", "groups", "ordering", "ordering_per_gpu", "regret", "flags",
        "left_out",
    }  # fmt: skip
    assert set(result["scopes"]["offline_core"]) == {
        "n", "groups", "median", "p90", "bias", "cover90", "median_ci95", "p90_ci95",
    }  # fmt: skip
    assert set(result["textbook"]["offline_core"]) == {"median", "p90", "bias"}


def test_a_file_that_is_no_table_is_refused_with_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(b"\xff\xfe")
    for path, words in ((file, "not UTF-8"), (tmp_path / "none.csv", "none.csv")):
        monkeypatch.setattr("sys.argv", ["serving", "--rows", str(path)])
        with pytest.raises(SystemExit, match="2"):
            serving.main()
        assert words in capsys.readouterr().err
