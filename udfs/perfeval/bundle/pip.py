"""What pip does for a bundle: build our own wheel, fetch those of others, and try an installation."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from perfeval.bundle.wheels import PLATFORM
from perfeval.errors import PerfEvalError

_TIMEOUT = 900  # seconds of one run


def build(source: Path, folder: Path) -> None:
    """Build the wheel of a source tree into a folder. Raises PerfEvalError with pip's own words."""
    _run("做不出 PerfEval 自己的 wheel", ["wheel", "--no-deps", "--wheel-dir", str(folder), str(source)])


def fetch(requirements: Sequence[str], python: str, folder: Path) -> None:
    """Fetch wheels for Windows, and what they require, into a folder. Raises PerfEvalError."""
    _run(
        "取不到需要的 wheel，请检查网络和 pip 的设置", ["download", "--dest", str(folder), *_for(python), *requirements]
    )


def refusal(folder: Path, requirements: Path, python: str) -> str:
    """Why pip would not install pinned requirements from a folder alone on Windows; "" if it would. Nothing is installed."""
    alone = ["--no-index", "--no-cache-dir", "--find-links", str(folder), "--require-hashes"]
    target = ["--target", str(folder / "target"), *_for(python)]
    # pip asks the markers and the Python that it runs in; ``wheels`` has followed the requirements for Windows.
    own = ["--no-deps", "--ignore-requires-python"]
    try:
        _run("", ["install", "--dry-run", *alone, *target, *own, "-r", str(requirements)])
    except PerfEvalError as error:
        return error.reason.removeprefix("：")
    return ""


def _for(python: str) -> list[str]:
    return ["--only-binary=:all:", "--platform", PLATFORM, "--implementation", "cp", "--python-version", python]


def _run(trouble: str, arguments: Sequence[str]) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PerfEvalError(f"{trouble}：pip 运行不了或超过 {_TIMEOUT // 60} 分钟") from error
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise PerfEvalError(f"{trouble}：{told[-1].removeprefix('ERROR:').strip() if told else 'pip 没有说明原因'}")
