"""Finished chunks of a panel, kept beside the output until it is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from forecast.whole_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from forecast.panel.request import PanelRequest

__all__ = ["Pieces", "pieces_beside"]

SUFFIX = ".piece"
KEY_LENGTH = 16


@dataclass(frozen=True)
class Pieces:
    """Folder of finished chunks.

    Parameters
    ----------
    folder : pathlib.Path
        It need not exist; only chunks of the same input, request and version may lie there.
    """

    folder: Path

    def read(self, first: int) -> bytes | None:
        """Chunk that was finished before.

        Parameters
        ----------
        first : int
            Number of its first series. [1]

        Returns
        -------
        bytes or None
            None where it is not there.
        """
        path = self._path(first)
        return path.read_bytes() if path.is_file() else None

    def write(self, first: int, content: bytes) -> None:
        """Keep a finished chunk, whole or not at all.

        Parameters
        ----------
        first : int
            Number of its first series. [1]
        content : bytes
            Its rows.
        """
        write_whole({self._path(first): content})

    def remove(self) -> None:
        """Delete the kept chunks, and the folder unless something else lies there."""
        for path in self.folder.glob(f"*{SUFFIX}"):
            path.unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _path(self, first: int) -> Path:
        return self.folder / f"{first:08d}{SUFFIX}"


def pieces_beside(out: Path, source_hash: str, request: PanelRequest, version: str) -> Pieces:
    """Folder beside an output, named by the content of everything that decides the numbers.

    Parameters
    ----------
    out : pathlib.Path
        File to be written in the end.
    source_hash : str
        Digest of the input.
    request : PanelRequest
        What is asked.
    version : str
        Of the program.

    Returns
    -------
    Pieces
        Those of another input, request or version lie in another folder.

    Examples
    --------
    >>> from pathlib import Path
    >>> from forecast.panel.request import PanelRequest
    >>> one, other = (
    ...     pieces_beside(Path("out.parquet"), "ab", PanelRequest(steps), "1.0") for steps in (3, 4)
    ... )
    >>> one.folder.name[:17], one == other
    ('out.parquet.kept-', False)
    """
    everything = json.dumps([source_hash, asdict(request), version], sort_keys=True)
    key = hashlib.sha256(everything.encode()).hexdigest()[:KEY_LENGTH]
    return Pieces(out.with_name(f"{out.name}.kept-{key}"))
