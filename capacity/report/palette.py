"""One visual language for paper and screen: colours that colour-blind readers can tell apart."""

from __future__ import annotations

INK = "#1f2933"
MUTED = "#667684"
GRID = "#e3e8ec"
PAPER = "#ffffff"
BEHIND_WORDS = "rgba(255, 255, 255, 0.9)"

FAN = "#0072b2"
BANDS = {0.9: "#d6e7f2", 0.8: "#b3d3e8", 0.5: "#7fb5d8"}
RECONSTRUCTED = "#f3f5f7"
HATCH = "#a9b8c4"
STANDING = "#d55e00"
CLAIM = "#9b2d7f"
REPORTED = INK

TONES = {"part": "#8fb8d6", "total": FAN, "left": "#009e73", "over": STANDING}
LAYERS = ("#0072b2", "#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#d55e00", "#f0e442")


DARK = {  # what each light colour becomes on a dark page
    INK: "#e6edf3",
    MUTED: "#9fb0bf",
    GRID: "#2d3640",
    PAPER: "rgba(0, 0, 0, 0)",
    BEHIND_WORDS: "rgba(23, 22, 20, 0.9)",
    FAN: "#56b4e9",
    BANDS[0.9]: "#16324a",
    BANDS[0.8]: "#1d4566",
    BANDS[0.5]: "#2a6394",
    RECONSTRUCTED: "#1a2027",
    HATCH: "#56636f",
    STANDING: "#f28e3c",
    CLAIM: "#e08bcb",
}


def layer_colour(place: int) -> str:
    """Colour of a layer in a stack.

    Parameters
    ----------
    place : int
        Place from the bottom, from 0; colours repeat after the last. [1]

    Returns
    -------
    str
        As #rrggbb.

    Examples
    --------
    >>> layer_colour(0) == layer_colour(len(LAYERS))
    True
    """
    return LAYERS[place % len(LAYERS)]
