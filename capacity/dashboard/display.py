"""How pages show charts, figures, tables and refusals; no text is ever read as markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, TypeVar

import streamlit as st

from capacity.dashboard import session
from capacity.dashboard.results import Refused, Shown
from capacity.dashboard.setting import DRAWS, Setting
from capacity.metrics import METRICS
from capacity.numbers import bare, percent, say, say_error, span
from capacity.report.cells import escaped
from capacity.report.key_figures import KeyFigure
from capacity.report.marks import Chart, Picture
from capacity.report.picture_screen import picture_screen
from capacity.report.screen import screen
from capacity.report.timeline_screen import timeline_screen
from capacity.report.timelines import Timeline

Found = TypeVar("Found")
PLANNED = "planned"  # whether this visitor has seen a plan
CHART = {"displayModeBar": False, "responsive": False}
LONGEST_PRINT = 9  # signs of a card in three columns
BUTTONS_WIDE = 3  # in a row, so that a file's name has room
COLUMNS_WIDE = (2, 5)  # of the controls, and of what they change


def answer(ask: Callable[[Setting], Shown | Refused]) -> Shown | None:
    """Plan that is asked for; where there is none, the reason and the ways out are shown.

    Parameters
    ----------
    ask : callable
        From the setting to its result.

    Returns
    -------
    Shown or None
        None after a refusal was shown.
    """
    try:
        with st.empty(), _patience():
            found = ask(session.now())
    except ValueError as error:
        st.error(escaped(str(error)), icon=":material/error:")
        st.button("Undo the last change", disabled=not session.can_undo(), on_click=session.undo)
        return None
    if isinstance(found, Shown):
        return found
    _refusal(found)
    return None


def _patience() -> AbstractContextManager[object]:
    """Says that it takes a while, at the start and for many draws; otherwise nothing moves."""
    first = not st.session_state.get(PLANNED, False)
    st.session_state[PLANNED] = True
    patience = first or session.now().draws > DRAWS
    return st.spinner("Planning ...") if patience else nullcontext()


def or_reason(ask: Callable[[], Found]) -> Found | None:
    """Result of a question; where it has none, the reason is shown.

    Parameters
    ----------
    ask : callable
        Raises ValueError where there is no result.

    Returns
    -------
    object or None
        None after the reason was shown.
    """
    try:
        return ask()
    except ValueError as error:
        st.error(escaped(str(error)), icon=":material/error:")
        return None


def downloads(files: Mapping[str, bytes], key: str) -> None:
    """One button for each file.

    Parameters
    ----------
    files : mapping of str to bytes
        Content by name.
    key : str
        Place on the page.
    """
    places: list[Any] = []
    for name, content in files.items():
        places = places or list(st.columns(BUTTONS_WIDE))
        places.pop(0).download_button(
            name,
            data=content,
            file_name=name,
            key=f"{key}.{name}",
            on_click="ignore",
            width="stretch",
        )


def titled(title: str, lead: str) -> None:
    """Heading of a page with the message of what was refused last.

    Parameters
    ----------
    title, lead : str
        Heading, and one line below it.
    """
    st.title(title)
    st.caption(lead)
    wrong = session.message()
    if wrong:
        st.error(escaped(wrong), icon=":material/error:")


def beside(controls: Callable[[], None]) -> Any:
    """Controls on the left; on a phone above.

    Parameters
    ----------
    controls : callable
        Draws the widgets.

    Returns
    -------
    DeltaGenerator
        Column for what they change.
    """
    left, right = st.columns(COLUMNS_WIDE, gap="medium")
    with left.container(border=True):
        controls()
    return right


def folded(title: str, key: str, draw: Callable[[], None]) -> None:
    """Part of a page that is drawn only while it is unfolded, as the link says.

    Parameters
    ----------
    title, key : str
        Words on it, and its parameter of the link.
    draw : callable
        What draws it.
    """
    place = st.expander(title, key=key, bind="query-params")
    if place.open:
        with place:
            draw()


@st.fragment
def tabs(parts: Mapping[str, Callable[[], None]], key: str) -> None:
    """Parts of a page behind tabs: only the open one is drawn, and the link names it.

    Parameters
    ----------
    parts : mapping of str to callable
        What draws the part, by title; the first is open at the start.
    key : str
        Parameter of the link.
    """
    places = st.tabs(list(parts), key=key, bind="query-params")
    for place, draw in zip(places, parts.values(), strict=True):
        if place.open:
            with place:
                draw()


def chart(drawn: Chart | Timeline, key: str) -> None:
    """Chart in the colours of the reader's theme, with its description.

    Parameters
    ----------
    drawn : Chart or Timeline
        What to show.
    key : str
        Place on the page.
    """
    dark = st.context.theme.type == "dark"
    if isinstance(drawn, Timeline):
        figure = timeline_screen(drawn, dark=dark)
    else:
        figure = screen(drawn, dark=dark)
    st.plotly_chart(figure, theme=None, key=f"chart.{key}", config=CHART, alt=drawn.alt)


def picture(drawn: Picture, key: str) -> None:
    """Picture in the colours of the reader's theme, with its description.

    Parameters
    ----------
    drawn : Picture
        What to show.
    key : str
        Place on the page.
    """
    dark = st.context.theme.type == "dark"
    figure = picture_screen(drawn, dark=dark)
    st.plotly_chart(figure, theme=None, key=f"chart.{key}", config=CHART, alt=drawn.alt)


def cards(figures: Sequence[KeyFigure], before: dict[str, KeyFigure] | None, wide: int) -> None:
    """Figures with their interval, and their change against the baseline.

    Parameters
    ----------
    figures : sequence of KeyFigure
        What to show.
    before : dict of str to KeyFigure, or None
        Figures of the baseline; None for no change.
    wide : int
        Cards in a row. [1]
    """
    places: list[Any] = []
    for figure in figures:
        places = places or st.columns(wide)
        with places.pop(0):
            _card(figure, (before or {}).get(figure.metric))


def fact(place: Any, title: str, value: str, note: str = "", text: str | None = None) -> None:
    """Card of one figure that is no draw.

    Parameters
    ----------
    place : DeltaGenerator
        Column to draw in.
    title, value, note : str
        What it is, how much, and in comparison with what.
    text : str, optional
        Help.
    """
    with place.container(border=True):
        st.metric(title, value, help=text)
        st.caption(escaped(note))


def table(
    rows: Iterable[NamedTuple | Any],
    columns: Mapping[str, Callable[[Any], Any]],
    alt: str,
    *,
    whole: bool = False,
) -> None:
    """Table of rows; numbers are said as people say them.

    Parameters
    ----------
    rows : iterable
        What to show.
    columns : mapping of str to callable
        Heading, and what of a row stands below it.
    alt : str
        What the table holds, for those who cannot see it.
    whole : bool
        Whether to show all rows at once; otherwise long tables scroll.
    """
    import pandas as pd  # noqa: PLC0415  slow to import

    made = [{title: cell(row) for title, cell in columns.items()} for row in rows]
    if not made:
        st.caption(f"{escaped(alt)}: none.")
        return
    config = {title: st.column_config.TextColumn(title) for title in columns}
    st.dataframe(
        pd.DataFrame(made).astype(str),
        hide_index=True,
        column_config=config,
        height="content" if whole else "auto",
        alt=alt,
    )


def ranges(figures: Iterable[KeyFigure], alt: str) -> None:
    """Table of figures: median, 80 % interval, Monte Carlo error.

    Parameters
    ----------
    figures : iterable of KeyFigure
        What to show.
    alt : str
        What the table holds.
    """
    columns: dict[str, Callable[[KeyFigure], str]] = {
        "": lambda row: row.title,
        "10 %": lambda row: bare(row.p10, row.unit),
        "median": lambda row: say(row.p50, row.unit),
        "90 %": lambda row: bare(row.p90, row.unit),
        "another seed": lambda row: say_error(row.error, row.unit),
    }
    table(figures, columns, alt)


def between(low: float, high: float, unit: str) -> str:
    """Interval of 80 % in words.

    Parameters
    ----------
    low, high : float
        Ends, in `unit`.
    unit : str
        Their unit.

    Returns
    -------
    str
        Such as ``80 %: 2.9 M to 13 M``.

    Examples
    --------
    >>> between(2.9e6, 13e6, "queries/day")
    '80 %: 2.9 M to 13 M queries/day'
    """
    return f"{percent(0.8)}: {span(low, high, unit)}"


def said(value: float, unit: str) -> str:
    """Number as large print; the unit stands in the line below where it is long.

    Parameters
    ----------
    value : float
        The number, in `unit`.
    unit : str
        Its unit.

    Returns
    -------
    str
        Such as ``6.6 M``.

    Examples
    --------
    >>> said(6.6e6, "queries/day"), said(1.4, "PB")
    ('6.6 M', '1.4 PB')
    """
    whole = say(value, unit)
    return whole if len(whole) <= LONGEST_PRINT else bare(value, unit)


def changed(now: KeyFigure, before: KeyFigure | None) -> str | None:
    """Change of a median against the baseline.

    Parameters
    ----------
    now : KeyFigure
        What is shown.
    before : KeyFigure or None
        Of the baseline.

    Returns
    -------
    str or None
        None where nothing changed.
    """
    if before is None or now.p50 == before.p50:
        return None
    difference = now.p50 - before.p50
    sign = "+" if difference > 0 else "-"
    return f"{sign}{bare(abs(difference), now.unit)} against {say(before.p50, now.unit)}"


def _card(figure: KeyFigure, before: KeyFigure | None) -> None:
    delta = changed(figure, before)
    with st.container(border=True):
        st.metric(
            figure.title,
            said(figure.p50, figure.unit),
            delta=delta,
            delta_color="off",
            help=f"median in {figure.period}; {METRICS[figure.metric].meaning}",
        )
        st.caption(escaped(between(figure.p10, figure.p90, figure.unit)))


def _refusal(found: Refused) -> None:
    """Why there is no plan, and the nearest settings that lead to one."""
    st.warning(escaped(f"There is no plan: {found.reason}."), icon=":material/block:")
    if found.ways_out:
        st.markdown("**The nearest settings that lead to a plan:**")
    for name, value in found.ways_out:
        st.button(
            escaped(f"{name} = {value}"),
            key=f"way.{name}",
            on_click=session.move_lever,
            args=(name, value),
        )
    for remedy in found.remedies:
        st.markdown(escaped(f"Remedy: {remedy}"))
    rejected(found.rejections)


def rejected(rows: Sequence[Any]) -> None:
    """Options that were not taken, with reasons.

    Parameters
    ----------
    rows : sequence of Rejection
        What was looked at.
    """
    columns: dict[str, Callable[[Any], str]] = {
        "option": lambda row: row.option,
        "reason": lambda row: row.reason,
        "constraint": lambda row: row.binding,
    }
    table(rows, columns, "Options that were not taken")
