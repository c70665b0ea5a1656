"""LibreOffice on this desk: where it is, which version, and its tools."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfeval.errors import PerfEvalError
from perfeval.libreoffice.names import IDENTIFIER, MINIMUM_PYTHON, MINIMUM_VERSION

_USUAL_PLACES = {
    "win32": ("C:/Program Files/LibreOffice/program", "C:/Program Files (x86)/LibreOffice/program"),
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS",),
}
_ANOTHER_PYTHON = frozenset(("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"))
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Program:
    """An installed LibreOffice: the folder of its programs, and its version, e.g. 25.2.3.2."""

    folder: Path
    version: str

    @property
    def is_new_enough(self) -> bool:
        """Whether formulas with our functions survive a way through .xlsx."""
        return _numbers(self.version) >= _numbers(MINIMUM_VERSION)

    def tool(self, name: str) -> Path:
        """One of its programs: on Windows the one that speaks to a console."""
        return self.folder / (f"{name}.com" if sys.platform == "win32" else name)

    @property
    def python_is_new_enough(self) -> bool:
        """Whether its Python can run this package: distributions use the system's, other builds bring their own."""
        asked = [self.python, "-c", f"import sys; sys.exit(sys.version_info < {MINIMUM_PYTHON})"]
        return self.run(asked).returncode == 0

    @property
    def python(self) -> Path:
        """The Python that runs in it: its own, or the system's where a distribution packaged it."""
        own = self.folder / ("python.exe" if sys.platform == "win32" else "python")
        return own if own.exists() else Path("/usr/bin/python3")

    def manager(self, profile: Path | None, action: str, what: Path | str) -> list[str | Path]:
        """The command that runs ``manager.py`` in its Python, on a profile or the user's own.

        -E: what the environment says to Python is for LibreOffice to feel, not for the manager.
        """
        script = Path(__file__).with_name("manager.py")
        target = url(what) if isinstance(what, Path) else what
        return [self.python, "-E", script, self.tool("soffice"), url(profile) if profile else "", action, target]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of this process without the Python that may be active in it.

        The Python inside LibreOffice looks along PATH for where it is installed, and takes the first python3 there,
        a venv's, for itself; then it finds neither uno nor, of another version, its own library.
        """
        kept = {name: value for name, value in os.environ.items() if name not in _ANOTHER_PYTHON}
        return {**kept, "PATH": os.pathsep.join([str(self.python.parent), kept.get("PATH", os.defpath)])}

    def run(
        self, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of its programs to its end, by default in its own environment.

        Raises PerfEvalError where it does not end.
        """
        try:
            return subprocess.run(
                command, check=False, capture_output=True, encoding="utf-8", errors="replace", timeout=_SECONDS,
                stdin=subprocess.DEVNULL, env=environment or self.environment,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise PerfEvalError(f"{Path(command[0]).name} 没有响应，请关闭 LibreOffice 后再试") from error


def find() -> Program:
    """The LibreOffice of this desk. Raises PerfEvalError with what to do."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    places = [Path(found).resolve().parent] if found else []
    places += [Path(place) for place in _USUAL_PLACES.get(sys.platform, ())]
    for folder in places:
        program = Program(folder, "")
        if program.tool("unopkg").exists():
            return Program(folder, _version(program))
    raise PerfEvalError(f"没有找到 LibreOffice，请先安装 LibreOffice {MINIMUM_VERSION} 或更新的版本")


def url(path: Path) -> str:
    """A file or folder as LibreOffice names it."""
    return path.resolve().as_uri()


def profile() -> Path:
    """The folder of the user's own profile."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "")) / "LibreOffice" / "4"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "LibreOffice" / "4"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "libreoffice" / "4"


def installed_extension(profile: Path) -> str | None:
    """The version of PerfEval in a user's profile, read from what LibreOffice unpacked there; None without it."""
    for description in profile.glob("user/uno_packages/cache/uno_packages/*/*/description.xml"):
        text = description.read_text("utf-8", "replace")
        if f'<identifier value="{IDENTIFIER}"/>' in text and (found := re.search(r'<version value="([^"]+)"', text)):
            return found[1]
    return None


def _version(program: Program) -> str:
    said = program.run([program.tool("soffice"), "--version"]).stdout
    number = re.search(r"\d+(?:\.\d+)+", said)
    if number is None:
        raise PerfEvalError(f"{program.tool('soffice')} 没有说出版本，请重新安装 LibreOffice")
    return number[0]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))[:2]
