from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.load.training import SECONDS_PER_MONTH, training_gpus


def test_a_published_run_takes_the_published_gpu_hours() -> None:
    """Llama 2 13B: 2 T tokens took 368,640 A100 hours; that is a utilisation of 0.377."""
    utilisation = 6 * 13.02e9 * 2e12 / (312e12 * 368_640 * 3600)
    gpus = float(training_gpus(13.02e9, 2e12, 312e12, utilisation, 1.0))
    assert utilisation == pytest.approx(0.377, abs=0.001)
    assert gpus * SECONDS_PER_MONTH / 3600 == pytest.approx(368_640)


@given(st.floats(0.05, 1), st.floats(0.05, 1), st.floats(1, 50))
def test_work_is_proportional_and_waste_inverse(mfu: float, good: float, k: float) -> None:
    one = float(training_gpus(7e9, 1e10, 312e12, mfu, good))
    assert float(training_gpus(7e9 * k, 1e10, 312e12, mfu, good)) == pytest.approx(one * k)
    assert float(training_gpus(7e9, 1e10 * k, 312e12, mfu, good)) == pytest.approx(one * k)
    assert float(training_gpus(7e9, 1e10, 312e12, mfu / k, good)) == pytest.approx(one * k)
    assert float(training_gpus(7e9, 1e10, 312e12, mfu, good / k)) == pytest.approx(one * k)
