"""Files that a command writes: all of them or none, each named on standard error."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from forecast.whole_files import write_whole


def write_files(contents: Mapping[Path, str | bytes]) -> None:
    """Write files and say which.

    Parameters
    ----------
    contents : mapping of Path to str or bytes
        Content of each file; text is written as UTF-8, line ends are kept.

    Raises
    ------
    OSError
        If one cannot be written; then none is.
    """
    raw = {
        path: content.encode("utf-8") if isinstance(content, str) else content
        for path, content in contents.items()
    }
    for path in write_whole(raw):
        print(f"wrote {path}", file=sys.stderr)


def print_or_write(text: str, out: Path | None) -> None:
    """Print a text, or write it where a file is asked for.

    Parameters
    ----------
    text : str
        With its last line end.
    out : Path or None
        The file.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    if out is None:
        print(text, end="")
    else:
        write_files({out: text})
