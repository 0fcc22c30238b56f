"""Files written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(contents: Mapping[Path, bytes]) -> list[Path]:
    """Write several files, all of them or none.

    Parameters
    ----------
    contents : mapping of Path to bytes
        Content of each file; folders are made, existing files replaced.

    Returns
    -------
    list of Path
        The files, in the order given.

    Raises
    ------
    OSError
        If one cannot be written; those of before stay as they were, and no part is left.

    Notes
    -----
    Each content goes to a temporary name in the same folder; only when all are on disk are they
    renamed, which replaces a file in one step.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> [path.name for path in write_whole({folder / "a.txt": b"1", folder / "b.txt": b"2"})]
    ['a.txt', 'b.txt']
    """
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in contents}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(f"{path}: is a folder, not a file")
            parts[path].write_bytes(content)
        for path, part in parts.items():
            os.replace(part, path)  # noqa: PTH105  atomic on every system
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return list(parts)
