"""What can be bought: accelerators, rentable nodes and model shapes.

Values only, in SI units: FLOP/s, bytes, bytes/s, bit/s, W. A number type is one of ``fp16`` (either
16-bit float), ``fp8``, ``fp4`` and ``int8``. `capacity.market.catalogue` reads them from ``data/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from capacity.market.dated import GIVEN, Provenance

DTYPES = ("fp16", "fp8", "fp4", "int8")
LIFECYCLES = ("stable", "deprecated", "preview")
GIB = 2**30


@dataclass(frozen=True)
class Accelerator:
    """One GPU: peak rates, memory, links and power.

    Parameters
    ----------
    name : str
        Identification.
    flops : Mapping of str to float
        Dense peak rate by number type; a type that is missing is not supported. [FLOP/s]
    efficiency : Mapping of str to float
        Share of the peak that large matrix products reach, by number type. [1]
    memory_gib : float
        Usable memory. [GiB]
    bandwidth_bytes_per_s : float
        Memory bandwidth. [B/s]
    pcie_bytes_per_s : float
        Link to the host, one direction. [B/s]
    link_bytes_per_s : float
        Link between accelerators, both directions together; 0 without one. [B/s]
    tdp_w : float
        Board power limit. [W]
    memory_efficiency : float
        Share of the memory bandwidth that reading weights reaches. [1]
    efficiency_of : str
        Cards whose efficiency is assumed because it was not measured on this one; empty if it was.
    released : numpy.datetime64, optional
        Month from which it was on sale.
    vendor, architecture : str
        Maker and generation.
    lifecycle : str
        ``stable``, ``deprecated`` (kept so that old plans can be repeated) or ``preview``.
    provenance : Provenance
        Source, date and confidence.

    Raises
    ------
    ValueError
        If memory, bandwidth or a peak rate is not above zero, the memory efficiency is no share,
        or a number type or lifecycle is unknown.

    Examples
    --------
    >>> card = Accelerator(
    ...     "X", flops={"fp16": 300e12}, efficiency={"fp16": 0.8}, memory_gib=40.0,
    ...     bandwidth_bytes_per_s=1.5e12, pcie_bytes_per_s=32e9, link_bytes_per_s=600e9,
    ... )
    >>> round(card.sustained_flops("fp16") / 1e12), card.one_way_bytes_per_s / 1e9
    (240, 300.0)
    """

    name: str
    flops: Mapping[str, float] = field(hash=False)
    efficiency: Mapping[str, float] = field(hash=False)
    memory_gib: float
    bandwidth_bytes_per_s: float
    pcie_bytes_per_s: float
    link_bytes_per_s: float = 0.0
    tdp_w: float = 0.0
    memory_efficiency: float = 0.8
    efficiency_of: str = ""
    released: np.datetime64 | None = None
    vendor: str = ""
    architecture: str = ""
    lifecycle: str = "stable"
    provenance: Provenance = GIVEN

    def __post_init__(self) -> None:
        """Refuse what no card can be."""
        for name in ("memory_gib", "bandwidth_bytes_per_s", "pcie_bytes_per_s"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{self.name}: {name} must be above 0, got {getattr(self, name)}")
        if not all(peak > 0 for peak in self.flops.values()):
            raise ValueError(f"{self.name}: peak rates must be above 0, got {dict(self.flops)}")
        if not 0 < self.memory_efficiency <= 1:
            raise ValueError(
                f"{self.name}: memory_efficiency must be above 0 and at most 1, "
                f"got {self.memory_efficiency}"
            )
        unknown = (self.flops.keys() | self.efficiency.keys()) - set(DTYPES)
        if unknown:
            raise ValueError(
                f"{self.name}: unknown number type {', '.join(sorted(unknown))}; "
                f"known: {', '.join(DTYPES)}"
            )
        if self.lifecycle not in LIFECYCLES:
            raise ValueError(
                f"{self.name}: lifecycle must be one of {', '.join(LIFECYCLES)}, "
                f"got {self.lifecycle!r}"
            )

    @property
    def memory_bytes(self) -> float:
        """Usable memory [B]."""
        return self.memory_gib * GIB

    @property
    def one_way_bytes_per_s(self) -> float:
        """Bandwidth to a neighbour one way: half the link, else the host link [B/s]."""
        return self.link_bytes_per_s / 2.0 if self.link_bytes_per_s else self.pcie_bytes_per_s

    @property
    def sustained_bytes_per_s(self) -> float:
        """Rate at which weights are read: bandwidth times its efficiency [B/s]."""
        return self.bandwidth_bytes_per_s * self.memory_efficiency

    def sustained_flops(self, dtype: str) -> float:
        """Rate that large matrix products reach.

        Parameters
        ----------
        dtype : str
            Number type.

        Returns
        -------
        float
            Peak rate times efficiency. [FLOP/s]

        Raises
        ------
        ValueError
            If the accelerator does not support the number type.

        Examples
        --------
        >>> from capacity.market.catalogue import Catalogue
        >>> round(Catalogue.load().accelerators["H100-SXM"].sustained_flops("fp8") / 1e12)
        1219
        """
        usable = self.flops.keys() & self.efficiency.keys()
        if dtype not in usable:
            known = ", ".join(sorted(usable))
            raise ValueError(f"{self.name} has no {dtype!r} arithmetic; known: {known}")
        return self.flops[dtype] * self.efficiency[dtype]


@dataclass(frozen=True)
class Instance:
    """A rentable node of one or more equal accelerators.

    Parameters
    ----------
    name : str
        Identification.
    accelerator : str
        Name of the accelerator inside.
    gpus : int
        Accelerators per node. [1]
    network_bits_per_s : float
        Network bandwidth of the node. [bit/s]
    host_power_w : float
        Maximum power of the node without its accelerators. [W]
    purchasable_from : numpy.datetime64
        First month in which it could be rented.
    lead_time_weeks : float
        Weeks from order to running, at present. [weeks]
    provider : str
        Seller.
    provenance : Provenance
        Source, date and confidence.

    Raises
    ------
    ValueError
        If the node holds no accelerator.

    Examples
    --------
    >>> node = Instance("box", "X", 8, 100e9, 1200.0, np.datetime64("2022-01"))
    >>> node.purchasable(np.datetime64("2021-12"))
    False
    """

    name: str
    accelerator: str
    gpus: int
    network_bits_per_s: float
    host_power_w: float
    purchasable_from: np.datetime64
    lead_time_weeks: float = 0.0
    provider: str = ""
    provenance: Provenance = GIVEN

    def __post_init__(self) -> None:
        """Refuse an empty node."""
        if self.gpus < 1:
            raise ValueError(f"{self.name}: gpus must be at least 1, got {self.gpus}")

    def purchasable(self, month: np.datetime64) -> bool:
        """Whether the node could be rented in a month.

        Parameters
        ----------
        month : numpy.datetime64
            Of unit month.

        Returns
        -------
        bool
            True from `purchasable_from` on.

        Examples
        --------
        >>> from capacity.market.catalogue import Catalogue
        >>> Catalogue.load().instances["p5.48xlarge"].purchasable(np.datetime64("2022-12"))
        False
        """
        return bool(self.purchasable_from <= month)

    def power_w(self, accelerator: Accelerator) -> float:
        """Maximum power of the whole node.

        Parameters
        ----------
        accelerator : Accelerator
            The part that the node holds.

        Returns
        -------
        float
            Host plus all accelerators at their limit. [W]

        Raises
        ------
        ValueError
            If the node holds another part.

        Examples
        --------
        >>> from capacity.market.catalogue import Catalogue
        >>> catalogue = Catalogue.load()
        >>> catalogue.instances["p5.48xlarge"].power_w(catalogue.accelerators["H100-SXM"])
        10200.0
        """
        if accelerator.name != self.accelerator:
            raise ValueError(f"{self.name} holds {self.accelerator}, not {accelerator.name}")
        return self.host_power_w + self.gpus * accelerator.tdp_w


@dataclass(frozen=True)
class Architecture:
    """Shape of a transformer language model.

    Parameters
    ----------
    name : str
        Identification.
    layers, hidden, heads, kv_heads, head_dim, ffn : int
        Depth, width, query heads, key-value heads, size of a head, width of the feed-forward. [1]
    ffn_matrices : int
        3 for a gated feed-forward, 2 for a plain one. [1]
    vocab : int
        Vocabulary. [tokens]
    tied_embeddings : bool
        Whether input and output embedding are one matrix.
    n_experts, experts_per_token : int
        Mixture of experts; 0 and 0 for a dense model. [1]
    published_params : float, optional
        Parameter count in the publication; nominal for the assumed shapes. [1]
    released : numpy.datetime64, optional
        Month of publication.
    provenance : Provenance
        Source, date and confidence.

    Raises
    ------
    ValueError
        If a dimension is below one, or more experts serve a token than there are.

    Examples
    --------
    >>> from capacity.market.catalogue import Catalogue
    >>> Catalogue.load().architectures["llama-2-13b"].layers
    40
    """

    name: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    ffn_matrices: int
    vocab: int
    tied_embeddings: bool = False
    n_experts: int = 0
    experts_per_token: int = 0
    published_params: float | None = None
    released: np.datetime64 | None = None
    provenance: Provenance = GIVEN

    def __post_init__(self) -> None:
        """Refuse impossible shapes."""
        for name in ("layers", "hidden", "heads", "kv_heads", "head_dim", "ffn", "vocab"):
            if getattr(self, name) < 1:
                raise ValueError(f"{self.name}: {name} must be at least 1")
        if not 0 <= self.experts_per_token <= self.n_experts:
            raise ValueError(
                f"{self.name}: experts_per_token must be from 0 to n_experts = {self.n_experts}, "
                f"got {self.experts_per_token}"
            )
