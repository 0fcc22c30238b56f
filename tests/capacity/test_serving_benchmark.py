"""The benchmark of the serving model scores what it says it scores."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import serving

LLAMA_8B = {
    "model": "Llama-3.1-8B", "layers": 32, "hidden": 4096, "heads": 32, "kv_heads": 8,
    "head_dim": 128, "ffn": 14336, "vocab": 128256, "n_experts": 0, "topk": 0,
}  # fmt: skip
RUN = {
    "gpu": "H100-SXM", "gpus": 1, "tp": 1, "pp": 1, "weight_dtype": "FP8", "kv_dtype": "FP8",
    "input_tokens": 1000, "output_tokens": 1000, "concurrency_or_batch": np.inf,
    "total_output_tokens_per_s": 1.0, "ttft_ms": 1.0, "tpot_ms": 1.0, "request_rate_qps": np.nan,
    "engine": "TensorRT-LLM", "scenario": "offline", "scope": "offline_core", "quality": "ok",
}  # fmt: skip


def rows(*changes: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([LLAMA_8B | RUN | change for change in changes])


def predicted(**change: object) -> float:
    """Tokens per second that the model gives: the ratio to a measurement of one."""
    (case,) = serving.cases(rows(change))
    return serving.scores(case)[0].ratio


def test_a_measurement_equal_to_the_prediction_has_no_error() -> None:
    frame = rows({"total_output_tokens_per_s": predicted()})
    scope = serving.measure(frame)["scopes"]["offline_core"]
    assert scope["median"] == 0.0
    assert scope["cover90"] == 1.0
    assert (scope["n"], scope["groups"]) == (1, 1)


def test_bias_is_positive_where_the_model_is_too_fast() -> None:
    frame = rows({"total_output_tokens_per_s": predicted() / 1.5})
    scope = serving.measure(frame)["scopes"]["offline_core"]
    assert scope["bias"] == pytest.approx(0.5, abs=1e-3)
    assert scope["cover90"] == 0.0


def test_totals_over_several_replicas_are_divided() -> None:
    assert predicted(gpus=8) == pytest.approx(8 * predicted())


def test_rows_that_cannot_be_judged_are_left_out() -> None:
    frame = rows(
        {"quality": "impossible"},
        {"gpu": "unheard of"},
        {"tp": np.nan},
        {"weight_dtype": "FP4"},
        {"scope": "mlperf", "scenario": "server"},
    )
    assert serving.measure(frame)["scopes"] == {}


def test_other_engines_makers_and_tight_memory_are_scored_apart() -> None:
    frame = rows(
        {"scope": "static", "engine": "vLLM", "concurrency_or_batch": 8.0},
        {"scope": "mlperf", "gpu": "MI300X"},
        {"scope": "mlperf", "scenario": "Offline"},
        {"quality": "memory_tight"},
        {"scope": "ttft", "concurrency_or_batch": 1.0},
        {"scope": "online", "request_rate_qps": 2.0},
    )
    assert set(serving.measure(frame)["scopes"]) == {
        "static_vllm", "mlperf_offline", "mlperf_offline_systems", "mlperf_offline_amd",
        "mlperf_offline_amd_systems", "memory_tight", "ttft", "online_itl", "online_ttft",
    }  # fmt: skip


def test_submissions_of_one_system_count_once() -> None:
    base = predicted()
    frame = rows(*({"scope": "mlperf", "total_output_tokens_per_s": base / r} for r in (1, 2, 9)))
    scope = serving.measure(frame)["scopes"]["mlperf_offline_systems"]
    assert (scope["n"], scope["median"]) == (1, pytest.approx(1.0, abs=1e-3))


def test_last_line_is_one_json_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rows.csv"
    rows({}).to_csv(file, index=False)
    monkeypatch.setattr("sys.argv", ["serving", "--rows", str(file)])
    serving.main()
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(result) == {"scopes", "textbook"}
    assert set(result["scopes"]["offline_core"]) == {
        "n", "groups", "median", "p90", "bias", "cover90",
    }  # fmt: skip
