"""Availability of a network of components that are neither in series nor in parallel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Edge = tuple[str, str]


def connection_availability(
    edges: Iterable[Edge], source: str, sink: str, up: Mapping[str, float]
) -> float:
    """Probability that a path of working components leads from source to sink.

    Parameters
    ----------
    edges : iterable of (str, str)
        Links from component to component, one way.
    source, sink : str
        Ends; like every component that `up` does not name they never fail.
    up : Mapping of str to float
        Probability that a component works, independently of the others. [1]

    Returns
    -------
    float
        Probability. [1]

    Notes
    -----
    Conditions on one component after the other, so the effort may double with each: for
    diagrams of up to about 20 components.

    Examples
    --------
    >>> bridge = [("s", "a"), ("s", "b"), ("a", "c"), ("b", "c"), ("a", "d"), ("c", "d"),
    ...           ("b", "e"), ("c", "e"), ("d", "t"), ("e", "t")]
    >>> round(connection_availability(bridge, "s", "t", dict.fromkeys("abcde", 0.9)), 5)
    0.97848
    """
    links = frozenset(edges)
    if not _reaches(links, source, sink):
        return 0.0
    uncertain = next((name for name in up if any(name in link for link in links)), None)
    if uncertain is None:
        return 1.0
    others = {name: p for name, p in up.items() if name != uncertain}
    without = frozenset(link for link in links if uncertain not in link)
    works = connection_availability(links, source, sink, others)
    broken = connection_availability(without, source, sink, others)
    return up[uncertain] * works + (1.0 - up[uncertain]) * broken


def _reaches(links: frozenset[Edge], source: str, sink: str) -> bool:
    """Whether the links lead from source to sink."""
    seen, edge_of_seen = {source}, [source]
    while edge_of_seen:
        here = edge_of_seen.pop()
        new = {target for origin, target in links if origin == here} - seen
        seen |= new
        edge_of_seen.extend(new)
    return sink in seen
