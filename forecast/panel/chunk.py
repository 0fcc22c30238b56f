"""Some series of a panel, forecast where there is room: what one worker does at a time."""

from __future__ import annotations

import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from forecast.even_steps import EvenSteps, even_steps
from forecast.messages import disarmed
from forecast.series import Series, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from forecast.panel.data import Panel, RawSeries
    from forecast.panel.request import PanelRequest
    from forecast.series_model import SeriesModel

__all__ = ["chunk_bytes", "chunk_schema", "chunk_table", "forecast_chunk", "readable"]

MOST_STEPS = 200_000  # of a series from its first to its last known value: 22 years of hours
COUNTED_FROM = np.datetime64("2000-01-01", "us")
LONGEST_REASON = 300
FEWEST_VALUES = 2


class _Rows(NamedTuple):
    """Forecast of one series: times, and quantiles of shape (columns, horizon); or a reason."""

    times: NDArray[Any] | None = None
    quantiles: NDArray[np.float64] | None = None
    error: str | None = None


def forecast_chunk(
    chunk: Sequence[RawSeries], request: PanelRequest, model: SeriesModel
) -> pa.Table:
    """Forecast some series on one thread of linear algebra.

    Parameters
    ----------
    chunk : sequence of RawSeries
        Good or bad ones, at least one.
    request : PanelRequest
        What is asked.
    model : SeriesModel
        Model of `request`; it travels along, since a worker knows the shipped ones only.

    Returns
    -------
    pyarrow.Table
        One row for each step of each series, or one with the reason why there are none; the
        column ``series`` holds the number of the series.
    """
    import pyarrow as pa  # noqa: PLC0415  (an optional package)
    from threadpoolctl import threadpool_limits  # noqa: PLC0415  (keeps `import forecast` light)

    with threadpool_limits(1), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # what matters is checked on the result
        rows = [_forecast(raw, request, model) for raw in chunk]
    columns = chunk_schema(request, chunk[0].times.dtype.kind == "M")
    batches = [_batch(raw.number, found, columns) for raw, found in zip(chunk, rows, strict=True)]
    return pa.Table.from_batches(batches)


def readable(panel: Panel, request: PanelRequest) -> Iterator[Series]:
    """Those series of a panel that can be forecast; the others get their reason in their chunk.

    Parameters
    ----------
    panel : Panel
        Series, good or bad.
    request : PanelRequest
        What is asked.

    Yields
    ------
    Series
        As they will be forecast.
    """
    for number in range(len(panel)):
        raw = panel.series(number)
        if not raw.fault:
            with suppress(ValueError):
                yield _regular(raw, request)[0]


def chunk_schema(request: PanelRequest, dated: bool) -> pa.Schema:
    """Columns of a forecast chunk.

    Parameters
    ----------
    request : PanelRequest
        What is asked.
    dated : bool
        Whether times are dates.

    Returns
    -------
    pyarrow.Schema
        series, ds or t, step, quantiles, error.
    """
    import pyarrow as pa  # noqa: PLC0415  (an optional package)

    time = ("ds", pa.timestamp("us")) if dated else ("t", pa.int64())
    quantiles = [(name, pa.float64()) for name in request.columns]
    columns = [("series", pa.int32()), time, ("step", pa.int32()), *quantiles]
    return pa.schema([*columns, ("error", pa.string())])


def chunk_bytes(chunk: Sequence[RawSeries], request: PanelRequest, model: SeriesModel) -> bytes:
    """Forecast some series, ready to be sent or kept.

    Parameters
    ----------
    chunk : sequence of RawSeries
        Good or bad ones, at least one.
    request : PanelRequest
        What is asked.
    model : SeriesModel
        As in `forecast_chunk`.

    Returns
    -------
    bytes
        What `chunk_table` reads.
    """
    from pyarrow import BufferOutputStream, ipc  # noqa: PLC0415  (an optional package)

    table = forecast_chunk(chunk, request, model)
    sink = BufferOutputStream()
    with ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def chunk_table(content: bytes, columns: pa.Schema) -> pa.Table | None:
    """Read what `chunk_bytes` made.

    Parameters
    ----------
    content : bytes
        Perhaps cut off, or of another request.
    columns : pyarrow.Schema
        Columns that it must have.

    Returns
    -------
    pyarrow.Table or None
        None where it is not whole, or has other columns.
    """
    from pyarrow import ArrowException, ipc  # noqa: PLC0415  (an optional package)

    try:
        table = ipc.open_file(content).read_all()
        table.validate(full=True)
    except (ArrowException, OSError):
        return None
    return table if table.schema.equals(columns) else None


