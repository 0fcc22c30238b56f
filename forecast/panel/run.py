"""From a panel to one table of forecasts, whichever way the work is spread."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from forecast.panel.chunk import chunk_bytes, chunk_schema, chunk_table, readable
from forecast.panel.data import panel_from
from forecast.panel.engine import Engine
from forecast.panel.file import arrow, read_table, wanted
from forecast.panel.request import PANEL_MODELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    import pyarrow as pa

    from forecast.panel.data import Panel, RawSeries
    from forecast.panel.pieces import Pieces
    from forecast.panel.request import PanelRequest

    Progress = Callable[[int, int], None]

__all__ = ["forecast_panel", "read_panel", "run_panel", "with_origin"]

SERIES_A_CHUNK = 25
MOST_CELLS = 200_000_000
META_KEY = "fleetcast.panel"
SCHEMA = "fleetcast.panel/1"
LOCAL = Engine()


def forecast_panel(
    source: Path | str | pd.DataFrame, request: PanelRequest, engine: Engine = LOCAL
) -> pd.DataFrame:
    """Forecast every series of a panel.

    Parameters
    ----------
    source : pathlib.Path, str or pandas.DataFrame
        Columns unique_id, y, and ds (times) or t (counted steps); a file ``.parquet`` or ``.csv``.
    request : PanelRequest
        Horizon, season, levels, model.
    engine : Engine
        Where to work; on all cores of this machine if left out.

    Returns
    -------
    pandas.DataFrame
        Sorted by unique_id: one row a step with the quantiles, or one with the reason in
        ``error`` for a series that cannot be forecast.

    Raises
    ------
    ImportError
        If a package is missing, with what to install.
    ValueError
        If the panel as a whole is not as described.

    Examples
    --------
    >>> import pandas as pd
    >>> from forecast.panel.request import PanelRequest
    >>> calls = pd.DataFrame({"unique_id": ["a"] * 4 + ["b"], "t": [1, 2, 3, 4, 1], "y": 5.0})
    >>> found = forecast_panel(calls, PanelRequest(2, season=7), Engine(workers=1))
    >>> found["unique_id"].tolist(), found["median"].dropna().tolist()
    (['a', 'a', 'b'], [5.0, 5.0])
    >>> found["error"].iloc[-1]
    '1 known values; allowed: 2 or more'
    """
    panel = read_panel(Path(source)) if isinstance(source, Path | str) else _framed(source)
    frame: pd.DataFrame = run_panel(panel, request, engine).to_pandas()
    return frame


def read_panel(path: Path) -> Panel:
    """Read the file of a panel.

    Parameters
    ----------
    path : pathlib.Path
        ``.parquet`` or ``.csv``.

    Returns
    -------
    Panel
        Series by series.

    Raises
    ------
    ValueError
        If the file as a whole is not as described; the message names it.
    """
    table = read_table(path)
    try:
        return panel_from(table)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def run_panel(
    panel: Panel,
    request: PanelRequest,
    engine: Engine = LOCAL,
    pieces: Pieces | None = None,
    progress: Progress = lambda done, total: None,
) -> pa.Table:
    """Forecast all series of a panel.

    Parameters
    ----------
    panel : Panel
        Series, good or bad.
    request : PanelRequest
        What is asked.
    engine : Engine
        Where to work.
    pieces : Pieces, optional
        Where finished chunks are kept, and taken from; nowhere if left out.
    progress : callable
        Told how many series are done, of how many.

    Returns
    -------
    pyarrow.Table
        Columns unique_id, ds or t, step, the quantiles, error; the same whatever the engine.

    Raises
    ------
    ValueError
        If the steps are counted and neither step nor season was told, or the forecast is too large.
    """
    _check_request(panel, request)
    found: dict[int, pa.Table] = {}
    for first, table in _tables(panel, request, engine, pieces):
        found[first] = table
        progress(min(len(found) * SERIES_A_CHUNK, len(panel)), len(panel))
    return _joined(panel, [found[first] for first in sorted(found)])


def with_origin(table: pa.Table, request: PanelRequest, source_hash: str, version: str) -> pa.Table:
    """Table of forecasts that says where it comes from.

    Parameters
    ----------
    table : pyarrow.Table
        As `run_panel` made it.
    request : PanelRequest
        What was asked.
    source_hash : str
        SHA-256 of the input file.
    version : str
        Of the program.

    Returns
    -------
    pyarrow.Table
        With one JSON object under ``fleetcast.panel`` in the metadata of its schema.
    """
    origin = {
        "schema": SCHEMA, "version": version, "input_sha256": source_hash, "model": request.model,
        "horizon": request.horizon,
        "levels": request.levels, "season": request.season, "step": request.step,
    }  # fmt: skip
    return table.replace_schema_metadata({META_KEY: json.dumps(origin, sort_keys=True)})


def _framed(frame: pd.DataFrame) -> Panel:
    """Panel of a frame, whose columns may hold objects of any kind."""
    columns = frame[wanted(list(frame.columns))]
    try:
        return panel_from(arrow().Table.from_pandas(columns, preserve_index=False))
    except arrow().ArrowException as error:
        raise ValueError(f"the frame is no table of times and numbers: {error}") from error


def _check_request(panel: Panel, request: PanelRequest) -> None:
    if not (panel.dated or request.season or request.step):
        raise ValueError("t counts steps of unknown length; allowed: with a season or a step told")
    cells = len(panel) * request.horizon * (len(request.columns) + 3)
    if cells > MOST_CELLS:
        raise ValueError(
            f"{len(panel):,} series for {request.horizon:,} steps are {cells:,} cells of output; "
            f"allowed: {MOST_CELLS:,}"
        )


def _tables(
    panel: Panel, request: PanelRequest, engine: Engine, pieces: Pieces | None
) -> Iterator[tuple[int, pa.Table]]:
    """First series and rows of each chunk: those kept, then the others as they are finished."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415  (keeps `import forecast` light)

    columns = chunk_schema(request, panel.dated)
    waiting = []
    for first in range(0, len(panel), SERIES_A_CHUNK):
        table = chunk_table((pieces and pieces.read(first)) or b"", columns)
        if table is None:
            waiting.append(first)
        else:
            yield first, table
    if not waiting:
        return
    with threadpool_limits(1):  # the same sums as on a machine with other cores
        model = PANEL_MODELS[request.model](readable(panel, request))
    work = partial(chunk_bytes, request=request, model=model)
    chunks = (_chunk(panel, first) for first in waiting)
    for content in engine.results(work, chunks):
        table = chunk_table(content, columns)
        if table is None:
            raise ValueError("a worker gave other columns; allowed: one version on each worker")
        first = table["series"][0].as_py()
        if pieces:
            pieces.write(first, content)
        yield first, table


def _chunk(panel: Panel, first: int) -> list[RawSeries]:
    return [panel.series(n) for n in range(first, min(first + SERIES_A_CHUNK, len(panel)))]


def _joined(panel: Panel, tables: list[pa.Table]) -> pa.Table:
    """One table, with names in place of numbers of series."""
    table = arrow().concat_tables(tables)
    names = panel.ids.take(table["series"].combine_chunks())
    return table.drop_columns("series").add_column(0, "unique_id", names)
