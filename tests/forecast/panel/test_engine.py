"""Every engine does all of the work, once, and says clearly why it cannot."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys

import pytest

from forecast.panel.engine import Engine

CLUSTERS = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(
            importlib.util.find_spec(package) is None,
            reason=f"{package} is not installed: pip install 'fleetcast[panel-{name}]'",
        ),
    )
    for name, package in (("dask", "distributed"), ("ray", "ray"))
]
# Each cluster runs in a process of its own: their threads and sockets would fall on other tests.
ABROAD = """
from forecast.panel.engine import Engine
if __name__ == "__main__":
    print("RESULTS", sorted(Engine({name!r}, {address!r}, {workers}).results(abs, range(-60, 0))))
"""
HOSTS = {
    "dask": """
import distributed
if __name__ == "__main__":
    options = {"n_workers": 1, "threads_per_worker": 2, "dashboard_address": None}
    with distributed.LocalCluster(**options) as here:
        print(here.scheduler_address, flush=True)
        input()
""",
    "ray": """
import ray
if __name__ == "__main__":
    here = ray.init("local", num_cpus=1, include_dashboard=False)
    print(here.address_info["address"], flush=True)
    input()
""",
}  # fmt: skip
QUIET = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}


def abroad(script, tmp_path, **options):
    path = tmp_path / "abroad.py"
    path.write_text(script.format(**options), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, path], capture_output=True, text=True, check=False, timeout=300, env=QUIET
    )
    assert told.returncode == 0, told.stderr
    return told.stdout


def die(task):
    os._exit(1)


@pytest.mark.parametrize("workers", [1, 2])
def test_each_task_is_done_once(workers):
    assert sorted(Engine(workers=workers).results(abs, range(-60, 0))) == list(range(1, 61))


def test_tasks_are_taken_as_workers_get_free():
    taken = []

    def tasks():
        for task in range(1_000):
            taken.append(task)
            yield task

    results = Engine(workers=1).results(abs, tasks())
    next(results)
    results.close()
    assert len(taken) < 100


def test_a_worker_that_dies_is_told_in_words():
    with pytest.raises(OSError, match="want of memory"):
        list(Engine(workers=2).results(die, range(4)))


@pytest.mark.slow
@pytest.mark.parametrize("name", CLUSTERS)
def test_a_cluster_of_this_machine_does_each_task_once(name, tmp_path):
    told = abroad(ABROAD, tmp_path, name=name, address="", workers=2)
    assert f"RESULTS {list(range(1, 61))}" in told


@pytest.mark.slow
@pytest.mark.parametrize("name", CLUSTERS)
def test_a_running_cluster_is_used_by_its_address(name, tmp_path):
    host = tmp_path / "host.py"
    host.write_text(HOSTS[name], encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, host], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=QUIET
    ) as running:
        address = running.stdout.readline().strip()
        told = abroad(ABROAD, tmp_path, name=name, address=address, workers=0)
        still_there = running.poll() is None
        running.communicate("\n", timeout=60)
    assert f"RESULTS {list(range(1, 61))}" in told
    assert still_there


@pytest.mark.parametrize("name", ["dask", "ray"])
def test_a_missing_package_is_named_with_its_extra(name, monkeypatch):
    for package in ("dask", "dask.distributed", "ray"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=rf"pip install 'fleetcast\[panel-{name}\]'"):
        list(Engine(name).results(abs, [1]))


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_silent_address_is_told_at_once(name):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(OSError, match=f"no {name} cluster answers at {address}"):
            list(Engine(name, address).results(abs, [1]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("spark",), "'spark'; allowed: local, dask, ray"),
        (("local", "host:1"), "an address needs a cluster"),
        (("dask", "host"), "allowed: host:port"),
        (("ray", "host:1\n"), "allowed: host:port"),
        (("dask", "host:1", 2), "address or workers"),
        (("local", "", -1), "-1 workers"),
        (("local", "", 10**6), "1000000 workers"),
    ],
)
def test_what_does_not_belong_together_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Engine(*options)
