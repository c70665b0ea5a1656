"""Mutated packages and random strings: everything is read or refused by an error of ours, nothing else happens.

Run: ``python benchmarks/fuzz.py packages 20000`` or ``python benchmarks/fuzz.py strings 1000000``. A third argument is the seed
(1), a fourth the most minutes that it may take. Each prints what was counted, and fails where an error was none of ours; packages that
brought one about are kept beside, in ``fuzz-failures``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import perfeval.functions  # noqa: F401  (registers them)
from support import fuzzing


def keep(suffix: str, data: bytes) -> None:
    """Keep a package that brought an untyped error about."""
    folder = Path("fuzz-failures")
    folder.mkdir(exist_ok=True)
    (folder / f"{len(list(folder.iterdir())):03}{suffix}").write_bytes(data)


def main() -> int:
    """One run."""
    kind, count, *more = sys.argv[1:]
    seed, minutes = int(more[0]) if more else 1, float(more[1]) if len(more) > 1 else float("inf")
    start = time.monotonic()
    done, outcomes = 0, fuzzing.Outcomes()
    with tempfile.TemporaryDirectory() as folder:
        run = (
            fuzzing.strings(int(count), seed)
            if kind == "strings"
            else fuzzing.packages(int(count), seed, Path(folder), keep)
        )
        for done, outcomes in enumerate(run, start=1):  # noqa: B007
            if time.monotonic() - start > minutes * 60:
                break
    print(f"{done:,} {kind} in {time.monotonic() - start:.0f} s: {outcomes}")
    return 1 if outcomes.untyped else 0


if __name__ == "__main__":
    sys.exit(main())
