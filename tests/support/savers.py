"""Savers at once: processes that each open one workbook, write a cell of their own and save, started together, round after round.

``python tests/support/savers.py ROUNDS [SAVERS …]`` prints the counts for each number of savers (2 and 8). A round is lost where a
saver said that it has saved and its cell is blank; what is refused was told, and may be tried again.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "udfs")]

from perfeval.books import FileBook
from perfeval.errors import FileRefused
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address
from support import hostile

ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
SAVED, REFUSED = "saved", "refused"


def one(book: Path, row: int) -> str:
    """Write this saver's cell and save; whether it could."""
    try:
        opened = FileBook.open(book)
        opened.apply([Edit("表", Address(row, 1), f"甲{row}")])
        opened.save(backup=False)
    except FileRefused as refused:
        return f"{REFUSED} {refused.reason}"
    return SAVED


def serve(seed: int) -> None:
    """A saver: for each line of its input, a path and a row, one save a moment later; a line of output for each."""
    moment = random.Random(seed)
    for line in sys.stdin:
        path, row = line.rstrip("\n").split("\t")
        for _ in range(moment.randrange(2000)):  # no two start alike
            pass
        print(one(Path(path), int(row)), flush=True)


def counts(folder: Path, rounds: int, savers: int, seed: int = 3) -> Counter[str]:
    """What came of so many rounds: ``rounds``, ``saved``, ``refused``, ``lost``, ``torn`` (unreadable) and ``left`` (files beside it)."""
    processes = [
        subprocess.Popen(
            [sys.executable, __file__, "--serve", str(seed + number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for number in range(savers)
    ]
    came = Counter[str](rounds=rounds)
    blank = hostile.save(folder, hostile.parts(ROW), "空白.xlsx")
    for number in range(rounds):
        own = folder / str(number)
        own.mkdir()
        book = own / "表.xlsx"
        shutil.copy(blank, book)
        for row, process in enumerate(processes, 2):
            assert process.stdin
            process.stdin.write(f"{book}\t{row}\n")
            process.stdin.flush()
        said = [process.stdout.readline().strip() for process in processes if process.stdout]
        grid = FileBook.open(book).grid("表")
        for row, told in enumerate(said, 2):
            written = grid[row, 1].value == f"甲{row}"
            came["saved" if told == SAVED else "refused"] += 1
            came["lost"] += told == SAVED and not written
            came["unsaid"] += told != SAVED and written
        came["left"] += len(list(own.iterdir())) - 1
        shutil.rmtree(own)
    for process in processes:
        process.communicate(timeout=60)
    return came


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        serve(int(sys.argv[2]))
    else:
        lost = 0
        for savers in map(int, sys.argv[2:] or ("2", "8")):
            with tempfile.TemporaryDirectory() as place:
                came = counts(Path(place), int(sys.argv[1]), savers)
            print(f"{savers} savers: {', '.join(f'{count} {name}' for name, count in came.items())}")
            lost += came["lost"]
        sys.exit(bool(lost))