def _forecast(raw: RawSeries, request: PanelRequest, model: SeriesModel) -> _Rows:
    """Forecast of one series, or whatever went wrong as the reason why there is none."""
    try:
        if raw.fault:
            return _Rows(error=raw.fault)
        series, times = _regular(raw, request)
        found = model.fit(series).quantiles(request.horizon, request.probabilities)
        return _Rows(times, _checked(np.asarray(found, np.float64), request))
    # Every error, also one that no fit is known to raise: met after hours in one series, it would
    # cost the thousands of others, and a run begun anew would meet it again. None is hidden: the
    # row holds its kind and words, and the command counts such rows and ends with exit code 1.
    except Exception as error:
        kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
        return _Rows(error=disarmed(" ".join(f"{kind}{error}".split()))[:LONGEST_REASON])


def _regular(raw: RawSeries, request: PanelRequest) -> tuple[Series, NDArray[Any]]:
    """Series from its first to its last known value, and the times to forecast."""
    repeated = raw.times[1:] == raw.times[:-1]
    if repeated.any():
        first, count = raw.times[1:][repeated][0], int(repeated.sum())
        raise ValueError(f"{count} rows repeat a time, such as {first}; allowed: each time once")
    known = np.flatnonzero(~np.isnan(raw.values))
    if len(known) < FEWEST_VALUES:
        raise ValueError(f"{len(known)} known values; allowed: {FEWEST_VALUES} or more")
    given = slice(known[0], known[-1] + 1)
    times, values = raw.times[given], raw.values[given]
    ahead = np.arange(1, request.horizon + 1)
    if times.dtype.kind == "M":
        grid = even_steps(times, request.step)
        places = grid.places(times)
        future = grid.times(places[-1] + ahead)
    else:
        grid = EvenSteps(COUNTED_FROM, request.counted_step)
        places = times - times[0]
        future = times[-1] + ahead
    filled = _filled(places, values, grid.step)
    return Series(raw.name, grid.first, filled, grid.step, request.season), future


def _filled(places: NDArray[np.int64], values: NDArray[np.float64], step: Step) -> Any:
    """Values by place, NaN where no row stands."""
    steps = int(places[-1]) + 1
    if steps > MOST_STEPS:
        raise ValueError(f"{steps:,} steps of one {step}; allowed: {MOST_STEPS:,}")
    filled = np.full(steps, np.nan)
    filled[places] = values
    return filled


def _checked(found: NDArray[np.float64], request: PanelRequest) -> NDArray[np.float64]:
    """Quantiles that are what a model promises."""
    shape = (len(request.columns), request.horizon)
    if found.shape != shape:
        raise ValueError(f"the model gave shape {found.shape}; allowed: {shape}")
    if not np.isfinite(found).all() or (np.diff(found, axis=0) < 0.0).any():
        raise ValueError("the model gave quantiles that are not finite and ascending")
    return found


def _batch(number: int, found: _Rows, columns: pa.Schema) -> pa.RecordBatch:
    """Rows of one series in the columns of a chunk."""
    import pyarrow as pa  # noqa: PLC0415  (an optional package)

    if found.times is None or found.quantiles is None:
        cells = [[number], *[[None]] * (len(columns) - 2), [found.error]]
    else:
        count = len(found.times)
        cells = [
            np.full(count, number), found.times, np.arange(1, count + 1), *found.quantiles,
            [None] * count,
        ]  # fmt: skip
    arrays = [pa.array(cell, field.type) for cell, field in zip(cells, columns, strict=True)]
    return pa.record_batch(arrays, schema=columns)
