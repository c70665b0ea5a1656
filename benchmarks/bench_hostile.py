"""What files cost that were made to cost: time and memory of each kind at two sizes, and whether it is read or refused.

Run: ``python benchmarks/bench_hostile.py 2`` makes every kind of ``support.costly`` in its size and twice that, and looks at
each in a process of its own: reviewed, scored, and a cell of it edited and saved. Behind the number may stand names of kinds, or
files of one's own; ``--at-once 2`` looks at two files at a time. No step may take ten seconds of work or 500 MB; what does is
marked ``!``, and ended soon after.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support.costly import KINDS

SECONDS, MEGABYTES = 10, 500
PATIENCE = 3 * SECONDS + 5  # seconds of work after which a process is ended: three steps, and what making ready takes
_LOOK = """
import json, sys, time
from pathlib import Path
from perfeval.books.file import FileBook
from perfeval.commands import check, score
from perfeval.errors import PerfEvalError
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address

path, copy = map(Path, sys.argv[1:])

def reviewed():
    one = next(iter(check.review(check.to_review([path]))))
    said = [item for item in check.as_items(one)]
    return f"{len(said)} findings" if not one.refused else "refused: " + said[0]["message"]

def scored():
    list(score.as_text(score.score(path).forms))
    return "scored"

def edited():
    if path.suffix != ".xlsx":
        return ""
    book = FileBook.open(path)
    unknown = book.apply([Edit(book.sheets[0], Address(6, 4), 88.5)]).unknown
    book.save(copy)
    return f"edited, {len(unknown)} unknown" if unknown else "edited"

for step in (reviewed, scored, edited):
    start = time.process_time()
    try:
        outcome = step()
    except PerfEvalError as error:
        outcome = "refused: " + error.reason
    except Exception as error:
        outcome = f"! {type(error).__name__}: {str(error)[:80]}"
    print(json.dumps([time.process_time() - start, outcome], ensure_ascii=False), flush=True)
"""


class Cost(NamedTuple):
    """What a file cost: seconds of work, megabytes at the highest, and each step's time and outcome."""

    seconds: float
    megabytes: float
    steps: list[tuple[float, str]]

    @property
    def is_dear(self) -> bool:
        """Whether that is too much, or ended in an error of no kind."""
        return (
            len(self.steps) < 3
            or self.megabytes > MEGABYTES
            or any(spent > SECONDS or outcome.startswith("!") for spent, outcome in self.steps)
        )

    def told(self, name: str, size: str, kilobytes: int) -> str:
        """One line."""
        times = " ".join(f"{spent:5.1f}" for spent, _ in self.steps)
        outcomes = "; ".join(dict.fromkeys(outcome for _, outcome in self.steps if outcome)) or "no answer"
        return (
            f"{'!' if self.is_dear else ' '} {name:26} {size:>9} {kilobytes:7} kB {self.seconds:6.1f} s "
            f"{self.megabytes:6.0f} MB  [{times}] {outcomes[:110]}"
        )


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))


def measured(path: Path) -> Cost:
    """Look at a file in a process of its own."""
    copy = path.with_name(f"copy of {path.name}")
    command = [sys.executable, "-c", _LOOK, str(path), str(copy)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=_limited)  # noqa: PLW1509
    assert process.stdout is not None
    steps = [tuple(json.loads(line)) for line in process.stdout]
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    copy.unlink(missing_ok=True)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, steps)


def cases(names: list[str], factor: int) -> Iterator[tuple[str, int]]:
    """Names of kinds with their two sizes; a file of one's own has the size 0."""
    for name in names or KINDS:
        size = KINDS[name].size if name in KINDS else 0
        for each in dict.fromkeys((size, size * factor)):
            yield name, each


def looked_at(name: str, size: int, folder: Path) -> bool:
    """Makes the file, prints what it costs; whether that is too much."""
    if size:
        suffix, data = KINDS[name].make(size)
        path = folder / f"{name} {size}{suffix}"
        path.write_bytes(data)
        del data
    else:
        path = Path(name)
    cost = measured(path)
    print(cost.told(path.name if not size else name, str(size or ""), path.stat().st_size // 1024), flush=True)
    if size:
        path.unlink()
    return cost.is_dear


def main() -> int:
    """Look at every kind, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("factor", type=int, help="how many times as large the larger file is")
    parser.add_argument("names", nargs="*", help="kinds, or files; all kinds if none")
    parser.add_argument("--at-once", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(asked.at_once) as pool:
        looks = [pool.submit(looked_at, *case, Path(folder)) for case in cases(asked.names, asked.factor)]
        dear = sum(look.result() for look in looks)
    print(f"{len(looks)} files, {dear} too dear")
    return 1 if dear else 0


if __name__ == "__main__":
    sys.exit(main())
