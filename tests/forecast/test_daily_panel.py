from __future__ import annotations

import numpy as np
import pytest

from benchmarks.daily_panel import SHAPES, days_of, simulated

pd = pytest.importorskip("pandas")
pytest.importorskip("pyarrow")


@pytest.mark.parametrize("kind", SHAPES)
def test_simulated_panels_are_the_same_every_time(kind):
    one, two = (simulated(kind, count=3) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    past, ahead, *_ = SHAPES[kind]
    assert (
        one.groupby("unique_id")["split"].value_counts().unstack().to_numpy().tolist()
        == [[ahead, past]] * 3
    )
    later = one[one["split"] == "test"]["y"]
    assert later.notna().all()
    assert one["y"].isna().any()


def test_hours_add_up_to_whole_days(tmp_path):
    hours = pd.DataFrame({"unique_id": "H1", "t": np.arange(24 * 20 + 5), "y": 2.0})
    hours.loc[:4, "y"] = 100.0  # part of a day, left out
    hours.to_parquet(tmp_path / "hours.parquet")
    found = days_of(tmp_path / "hours.parquet")
    assert found["y"].tolist() == [48.0] * 20
    assert (found["split"] == "test").sum() == 14
