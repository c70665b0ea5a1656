"""Skipped tests are seen: their reasons are printed, and where everything is installed they count as failures."""

import os

import pytest
import tqdm  # noqa: F401 — before a test loads LibreOffice's uno, whose import hook hides from it that a module is not there

from support.complete import COMPLETE


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get(COMPLETE):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: {COMPLETE} is set, so nothing may be skipped ({report.longrepr})"
