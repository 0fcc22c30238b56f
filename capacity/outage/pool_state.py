"""State of the cells and nodes of a pool while an incident runs, and its books."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from capacity.arrays import Floats

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass
class Work:
    """Stocks and books of every cell, arrays of shape (draws, cells).

    A user's request is in one place at a time: in the backlog with its user, in the fresh queue,
    in service with its user, with a user who will try again, served, or lost. Once the user has
    given up, what is left in the machine is stale work: it is kept in books of its own.

    Parameters
    ----------
    backlog, backlog_stale : ndarray
        Durable queue before the broken step: user waits, user has left. [requests]
    released : ndarray
        Stale work in front of the nodes. [requests]
    fresh : ndarray
        Requests in front of the nodes whose users wait. [requests]
    serving, serving_stale : ndarray
        In service: user waits, user has left. [requests]
    retrying : ndarray
        Users who will try again. [requests]
    arrived, served, lost : ndarray
        Totals since the start. [requests]
    stale, wasted, dropped : ndarray
        Stale work made, served for nobody, and thrown away since the start. [requests]
    """

    backlog: Floats
    backlog_stale: Floats
    released: Floats
    fresh: Floats
    serving: Floats
    serving_stale: Floats
    retrying: Floats
    arrived: Floats
    served: Floats
    lost: Floats
    stale: Floats
    wasted: Floats
    dropped: Floats

    @classmethod
    def empty(cls, shape: tuple[int, int]) -> Work:
        """Books without an entry.

        Parameters
        ----------
        shape : (int, int)
            Draws and cells. [1]

        Returns
        -------
        Work
            All zero.

        Examples
        --------
        >>> float(Work.empty((1, 1)).imbalance())
        0.0
        """
        return cls(*(np.zeros(shape) for _ in fields(cls)))

    def give_up(self, stock: str, share: Floats, retry_share: Floats) -> None:
        """Let users of a stock go: some try again, some are lost, none leaves work behind.

        Parameters
        ----------
        stock : str
            Name of the stock.
        share : ndarray
            Share of it that leaves. [1]
        retry_share : ndarray
            Share of those who try again. [1]
        """
        leaving = getattr(self, stock) * share
        setattr(self, stock, getattr(self, stock) - leaving)
        self.turn_away(leaving, retry_share)

    def turn_away(self, users: Floats, retry_share: Floats) -> None:
        """Users who get no answer: some try again, the others are lost.

        Parameters
        ----------
        users : ndarray
            How many. [requests]
        retry_share : ndarray
            Share of those who try again. [1]
        """
        self.retrying = self.retrying + users * retry_share
        self.lost = self.lost + users * (1.0 - retry_share)

    def leave_backlog(self, share: Floats, retry_share: Floats) -> None:
        """Let users of the backlog go; their work stays in it as stale.

        Parameters
        ----------
        share : ndarray
            Share of the users who leave. [1]
        retry_share : ndarray
            Share of those who try again. [1]
        """
        left = self.backlog * share
        self.give_up("backlog", share, retry_share)
        self.backlog_stale = self.backlog_stale + left
        self.stale = self.stale + left

    def drop(self, stock: str, share: Floats | float = 1.0) -> None:
        """Throw stale work away.

        Parameters
        ----------
        stock : str
            A stock of stale work.
        share : float or ndarray
            Share of it. [1]
        """
        thrown = getattr(self, stock) * share
        setattr(self, stock, getattr(self, stock) - thrown)
        self.dropped = self.dropped + thrown

    def imbalance(self) -> Floats:
        """Largest error of the books.

        Returns
        -------
        ndarray
            Of users and of stale work, over all draws and cells. [requests]
        """
        users = self.backlog + self.fresh + self.serving + self.retrying
        stale = self.backlog_stale + self.released + self.serving_stale
        one = np.abs(self.arrived - users - self.served - self.lost)
        other = np.abs(self.stale - stale - self.wasted - self.dropped)
        return np.asarray(np.maximum(one, other).max())


@dataclass
class Nodes:
    """Nodes of every cell, arrays of shape (draws, cells, nodes of a cell).

    Parameters
    ----------
    inlet : ndarray
        Air that each node breathes, its own deviation included. [°C]
    temperature : ndarray
        Of each node. [°C]
    up : ndarray of bool
        Whether it serves.
    ready : ndarray
        When a node that is down serves again. [min]
    count : ndarray
        Nodes that are up, shape (draws, cells). [1]
    """

    inlet: Floats
    temperature: Floats
    up: Flags
    ready: Floats
    count: Floats

    @classmethod
    def cold(cls, inlet: Floats) -> Nodes:
        """Nodes that are up and as warm as their inlet.

        Parameters
        ----------
        inlet : ndarray
            Shape (draws, cells, nodes of a cell). [°C]

        Returns
        -------
        Nodes
            All up.
        """
        up = np.ones(inlet.shape, dtype=bool)
        return cls(inlet, inlet.copy(), up, np.full(inlet.shape, np.inf), up.sum(axis=2) * 1.0)

    def wake(self, time: float) -> None:
        """Bring back the nodes whose time has come, as cool as their inlet.

        Parameters
        ----------
        time : float
            Now. [min]
        """
        back = self.ready <= time
        if back.any():
            self.up |= back
            self.ready = np.where(back, np.inf, self.ready)
            self.temperature = np.where(back, self.inlet, self.temperature)
            self.count = self.up.sum(axis=2) * 1.0

    def shut(self, which: Flags, ready: Floats) -> Floats:
        """Take nodes down.

        Parameters
        ----------
        which : ndarray of bool
            The nodes, those already down included.
        ready : ndarray
            When they serve again. [min]

        Returns
        -------
        ndarray
            Nodes that were up and are not any more, shape (draws, cells). [1]
        """
        before = self.count
        self.up &= ~which
        self.ready = np.where(which, ready, self.ready)
        self.count = self.up.sum(axis=2) * 1.0
        return np.asarray(before - self.count)
