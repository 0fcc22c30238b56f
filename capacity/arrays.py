"""Names for the array types that the formulas share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Months = NDArray[np.datetime64]
Array = float | NDArray[np.float64]
