"""Text and numbers as a link carries them, and as they are taken out of one."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlencode

from capacity.toml_table import MAX_BYTES
from forecast.messages import shown

LONGEST_LINK = 16_000  # characters of packed text that every server and browser takes

MOST_PARAMETERS = 200  # of a link within a link
NAME = "name"


def pack(text: str) -> str:
    """Text made short enough for a link.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Letters, digits, dash and underscore.

    Examples
    --------
    >>> unpack(pack("zones = 2"))
    'zones = 2'
    """
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpack(packed: str) -> str:
    """Text of a link, bounded in size.

    Parameters
    ----------
    packed : str
        As `pack` made it.

    Returns
    -------
    str
        The text.

    Raises
    ------
    ValueError
        If it is damaged or would unfold to more than a scenario file may have.
    """
    try:
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        reader = zlib.decompressobj()
        content = reader.decompress(raw, MAX_BYTES)
        text = content.decode()
    except (ValueError, zlib.error) as error:
        raise ValueError("what this link carries is damaged") from error
    if reader.unconsumed_tail or not reader.eof:
        raise ValueError("what this link carries is too large or cut short")
    return text


def carried(text: str) -> list[str]:
    """Value of a parameter that carries a text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        The packed text; empty for none, and for one that is too long for a link.

    Examples
    --------
    >>> carried(""), len(carried("zones = 2"))
    ([], 1)
    """
    packed = pack(text) if text else ""
    return [packed] * (0 < len(packed) <= LONGEST_LINK)


def nested(name: str, query: Mapping[str, Sequence[str]]) -> str:
    """A named link as one parameter of another.

    Parameters
    ----------
    name : str
        What it is called.
    query : mapping of str to sequence of str
        Its parameters.

    Returns
    -------
    str
        Encoded as in an address.

    Examples
    --------
    >>> nested("two zones", {"policy": ["zones=2"]})
    'name=two+zones&policy=zones%3D2'
    """
    return urlencode({NAME: [name], **query}, doseq=True)


def unnested(text: str) -> tuple[str, dict[str, list[str]]]:
    """Name and parameters of a link that another carries.

    Parameters
    ----------
    text : str
        As `nested` made it.

    Returns
    -------
    str, dict of str to list of str
        Name, empty for none, and parameters.

    Raises
    ------
    ValueError
        If it holds more parameters than any link.

    Examples
    --------
    >>> unnested("name=two+zones&policy=zones%3D2")
    ('two zones', {'policy': ['zones=2']})
    """
    query = parse_qs(text, max_num_fields=MOST_PARAMETERS)
    return last(query, NAME, ""), {key: found for key, found in query.items() if key != NAME}


def last(query: Mapping[str, Sequence[str]], key: str, default: str) -> str:
    """Value of a parameter; the last one where it is given several times.

    Parameters
    ----------
    query : mapping of str to sequence of str
        Parameters of a link.
    key : str
        Name of the parameter.
    default : str
        Answer where it is absent.

    Returns
    -------
    str
        As it stands in the link.
    """
    values = query.get(key, ())
    return values[-1] if values else default


def whole(key: str, text: str) -> int:
    """Whole number of a parameter.

    Parameters
    ----------
    key, text : str
        Name, for the message, and value.

    Returns
    -------
    int
        Not negative. [1]

    Raises
    ------
    ValueError
        If it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004  digits
        raise ValueError(f"{key} = {shown(text)}: must be a whole number")
    return int(text)
