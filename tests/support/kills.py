"""Ends commands at random points, as a power cut does, looks at what is left, and runs them again.

``python tests/support/kills.py 300`` (``--seed 7``; not on Windows) prints a line a command: how often it was ended, or was done
before; whether what it was to write was then as before or as it should be; what lay about; and every fault. The exit code is 1 if there is
one: an input lost or changed, a file that is neither the old nor the new one, a second run that fails or comes to something else.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from tqdm import tqdm  # noqa: E402

from handed_in import write_folder  # noqa: E402
from perfeval.cli import main as perfeval  # noqa: E402
from support.plain_form import form  # noqa: E402
from support.sheettext import write_sheets  # noqa: E402

_TO_WRITE = os.O_WRONLY | os.O_RDWR
_STEPS = frozenset({"os.rename", "os.remove", "os.chmod", "os.mkdir", "os.rmdir", "os.utime", "sqlite3.connect"})
_PATIENCE = 300  # seconds for a run that is not ended
# What a document tells of the moment in which it was made.
_OF_THE_MOMENT = ("docProps/core.xml", "word/embeddings/")


class Command(NamedTuple):
    """A command to end: its arguments, the files it finds, what it writes, and whether it is run again over what it has written."""

    arguments: tuple[str, ...]
    files: Mapping[str, bytes]
    target: str
    code: int = 0
    again: bool = True


def commands(work: Path) -> dict[str, Command]:
    """Every command that writes, with what it works on, which is made in the folder."""
    work.mkdir()
    source = write_sheets(work / "form.xlsx", {"表": form(reason="按计划完成")})
    said = StringIO()
    with redirect_stdout(said):
        made = [perfeval(["new", str(work / "book.xlsm"), "--data", str(source)])]
    book = {"book.xlsm": (work / "book.xlsm").read_bytes()}
    with redirect_stdout(said):
        made.append(perfeval(["fill", str(work / "book.xlsm")]))
    if any(made):
        raise SystemExit(f"nothing to work on: {said.getvalue()}")
    filled = {"filled.xlsm": (work / "book.xlsm").read_bytes()}
    os.chdir(work)
    (work / "filled.xlsm").write_bytes(filled["filled.xlsm"])
    with redirect_stdout(StringIO()) as found:
        perfeval(["check", "filled.xlsm", "--json"])
    reasons = [item | {"waived": "已核对"} for item in json.loads(found.getvalue())]
    waived = {"reasons.json": json.dumps(reasons).encode()}
    write_folder(work / "forms", 24)
    forms = {path.name: path.read_bytes() for path in sorted((work / "forms").rglob("*.xlsx"))}
    few = dict(list(forms.items())[:12])
    return {
        "fill": Command(("fill", "book.xlsm"), book, "book.xlsm"),
        "new": Command(
            ("new", "made.xlsm", "--data", "form.xlsx"), {"form.xlsx": source.read_bytes()}, "made.xlsm", again=False
        ),
        "freeze": Command(
            ("freeze", "filled.xlsm", "--out", "frozen.xlsx", "--waive", "reasons.json"), filled | waived, "frozen.xlsx"
        ),
        "report": Command(("report", "filled.xlsm", "--out", "report.docx"), filled, "report.docx"),
        "html": Command(("check", ".", "--html", "page.html"), few, "page.html", code=1),
        "rollup": Command(("rollup", "."), few, "汇总.xlsx"),
        "rollup on all cores": Command(("rollup", "."), forms, "汇总.xlsx"),
    }


class Run:
    """One command, run again and again in a folder of its own, which is made anew for each run."""

    def __init__(self, command: Command, work: Path) -> None:
        self.command = command
        self.folder = work / "run"
        self.log = work / "log.txt"
        self.caches = work / "caches"
        self.prepare()
        started = time.monotonic()
        if (code := self.start()) != command.code:
            raise SystemExit(f"{' '.join(command.arguments)} gives {code}: {self.log.read_text('utf-8')[-500:]}")
        self.seconds = time.monotonic() - started
        self.expected = self.content()
        self.prepare()
        self.start(step=-1)
        self.steps = self.log.read_text("utf-8").count("STEP\n")

    def prepare(self) -> None:
        """The folder as the command finds it, and nothing known of it."""
        for folder in (self.folder, self.caches):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        for name, data in self.command.files.items():
            (self.folder / name).write_bytes(data)

    def start(self, *, after: float | None = None, step: int | None = None) -> int:
        """Run the command; its exit code, or minus the signal. It is ended after some seconds, or at a step that concerns the disk.

        Step -1 ends nothing and logs all steps.
        """
        child = os.fork()
        if not child:
            self._be_the_command(step)
        started = time.monotonic()
        while True:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            passed = time.monotonic() - started
            if passed > (_PATIENCE if after is None else after):
                os.kill(child, signal.SIGKILL)
                after = _PATIENCE
            time.sleep(0.002)

    def _be_the_command(self, step: int | None) -> None:
        code = 99
        try:
            os.chdir(self.folder)
            os.environ["XDG_CACHE_HOME"] = str(self.caches)
            log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(log, 1)
            os.dup2(log, 2)
            if step is not None:
                sys.addaudithook(_Steps(step))
            code = perfeval(self.command.arguments)
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)

    def content(self) -> object:
        """What stands in the file that is written: of a document its parts, but for those that tell the moment."""
        path = self.folder / self.command.target
        if path.suffix == ".html":
            return path.read_bytes()
        try:
            with zipfile.ZipFile(path) as file:
                if file.testzip() is None:
                    entries = [(entry.filename, entry.CRC) for entry in file.infolist()]
                    return [entry for entry in entries if not entry[0].startswith(_OF_THE_MOMENT)]
        except zipfile.BadZipFile:
            pass
        return "torn"

    def end_at(self, how: dict[str, Any]) -> Iterator[str]:
        """End the command once, look, and run it again: what there is to count, faults in capitals."""
        self.prepare()
        yield "killed" if self.start(**how) == -signal.SIGKILL else "finished"
        target, before = self.folder / self.command.target, self.command.files.get(self.command.target)
        yield from self._inputs()
        if not target.exists() or target.read_bytes() == before:
            yield "LOST" if before is not None and not target.exists() else "old"
        else:
            yield "new" if self.content() == self.expected else "HALF"
        known = {*self.command.files, self.command.target}
        yield from {f"left: {self._sort(path.name)}" for path in self.folder.iterdir() if path.name not in known}
        if not self.command.again and target.exists():
            return
        code = self.start()
        if code != self.command.code:
            yield f"RUN AGAIN: {code} {self.log.read_text('utf-8')[-300:]}"
        elif self.content() != self.expected:
            yield "OTHERWISE WHEN RUN AGAIN"
        yield from self._inputs()

    def _inputs(self) -> Iterator[str]:
        for name, data in self.command.files.items():
            if name != self.command.target:
                path = self.folder / name
                if not path.exists() or _digest(path.read_bytes()) != _digest(data):
                    yield f"INPUT CHANGED OR LOST: {name}"

    @staticmethod
    def _sort(name: str) -> str:
        return "*.tmp" if name.endswith(".tmp") else "backup" if "备份" in name else name


class _Steps:
    """Counts what this process does to the disk, and ends it at one step."""

    def __init__(self, last: int) -> None:
        self._last, self._step = last, 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _TO_WRITE)
        if writes or event in _STEPS:
            self._step += 1
            if self._last == -1:
                os.write(1, b"STEP\n")
            elif self._step == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int)
    parser.add_argument("--seed", type=int, default=7)
    parsed = parser.parse_args()
    chance = random.Random(parsed.seed)
    tqdm.monitor_interval = 0  # its thread may hold a lock in the moment in which this process is copied
    whole: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        all_commands = commands(work / "made")
        for number, (name, command) in enumerate(all_commands.items()):
            run = Run(command, work)
            counts: Counter[str] = Counter()
            share = parsed.kills // len(all_commands) + (number < parsed.kills % len(all_commands))
            for place_of in range(share):
                step = {"step": chance.randint(1, max(run.steps, 1))}
                how = step if place_of % 2 else {"after": chance.uniform(0, run.seconds)}
                counts.update(run.end_at(how))
            told = ", ".join(f"{what} {count}" for what, count in sorted(counts.items()))
            print(f"{name} ({run.seconds:.1f} s, {run.steps} steps): {told}", flush=True)
            whole.update(counts)
    faults = sum(count for what, count in whole.items() if what[:2].isupper())
    print(f"seed {parsed.seed}: {whole['killed']} killed, {whole['finished']} finished before, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":  # the readers' processes import this module too
    sys.exit(main())
