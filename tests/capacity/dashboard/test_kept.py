from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit import cache_data

from capacity.dashboard import kept, results
from capacity.dashboard.results import Refused, Shown
from capacity.dashboard.setting import Setting, own_setting

FEW = Setting(draws=200)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Setting]]:
    """Settings that were computed, not only looked up."""
    cache_data.clear()
    asked: list[Setting] = []
    compute = results.result

    def count(setting: Setting) -> Shown | Refused:
        asked.append(setting)
        return compute(setting)

    monkeypatch.setattr(results, "result", count)
    yield asked
    cache_data.clear()


def test_what_was_asked_is_computed_once(counted: list[Setting]) -> None:
    assert kept.result(FEW) == kept.result(Setting(draws=200))
    assert len(counted) == 1


def test_content_decides_not_the_way_to_it(counted: list[Setting]) -> None:
    kept.result(FEW.with_lever("zones", "2"))
    kept.result(FEW.with_lever("zones", "1").with_lever("zones", "2"))
    kept.result(own_setting(FEW.scenario, FEW).with_lever("zones", "2"))
    assert len(counted) == 1


@pytest.mark.parametrize(
    "other",
    [
        Setting(draws=201),
        Setting(draws=200, seed=8),
        FEW.with_lever("zones", "2"),
        FEW.with_change("reply_tokens", "300"),
    ],
)
def test_any_change_is_computed(counted: list[Setting], other: Setting) -> None:
    kept.result(FEW)
    kept.result(other)
    assert len(counted) == 2


def test_what_is_told_meanwhile_may_be_told_again_when_it_is_looked_up() -> None:
    cache_data.clear()
    asked = Setting(draws=100)
    assert kept.advice(asked) == kept.advice(asked)


def test_names_of_what_is_compared_count() -> None:
    one = kept.compared({"a": FEW, "b": FEW})
    assert set(kept.compared({"a": FEW, "c": FEW}).savings) == {"c"}
    assert set(one.savings) == {"b"}
