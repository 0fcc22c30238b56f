from __future__ import annotations

from itertools import combinations

from capacity.report.palette import BANDS, LAYERS, TONES, layer_colour

# Viénot, Brettel and Mollon 1999: linear RGB as a reader without red or green cones sees it.
BLIND = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def seen(colour: str, kind: str) -> list[float]:
    parts = linear(colour)
    return [
        max(0.0, sum(a * b for a, b in zip(row, parts, strict=True))) ** (1 / 2.2)
        for row in BLIND[kind]
    ]


def test_layers_differ_for_colour_blind_readers() -> None:
    for kind in BLIND:
        for one, other in combinations(LAYERS, 2):
            pairs = zip(seen(one, kind), seen(other, kind), strict=True)
            assert sum((a - b) ** 2 for a, b in pairs) ** 0.5 > 0.08, (kind, one, other)


def test_narrower_bands_are_darker() -> None:
    light = [sum(linear(BANDS[level])) for level in sorted(BANDS)]
    assert light == sorted(light)


def test_colours_repeat_after_the_last() -> None:
    assert layer_colour(len(LAYERS) + 1) == LAYERS[1]
    assert len(set(TONES.values())) == len(TONES)
