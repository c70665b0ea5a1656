"""Many readers at once: on all cores and on a Dask cluster, with readers that are killed half-way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster

from handed_in import Known, write_folder
from perfeval.cli import main
from perfeval.commands import rollup
from perfeval.errors import PerfEvalError
from perfeval.rollup import workers
from perfeval.rollup.rows import Reading
from perfeval.rollup.sums import altogether
from support.dyingreader import POISON, read_or_die
from support.rolled import keep_caches_in, kept_journal

FORMS = 160
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows knows one way to end a process


@pytest.fixture(autouse=True)
def _nothing_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test knows what another has read."""
    keep_caches_in(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Known]:
    folder = tmp_path_factory.mktemp("自评表")
    return folder, write_folder(folder, FORMS)


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as running:
        yield running


def killing(monkeypatch: pytest.MonkeyPatch, kill: Callable[[], None]) -> None:
    """Let a roll-up kill something when a quarter of its files has been read."""
    real = workers.read_all

    def read_all(*arguments: Any) -> Iterator[list[Reading]]:
        read = 0
        for batch in real(*arguments):
            before, read = read, read + len(batch)
            if before < FORMS // 4 <= read:
                kill()
            yield batch

    monkeypatch.setattr(workers, "read_all", read_all)


def exact(folder: Path, known: Known) -> None:
    """Every form is there once, also in what the next run will know."""
    with kept_journal(folder) as journal:
        total = altogether(journal)
    assert (total.forms, total.budget, total.executed) == (FORMS, known.budget, known.executed)


def test_a_process_killed_half_way(forms: tuple[Path, Known], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 2)
    killed = []

    def kill() -> None:
        victim = multiprocessing.active_children()[0]
        killed.append(victim.pid)
        victim.kill()

    killing(monkeypatch, kill)
    rolled = rollup.rollup(forms[0], tmp_path / "汇总.xlsx")
    assert killed
    assert (rolled.projects, rolled.passed) == (FORMS, ())
    exact(*forms)
    before = rolled.summary.read_bytes()
    assert rollup.rollup(forms[0], rolled.summary).known == FORMS
    assert rolled.summary.read_bytes() == before  # whoever has read what first


def test_a_cluster_with_a_worker_killed_half_way(
    forms: tuple[Path, Known], cluster: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Client(cluster, set_as_default=False) as client:
        pids: Any = client.run(os.getpid)
    killing(monkeypatch, lambda: os.kill(next(iter(pids.values())), KILL))
    out = tmp_path / "汇总.xlsx"
    rolled = rollup.rollup(forms[0], out, scheduler=cluster.scheduler_address)
    assert (rolled.projects, rolled.passed) == (FORMS, ())
    exact(*forms)


def test_the_command_on_a_cluster(
    forms: tuple[Path, Known], cluster: LocalCluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, rows = tmp_path / "汇总.xlsx", tmp_path / "明细"
    arguments = ["--out", str(out), "--scheduler", cluster.scheduler_address, "--parquet", str(rows)]
    assert main(["rollup", str(forms[0] / "000"), *arguments]) == 0
    assert "100 张项目自评表" in capsys.readouterr().out
    assert {path.name for path in rows.iterdir()} >= {"自评表.parquet", "指标.parquet", "复核.parquet"}


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "集群", "foo://127.0.0.1:1", "127.0.0.1:99999999", "silent"])
def test_a_cluster_that_is_not_there(
    address: str, silent_port: int, forms: tuple[Path, Known], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_REACH", 1)
    monkeypatch.setattr("distributed.Client", None)  # its own tries go on for minutes
    address = f"127.0.0.1:{silent_port}" if address == "silent" else address
    with pytest.raises(PerfEvalError, match="连不上集群"):
        rollup.rollup(forms[0], tmp_path / "汇总.xlsx", scheduler=address)


def test_a_cluster_with_another_version(
    forms: tuple[Path, Known], cluster: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "__version__", "9.9")
    with pytest.raises(PerfEvalError, match=r"这里是 9\.9；请装成同一版本"):
        rollup.rollup(forms[0], tmp_path / "汇总.xlsx", scheduler=cluster.scheduler_address)


def test_a_file_that_ends_its_reader_is_given_up_alone() -> None:
    names = [f"{number:03d}" for number in range(60)] + [POISON]
    context = multiprocessing.get_context("spawn")
    batches = workers._read_on(lambda: ProcessPoolExecutor(2, mp_context=context), 2, read_or_die, sorted(names))
    read = [reading.file for batch in batches for reading in batch]
    assert sorted(file.path for file in read) == sorted(names)
    assert [file.path for file in read if file.refusal] == [POISON]
