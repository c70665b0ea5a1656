"""What files cost that were made to cost: time and memory of each kind at two sizes, and whether it is read or refused.

Run: ``python benchmarks/bench_hostile.py 4`` makes every kind of ``support.costly`` in its size and four times that, and looks at
each in a process of its own: reviewed, scored, and a cell of it edited and saved. Behind the number may stand names of kinds, or
files of one's own. No file may take ten seconds or 500 MB; what does is marked ``!``.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support.costly import KINDS

SECONDS, MEGABYTES = 10, 500
PATIENCE = int(os.environ.get("PATIENCE", "60"))  # seconds of work after which a process is ended
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


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))


def measured(path: Path) -> tuple[float, float, list[tuple[float, str]]]:
    """Seconds, megabytes at the highest, and each step's time and outcome."""
    copy = path.with_name(f"copy{path.suffix}")
    copy.unlink(missing_ok=True)
    command = [sys.executable, "-c", _LOOK, str(path), str(copy)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=_limited)  # noqa: PLW1509
    assert process.stdout is not None
    steps = [tuple(json.loads(line)) for line in process.stdout]
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, steps


def shown(name: str, size: str, path: Path) -> bool:
    """Prints what a file costs; whether that is too much."""
    seconds, megabytes, steps = measured(path)
    spent = max((one for one, _ in steps), default=seconds)
    is_dear = (
        len(steps) < 3 or spent > SECONDS or megabytes > MEGABYTES or any(said.startswith("!") for _, said in steps)
    )
    times = " ".join(f"{one:5.1f}" for one, _ in steps)
    said = "; ".join(dict.fromkeys(outcome for _, outcome in steps if outcome)) or "no answer"
    kilobytes = path.stat().st_size // 1024
    print(
        f"{'!' if is_dear else ' '} {name:26} {size:>9} {kilobytes:7} kB {seconds:6.1f} s {megabytes:6.0f} MB  [{times}] {said[:110]}",
        flush=True,
    )
    return is_dear


def main() -> None:
    """Look at every kind, or those named."""
    factor, *names = sys.argv[1:] or ["4"]
    dear = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in names or KINDS:
            if name not in KINDS:
                dear += shown(Path(name).name, "", Path(name))
                continue
            for size in dict.fromkeys((KINDS[name].size, KINDS[name].size * int(factor))):
                suffix, data = KINDS[name].make(size)
                path = Path(folder) / f"{name}{suffix}"
                path.write_bytes(data)
                dear += shown(name, str(size), path)
                path.unlink()
    print(f"{dear} too dear")


if __name__ == "__main__":
    main()
