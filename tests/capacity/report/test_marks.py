from __future__ import annotations

from itertools import pairwise

from capacity.report.marks import Band, Fan, Layer, Stack


def fan(kinds: str) -> Fan:
    words = {"r": "reported", "x": "reconstructed", "f": "forecast"}
    months = tuple(f"2022-{place + 1:02d}" for place in range(len(kinds)))
    zeros = (0.0,) * len(kinds)
    named = tuple(words[kind] for kind in kinds)
    return Fan("n", "T", "u", "alt", months, named, zeros, (Band(0.9, zeros, zeros),))


def test_a_reconstruction_reaches_from_report_to_report() -> None:
    assert fan("rxxrff").reconstructed == (0, 3)
    assert fan("rxxrff").forecast == (3, 5)


def test_parts_join_without_a_gap_and_cover_every_month() -> None:
    for kinds in ("rxxrff", "rxrxrf", "rff", "rrr", "xxr", "ff"):
        parts = fan(kinds).segments
        assert parts[0][0] == 0
        assert parts[-1][1] == len(kinds) - 1
        assert all(one[1] == other[0] for one, other in pairwise(parts))


def test_only_a_reconstruction_is_not_solid() -> None:
    assert [solid for *_, solid in fan("rxxrff").segments] == [False, True]
    assert [solid for *_, solid in fan("rff").segments] == [True]


def test_a_level_is_named_in_percent() -> None:
    assert Band(0.9, (), ()).label == "90 %"


def test_a_widened_chart_repeats_its_last_month() -> None:
    chart = fan("f").widened()
    assert chart.months == ("2022-01", "2022-01")
    assert chart.segments == ((0, 1, True),)
    layers = (Layer("a", (3.0,)),)
    stack = Stack("n", "T", "u", "alt", ("2022-01",), ("forecast",), layers).widened()
    assert stack.layers[0].values == (3.0, 3.0)
