"""Setting a page: a template and its content become a tagged PDF."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def typeset(template: Path, content: Mapping[str, Any]) -> bytes:
    """Set a document.

    Parameters
    ----------
    template : Path
        Typst source that reads `content`.
    content : mapping
        What JSON knows. It reaches the typesetter as data, never as source, so no name can carry
        markup.

    Returns
    -------
    bytes
        PDF 1.7 that meets PDF/UA-1: tagged, with language, title and alternative text; the same
        bytes for the same content.
    """
    import matplotlib as mpl  # noqa: PLC0415  slow to import
    import typst  # noqa: PLC0415

    fonts = Path(mpl.get_data_path(), "fonts", "ttf")
    document: bytes = typst.compile(
        str(template),
        format="pdf",
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, allow_nan=False)},
        pdf_standards="ua-1",
    )
    return document
