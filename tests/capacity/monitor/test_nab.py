"""The benchmark's score: published scores of one detector, and its laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.monitor.nab import PROFILES, file_score, normalised, probation_rows, row_scores

# Alarms of ARTime at its threshold in realTraffic/speed_7578.csv, as published in results/ARTime of
# numenta/NAB, with the windows of that file. The scores are those of its *_scores.csv.
ROWS = 1127
WINDOWS = [(303, 331), (740, 768), (909, 937), (945, 973)]
ALARMS = [276, 317, 362, 628, 631, 753, 921, 923, 924, 931, 959]
PUBLISHED = 3.1077313980278403
# Weight of single rows of that file, from the columns S(t) of the published results.
WEIGHTS = {303: 1.0, 310: 0.9689108275010176, 331: 0.08716068383412914,
           332: -0.009795412917274829 / 0.11, 362: -0.10913586163255802 / 0.11,
           276: -1.0, 944: -0.06100596945843206 / 0.11}  # fmt: skip

windows = st.lists(st.integers(0, 8), min_size=1, max_size=4, unique=True).map(
    lambda places: [(160 + 90 * place, 190 + 90 * place) for place in sorted(places)]
)
alarms = st.lists(st.integers(0, 999), max_size=30)


def test_the_published_score_of_a_detector_in_a_file() -> None:
    assert file_score(ALARMS, ROWS, WINDOWS) == pytest.approx(PUBLISHED, abs=1e-12)


def test_false_alarms_cost_twice_in_the_profile_that_says_so() -> None:
    cost = {name: file_score(ALARMS, ROWS, WINDOWS, name) for name in PROFILES}
    false_alarms = [alarm for alarm in ALARMS if row_scores(ROWS, WINDOWS)[1][alarm] < 0]
    extra = 0.11 * row_scores(ROWS, WINDOWS)[0][false_alarms].sum()
    assert cost["low_fp"] == pytest.approx(PUBLISHED + extra, abs=1e-12)
    assert cost["low_fn"] == pytest.approx(PUBLISHED, abs=1e-12)  # no window is missed


def test_published_weights_of_single_rows() -> None:
    scores, _ = row_scores(ROWS, WINDOWS)
    assert [scores[row] for row in WEIGHTS] == pytest.approx(list(WEIGHTS.values()), abs=1e-12)


@given(windows)
def test_silence_scores_zero_and_the_first_row_of_every_window_a_hundred(
    places: list[tuple[int, int]],
) -> None:
    for name in PROFILES:
        silent = file_score([], 1000, places, name)
        perfect = file_score([first for first, _ in places], 1000, places, name)
        assert normalised(silent, len(places), name) == 0.0
        assert normalised(perfect, len(places), name) == pytest.approx(100.0)


@given(alarms, windows, st.integers(0, 999))
def test_an_alarm_more_outside_of_all_windows_never_helps(
    raised: list[int], places: list[tuple[int, int]], more: int
) -> None:
    inside = any(first <= more <= last for first, last in places)
    change = file_score([*raised, more], 1000, places) - file_score(raised, 1000, places)
    assert change >= 0.0 if inside else change <= 1e-12


@given(alarms, windows)
def test_the_probation_is_not_scored(raised: list[int], places: list[tuple[int, int]]) -> None:
    early = list(range(probation_rows(1000)))
    assert file_score([*early, *raised], 1000, places) == file_score(raised, 1000, places)


@given(st.integers(1, 100_000))
def test_the_probation_is_fifteen_percent_of_at_most_five_thousand_rows(rows: int) -> None:
    assert probation_rows(rows) == min(int(0.15 * rows), 750)


def test_the_earlier_in_a_window_the_better() -> None:
    scores = [file_score([row], 1000, [(500, 600)]) for row in range(500, 601)]
    assert np.all(np.diff(scores) < 0.0)
    assert scores[0] == pytest.approx(1.0)


def test_nothing_to_find_has_no_scale() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        normalised(0.0, 0)
