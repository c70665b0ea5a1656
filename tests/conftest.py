"""For every test: what is skipped is seen, its reason printed, and where everything is installed it counts as a failure."""

import os
import signal
import sys
from collections.abc import Iterator

import pytest
import tqdm  # noqa: F401 — before a test loads LibreOffice's uno, whose import hook hides from it that a module is not there
from hypothesis import HealthCheck, settings

from perfeval import cli
from support.complete import COMPLETE
from support.rolled import keep_caches_in

collect_ignore = [] if sys.platform == "win32" else ["windows"]  # which tests/windows/wine.py runs under Wine

# A run that was started in the background ignores Ctrl-C, and so would the processes that tests stop by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# No test is about time: a machine that is busy with other work fails none.
settings.register_profile("perfeval", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("perfeval")


@pytest.fixture(scope="session", autouse=True)
def _own_caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a roll-up keeps is kept in a folder of this run, also by the processes that it starts: never in the user's."""
    with pytest.MonkeyPatch.context() as environment:
        keep_caches_in(tmp_path_factory.mktemp("caches"), environment)
        yield


@pytest.fixture(autouse=True)
def _faults_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that the shell would tell in a sentence is the error itself in a test."""

    def seen(error: Exception, _: object) -> int:
        raise error

    monkeypatch.setattr(cli, "_fault", seen)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)  # which a stopped command sets for its process


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get(COMPLETE):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: {COMPLETE} is set, so nothing may be skipped ({report.longrepr})"
