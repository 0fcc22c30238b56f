"""Where the chunks of a panel are worked on: processes here, a Dask cluster or a Ray cluster."""

from __future__ import annotations

import logging
import os
import re
import socket
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args

from forecast.messages import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Work = Callable[[Any], Any]

__all__ = ["Engine", "EngineName"]

EngineName = Literal["local", "dask", "ray"]
MOST_WORKERS = 1_024
PATIENCE_S = 20  # for a cluster to answer
ADDRESS = re.compile(r"([a-z]+://)?\[?(?P<host>[\w.:-]+?)\]?:(?P<port>[0-9]{1,5})", re.ASCII)
AHEAD = 2  # tasks under way for each core of a Ray cluster


@dataclass(frozen=True)
class Engine:
    """Workers for the chunks of a panel; the numbers do not depend on the choice.

    Parameters
    ----------
    name : {"local", "dask", "ray"}
        Processes of this machine, or a cluster.
    address : str
        Address of a running cluster, such as ``tcp://host:8786`` for Dask or ``host:6379`` for
        Ray; a cluster on this machine for the time of the work if left out.
    workers : int
        Processes to start on this machine; 0 for one a core. [1]

    Raises
    ------
    ValueError
        If the name is unknown, or address or workers do not suit it.

    Examples
    --------
    >>> sorted(Engine(workers=1).results(abs, [-2, 1]))
    [1, 2]
    """

    name: EngineName = "local"
    address: str = ""
    workers: int = 0

    def __post_init__(self) -> None:
        """Check what belongs together."""
        if self.name not in get_args(EngineName):
            allowed = ", ".join(get_args(EngineName))
            raise ValueError(f"engine {shown(self.name)}; allowed: {allowed}")
        if self.address and self.name == "local":
            raise ValueError("an address needs a cluster; allowed: engine dask or ray with it")
        if self.address and not ADDRESS.fullmatch(self.address):
            allowed = "host:port, or tcp://host:port and the like"
            raise ValueError(f"address {shown(self.address)}; allowed: {allowed}")
        if self.address and self.workers:
            raise ValueError("a running cluster has its own workers; allowed: address or workers")
        if not 0 <= self.workers <= MOST_WORKERS:
            raise ValueError(f"{self.workers} workers; allowed: 1 to {MOST_WORKERS}, 0 for all")

    def results(self, work: Work, tasks: Iterable[Any]) -> Iterator[Any]:
        """Results as they are finished, in any order.

        Parameters
        ----------
        work : callable
            What is done with a task; it must be known to the workers by import.
        tasks : iterable
            Taken as workers get free.

        Yields
        ------
        object
            One result a task.

        Raises
        ------
        ImportError
            If the package of the engine is not installed.
        OSError
            If the cluster does not answer, or a worker was lost.
        """
        yield from RUNNERS[self.name](self, work, tasks)


def _local(engine: Engine, work: Work, tasks: Iterable[Any]) -> Iterator[Any]:
    from joblib import Parallel, delayed  # noqa: PLC0415  (keeps `import forecast` light)

    parallel = Parallel(
        n_jobs=engine.workers or -1, backend="loky", return_as="generator_unordered",
        batch_size=1, max_nbytes=None,
    )  # fmt: skip
    try:
        yield from parallel(delayed(work)(task) for task in tasks)
    except BrokenProcessPool as error:
        raise OSError(
            "a worker process ended on its own, often for want of memory; fewer workers may do"
        ) from error


def _dask(engine: Engine, work: Work, tasks: Iterable[Any]) -> Iterator[Any]:
    distributed = _package(engine.name, "dask.distributed")
    from joblib import Parallel, cpu_count, delayed, parallel_config  # noqa: PLC0415

    _check_answer(engine)
    with ExitStack() as stack:
        cluster = engine.address or stack.enter_context(
            distributed.LocalCluster(
                n_workers=engine.workers or cpu_count(),
                threads_per_worker=1,
                dashboard_address=None,
            )
        )
        client = stack.enter_context(distributed.Client(cluster, timeout=PATIENCE_S))
        stack.enter_context(parallel_config("dask", client=client))
        parallel = Parallel(return_as="generator_unordered", batch_size=1)
        try:
            yield from parallel(delayed(work)(task) for task in tasks)
        except distributed.KilledWorker as error:
            raise OSError(f"a worker of the cluster was lost: {error}") from error


def _ray(engine: Engine, work: Work, tasks: Iterable[Any]) -> Iterator[Any]:
    """Ray's own tasks: its back end for joblib hands out nothing before all is done."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    ray = _package(engine.name, "ray")
    from joblib import cpu_count  # noqa: PLC0415  (of this container, not of its host)

    _check_answer(engine)
    here = {} if engine.address else {"num_cpus": engine.workers or cpu_count()}
    ray.init(engine.address or "local", **here, log_to_driver=False, logging_level=logging.ERROR)
    try:
        yield from _ray_results(ray, work, tasks)
    except ray.exceptions.RayError as error:
        raise OSError(f"a worker of the cluster was lost: {error}") from error
    finally:
        ray.shutdown()


def _ray_results(ray: Any, work: Work, tasks: Iterable[Any]) -> Iterator[Any]:
    most = AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))

    @ray.remote  # type: ignore[untyped-decorator]
    def remote(task: Any) -> Any:  # Ray takes no partial function
        return work(task)

    waiting: list[Any] = []
    for task in tasks:
        waiting.append(remote.remote(task))
        if len(waiting) >= most:
            done, waiting = ray.wait(waiting)
            yield from ray.get(done)
    while waiting:
        done, waiting = ray.wait(waiting)
        yield from ray.get(done)


RUNNERS: Mapping[EngineName, Callable[[Engine, Work, Iterable[Any]], Iterator[Any]]] = {
    "local": _local, "dask": _dask, "ray": _ray,
}  # fmt: skip


def _package(engine: EngineName, name: str) -> Any:
    """Import an optional package."""
    try:
        return import_module(name)
    except ImportError as error:
        raise ImportError(
            f"engine {engine} needs the package {engine!r}: pip install 'fleetcast[panel-{engine}]'"
        ) from error


def _check_answer(engine: Engine) -> None:
    """Ask for a connection first: Ray waits for minutes where nothing answers."""
    found = ADDRESS.fullmatch(engine.address)
    if found is None:
        return
    try:
        socket.create_connection((found["host"], int(found["port"])), PATIENCE_S).close()
    except (OSError, OverflowError) as error:
        raise OSError(f"no {engine.name} cluster answers at {engine.address}: {error}") from error
