"""What to order now for an unknown need: a two-stage stochastic program, solved by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capacity.arrays import Floats
from capacity.fleet.purchase import covering
from capacity.money.recourse import Futures, Offers, TopUp

_RELATIVE_GAP = 1e-4
_BRANCHES = 500  # an end that does not depend on the machine's speed


@dataclass(frozen=True)
class Risk:
    """What the program minimises, and what it must keep.

    Parameters
    ----------
    max_shortfall : float
        Largest probability of a shortfall in any month; 1 sets no limit. [1]
    cvar : float
        Minimise the mean cost of the worst 1 - `cvar` share of draws; 0 is the mean of all. [1]

    Raises
    ------
    ValueError
        If a share lies outside 0 to 1, or the worst share is empty.
    """

    max_shortfall: float = 1.0
    cvar: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        if not 0.0 <= self.max_shortfall <= 1.0 or not 0.0 <= self.cvar < 1.0:
            raise ValueError(
                f"max_shortfall = {self.max_shortfall}, cvar = {self.cvar}: allowed are 0 to 1, "
                "and for cvar less than 1"
            )


@dataclass(frozen=True)
class Purchase:
    """Best orders found.

    Parameters
    ----------
    nodes : numpy.ndarray, shape (groups, offers)
        Nodes ordered of each offer where a group is met; the same in all groups for orders that
        are placed before the review. [nodes]
    usd : float
        What the program minimised: expected cost, or the CVaR of the cost. [USD]
    bound : float
        No orders, whole or not, can be cheaper: the linear relaxation. [USD]
    unreachable : numpy.ndarray, shape (groups, slots)
        Whether the limit on the shortfall is out of reach in a slot whatever is ordered. [1]
    """

    nodes: Floats
    usd: float
    bound: float
    unreachable: NDArray[np.bool_]

    @property
    def gap(self) -> float:
        """Part of the cost by which the optimum may at most be lower [1]."""
        return max(0.0, 1.0 - self.bound / self.usd) if self.usd > 0.0 else 0.0


def cheapest_orders(
    offers: Offers, top_up: TopUp, futures: Futures, risk: Risk, *, whole: bool = True
) -> Purchase:
    """Orders of least cost, shortfall priced, within the limit on its probability.

    Parameters
    ----------
    offers : Offers
        What can be ordered.
    top_up : TopUp
        What remains to be done in the month itself.
    futures : Futures
        Draws of the need.
    risk : Risk
        Measure of the cost and limit.
    whole : bool
        Whether orders are whole lots. Without, the answer is the linear program's.

    Returns
    -------
    Purchase
        Orders with their cost and a proven bound.

    Raises
    ------
    ValueError
        If HiGHS finds no solution; with nodes that may be missing there always is one.

    Notes
    -----
    Minimise the price of orders plus the mean over draws of spot, on-demand and missing nodes,
    where in every draw and month all of them together cover the need. Draws of one group that
    need the same in a month cost the same there, so they share a row: nothing is lost by it.
    The limit on the probability needs no binary variables, because only the right-hand side is
    uncertain: the nodes standing must reach the quantile of the need that is left after spot and
    on-demand (Charnes and Cooper 1959). After the review it must hold within every group. The
    CVaR is a linear program as well (Rockafellar and Uryasev 2000).

    A slot is a month in a region (`TopUp`). All regions need the same in a draw, so the draws that
    leave one of them short contain those of every other with a lower risk: the limit in each
    region is the limit on a shortfall in any. The mean cost then falls into one program for each
    region. They are solved as one, because the CVaR is of the total.

    Examples
    --------
    One month; a node costs 1 ordered and 3.5 missing, the need is 1 to 4 with equal chance. The
    newsvendor buys the quantile (3.5 - 1) / 3.5 = 0.71.

    >>> offers = Offers(
    ...     np.zeros(1, int), np.ones(1, int), np.ones(1), np.ones(1), np.full(1, np.inf),
    ...     np.ones(1), np.zeros(1, bool), np.zeros(1, int),
    ... )
    >>> none = np.zeros(1)
    >>> need = np.array([[1.0], [2.0], [3.0], [4.0]])
    >>> futures = Futures(need, np.zeros((4, 1)), np.zeros(4, int))
    >>> found = cheapest_orders(offers, TopUp(none, none, none, np.full(1, 3.5)), futures, Risk())
    >>> found.nodes.tolist(), found.usd
    ([[3.0]], 3.875)
    """
    program = _Program(offers, top_up, futures, risk)
    values, bound = program.solve(whole=False)
    if whole:
        values, _ = program.solve(whole=True)
        values[: program.offer.size] = np.rint(values[: program.offer.size])
    nodes = program.nodes(values)
    usd = float(program.cost @ values) * program.unit
    return Purchase(nodes, usd, bound * program.unit, program.unreachable)


class _Program:
    """Columns: lots, nodes standing, top-up of each cell, and for a CVaR the tail."""

    def __init__(self, offers: Offers, top_up: TopUp, futures: Futures, risk: Risk) -> None:
        self.offers, self.top_up, self.futures, self.risk = offers, top_up, futures, risk
        self.draws, self.slots = futures.need.shape
        self.share = np.bincount(futures.group, minlength=futures.groups) / self.draws
        self.cover = futures.cover(offers)
        self._orders()
        self._cells()
        self.required, self.unreachable = _required(offers, top_up, futures, risk)
        self.unit = float(offers.usd.mean()) if offers.usd.any() else 1.0  # keeps numbers near 1
        self.cost = self._cost()

    def _orders(self) -> None:
        """Offer and group of each order; group -1 stands for all."""
        before, after = np.flatnonzero(~self.offers.informed), np.flatnonzero(self.offers.informed)
        groups = self.futures.groups
        self.offer = np.concatenate((before, np.tile(after, groups)))
        own = np.repeat(np.arange(groups), after.size)
        self.owner = np.concatenate((np.full(before.size, -1), own))

    def _cells(self) -> None:
        """Different needs of each group in each slot, with their share of the draws."""
        need, spot, group = self.futures.need, self.futures.spot, self.futures.group
        slots = np.broadcast_to(np.arange(self.slots), need.shape)
        groups = np.broadcast_to(group[:, None], need.shape)
        keys = np.stack((groups, slots, need, spot), axis=-1).reshape(-1, 4)
        cells, self.cell, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
        self.cell_place = (cells[:, 0] * self.slots + cells[:, 1]).astype(np.int64)
        self.cell_slot = cells[:, 1].astype(np.int64)
        self.cell_need: Floats = cells[:, 2].astype(np.float64)
        self.cell_spot: Floats = cells[:, 3].astype(np.float64)
        self.weight = counts / self.draws

    def _cost(self) -> Floats:
        """Mean cost of each column, or for a CVaR of its tail. [unit]"""
        order_share = np.where(self.owner < 0, 1.0, self.share[self.owner])
        order = self._order_cost()
        standing = np.zeros(self.futures.groups * self.slots)
        prices = self._cell_prices()
        if self.risk.cvar:
            cells = np.zeros(3 * self.weight.size)
            tail = np.full(self.draws, 1.0 / (self.draws * (1.0 - self.risk.cvar)))
            return np.concatenate((np.zeros(order.size), standing, cells, [1.0], tail))
        cells = np.concatenate([price * self.weight for price in prices])
        return np.concatenate((order * order_share, standing, cells))

    def _order_cost(self) -> Floats:
        """Price of a lot of each order. [unit]"""
        return self.offers.usd[self.offer] * self.offers.lot[self.offer] / self.unit

    def _cell_prices(self) -> list[Floats]:
        """Prices of spot, on-demand and missing nodes of each cell. [unit/month]"""
        top_up = self.top_up
        prices = (top_up.spot_usd, top_up.on_demand_usd, top_up.shortfall_usd)
        return [price[self.cell_slot] / self.unit for price in prices]

    def solve(self, *, whole: bool) -> tuple[Floats, float]:
        """Values of the columns, and the bound on their cost."""
        from scipy.optimize import Bounds, milp  # noqa: PLC0415  heavy

        lower, upper = self._bounds()
        whole_columns = np.zeros(self.cost.size, dtype=np.int64)
        whole_columns[: self.offer.size] = whole
        found = milp(
            self.cost,
            integrality=whole_columns,
            bounds=Bounds(lower, upper),
            constraints=self._constraints(),
            options={"mip_rel_gap": _RELATIVE_GAP, "node_limit": _BRANCHES},
        )
        if found.x is None:
            raise ValueError(f"no orders found: {found.message}")
        bound = found.mip_dual_bound
        return found.x, float(found.fun if bound is None else bound)

    def _bounds(self) -> tuple[Floats, Floats]:
        """Ends of each column; lots that would exceed a limit are not bought in part."""
        limit = self.offers.limit[self.offer] / self.offers.lot[self.offer]
        lower, upper = np.zeros(self.cost.size), np.full(self.cost.size, np.inf)
        upper[: limit.size] = np.floor(limit + 1e-9)
        first = limit.size
        lower[first : first + self.required.size] = self.required.ravel()
        first += self.required.size
        cells = self.weight.size
        upper[first : first + cells] = self.cell_spot
        on_demand = self.top_up.on_demand_limit[self.cell_slot]
        upper[first + cells : first + 2 * cells] = on_demand
        if self.risk.cvar:
            lower[first + 3 * cells] = -np.inf
        return lower, upper

    def _constraints(self) -> list[Any]:
        """Nodes standing are those ordered; every need is covered; the tail is above the cost."""
        from scipy.optimize import LinearConstraint  # noqa: PLC0415  heavy
        from scipy.sparse import coo_array, csr_array, hstack  # noqa: PLC0415  heavy

        places, cells = self.required.size, self.weight.size
        tail = self.draws + 1 if self.risk.cvar else 0
        one = csr_array((np.ones(cells), (np.arange(cells), self.cell_place)), (cells, places))
        own = _identity(cells)
        balance = hstack((self._ordered(), -_identity(places), coo_array((places, 3 * cells))))
        covered = hstack((coo_array((cells, self.offer.size)), one, own, own, own))
        none, most = np.zeros(places), np.full(cells, np.inf)
        parts = [(balance, none, none), (covered, self.cell_need, most)]
        found = [
            LinearConstraint(hstack((part, coo_array((part.shape[0], tail)))).tocsr(), low, high)
            for part, low, high in parts
        ]
        if tail:
            found.append(LinearConstraint(self._tail().tocsr(), np.zeros(self.draws), np.inf))
        return found

    def _ordered(self) -> Any:
        """Nodes that each order makes stand, by group and slot."""
        from scipy.sparse import coo_array  # noqa: PLC0415  heavy

        groups, slots = self.futures.groups, self.slots
        lots = self.cover[:, self.offer] * self.offers.lot[self.offer]
        mine = (self.owner < 0) | (self.owner == np.arange(groups)[:, None])
        order, group = np.nonzero(mine.T)
        slot, pair = np.nonzero(lots[:, order])
        rows = group[pair] * slots + slot
        shape = (groups * slots, self.offer.size)
        return coo_array((lots[slot, order[pair]], (rows, order[pair])), shape)

    def _tail(self) -> Any:
        """Excess plus threshold less the cost of each draw."""
        from scipy.sparse import coo_array, csr_array, hstack  # noqa: PLC0415  heavy

        mine = (self.owner < 0) | (self.owner == self.futures.group[:, None])
        order = mine * self._order_cost()
        rows = np.repeat(np.arange(self.draws), self.slots)
        shape = (self.draws, self.weight.size)
        met = csr_array((np.ones(rows.size), (rows, self.cell)), shape)
        parts: list[Any] = [-coo_array(order), coo_array((self.draws, self.required.size))]
        parts += [-met.multiply(price) for price in self._cell_prices()]
        parts += [coo_array(np.ones((self.draws, 1))), _identity(self.draws)]
        return hstack(parts)

    def nodes(self, values: Floats) -> Floats:
        """Nodes ordered by group and offer."""
        ordered = values[: self.offer.size] * self.offers.lot[self.offer]
        found = np.zeros((self.futures.groups, self.offers.start.size))
        common = self.owner < 0
        found[:, self.offer[common]] = ordered[common]
        found[self.owner[~common], self.offer[~common]] = ordered[~common]
        return found


def _required(
    offers: Offers, top_up: TopUp, futures: Futures, risk: Risk
) -> tuple[Floats, NDArray[np.bool_]]:
    """Nodes that must stand for the limit, as far as they can; and where they cannot."""
    shape = (futures.groups, futures.need.shape[1])
    if risk.max_shortfall >= 1.0:
        return np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    left = futures.need - futures.spot - top_up.on_demand_limit
    level = 1.0 - risk.max_shortfall
    cover = futures.cover(offers)
    told_apart = (cover[:, offers.informed] > 0.0).any(axis=1)
    asked = np.broadcast_to(covering(left, level), shape).copy()
    for group in range(futures.groups):
        own = covering(left[futures.group == group], level)
        asked[group, told_apart] = own[told_apart]
    most = np.floor(offers.limit / offers.lot) * offers.lot
    stands = cover > 0.0  # a limit may be infinite, and nothing times that is no number
    reach = np.multiply(cover, most, where=stands, out=np.zeros_like(cover)).sum(axis=1)
    return np.clip(asked, 0.0, reach), np.maximum(asked, 0.0) > reach


def _identity(size: int) -> Any:
    from scipy.sparse import eye_array  # noqa: PLC0415  heavy

    return eye_array(size)
