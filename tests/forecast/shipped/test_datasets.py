from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from forecast.shipped.datasets import (
    MANIFEST,
    data_folder,
    load,
    load_frame,
    profile,
    read_manifest,
)


def test_rows_and_frame_hold_the_same_numbers() -> None:
    rows, frame = load("prices.csv"), load_frame("prices.csv")
    assert [float(row["value"]) for row in rows] == frame["value"].tolist()
    assert [row["item"] for row in rows] == frame["item"].tolist()


def test_empty_numbers_are_missing_and_dates_stay_text_in_a_frame() -> None:
    frame = load_frame("accelerators.csv").set_index("name")
    assert np.isnan(frame.loc["A100-SXM-80", "fp8_flops"])
    assert frame.loc["A100-SXM-80", "as_of"] == "2026-11"


def test_a_frame_needs_the_manifest_to_know_its_types(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("# A\nx\n1\n", encoding="utf-8")
    (tmp_path / MANIFEST).write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a.csv is not listed in MANIFEST.toml"):
        load_frame("a.csv", tmp_path)


@pytest.mark.parametrize("name", [n for n in read_manifest() if n.endswith(".csv")])
def test_the_loader_agrees_with_a_plain_csv_reader(name: str) -> None:
    lines = (data_folder() / name).read_text(encoding="utf-8").splitlines()
    plain = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert [dict(row) for row in load(name)] == plain


def test_an_unknown_profile_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="nearest: burstgpt_chatgpt_conv"):
        profile("burstgpt_chat_conv")


def test_profiles_have_the_published_peaks() -> None:
    assert profile("azure2024_conv_week").max() == pytest.approx(1.66, abs=0.005)
    assert profile("azure2024_code_week").max() == pytest.approx(3.02, abs=0.005)
    assert profile("burstgpt_chatgpt_conv").max() == pytest.approx(2.31, abs=0.006)


def test_importing_the_data_does_not_import_pandas() -> None:
    code = (
        "import sys; from forecast.shipped import datasets; "
        "datasets.load('prices.csv'); print('pandas' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
