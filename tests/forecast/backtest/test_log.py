from __future__ import annotations

import pytest

from forecast.backtest.cases import Case, Failure
from forecast.backtest.log import BacktestLog, Step, fingerprint

CASE = Case("drift", "2021-03", 2, 7.5, (1.0, 2.5), 0.3, 1.25)


def test_steps_survive_writing_and_reading(tmp_path):
    log = BacktestLog(tmp_path / "new" / "kept.jsonl", "key")
    assert log.read() == {}
    good = Step("drift", "2021-03", (CASE, CASE))
    bad = Step("class", "2021-04", (), Failure("class", "2021-04", "too long"))
    log.add(good)
    log.add(bad)
    assert log.read() == {("drift", "2021-03"): good, ("class", "2021-04"): bad}


@pytest.mark.parametrize("text", ["", "not ours\n", '["schema"]\n'])
def test_a_file_of_something_else_is_refused(tmp_path, text):
    path = tmp_path / "kept.jsonl"
    path.write_text(text)
    with pytest.raises(ValueError, match="or no such file"):
        BacktestLog(path, "key").read()


def test_the_fingerprint_follows_values_dates_and_settings(monthly):
    one = fingerprint(monthly(20), "a")
    assert one == fingerprint(monthly(20), "a")
    others = {fingerprint(monthly(21), "a"), fingerprint(monthly(20), "b")}
    assert one not in others
    assert len(others) == 2
