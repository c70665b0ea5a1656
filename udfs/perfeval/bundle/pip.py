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
    if refused := _refused(["wheel", "--no-deps", "--wheel-dir", str(folder), str(source)]):
        raise PerfEvalError(f"做不出 PerfEval 自己的 wheel：{refused}")


def fetch(requirements: Sequence[str], python: str, folder: Path) -> None:
    """Fetch wheels for Windows, and what they require, into a folder. Raises PerfEvalError."""
    if refused := _refused(["download", "--dest", str(folder), *_for(python), *requirements]):
        raise PerfEvalError(f"取不到需要的 wheel，请检查网络和 pip 的设置：{refused}")


def fetch_source(pin: str, folder: Path) -> Path:
    """Fetch a source archive that is pinned with its hash into a folder; its path. Raises PerfEvalError."""
    pins = folder / "pinned.txt"
    pins.write_text(f"{pin}\n", encoding="ascii")
    own = ["--no-deps", "--no-binary", ":all:", "--require-hashes", "-r", str(pins)]
    if refused := _refused(["download", "--dest", str(folder), *own]):
        raise PerfEvalError(f"取不到 {pin.partition(' ')[0]}，请检查网络和 pip 的设置：{refused}")
    (archive,) = folder.glob("*.tar.gz")
    return archive


def refusal(folder: Path, requirements: Path, python: str) -> str:
    """Why pip would not install pinned requirements from a folder alone on Windows; "" if it would. Nothing is installed."""
    alone = ["--no-index", "--no-cache-dir", "--find-links", str(folder), "--require-hashes"]
    target = ["--target", str(folder / "target"), *_for(python)]
    # pip asks the markers and the Python that it runs in; ``wheels`` has followed the requirements for Windows.
    own = ["--no-deps", "--ignore-requires-python"]
    return _refused(["install", "--dry-run", *alone, *target, *own, "-r", str(requirements)])


def _for(python: str) -> list[str]:
    return ["--only-binary=:all:", "--platform", PLATFORM, "--implementation", "cp", "--python-version", python]


def _refused(arguments: Sequence[str]) -> str:
    """Runs pip; what it says when it fails, "" when it does not."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return f"pip 运行不了或超过 {_TIMEOUT // 60} 分钟"
    if not done.returncode:
        return ""
    told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
    return told[-1].removeprefix("ERROR:").strip() if told else "pip 没有说明原因"
