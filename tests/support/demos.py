"""Whether interpreters make the same demo: ``python tests/support/demos.py PYTHON PYTHON …``, each with PerfEval installed.

What is printed and every member of every file must be equal to the byte (packed bytes depend on the zlib of each). The clock
stands in the names of backups only. Ends with 1 and the names of what differs.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

_BACKUP = re.compile(r"备份-\d{8}-\d{6}")


def demo(python: str, folder: Path) -> dict[str, bytes]:
    """What this interpreter's demo prints and makes, by name; members of packages each by their own."""
    command = [Path(python).absolute(), "-m", "perfeval", "demo", "--out", "demo"]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=folder).stdout
    made = {"": _BACKUP.sub("备份", printed.decode()).encode()}
    for path in filter(Path.is_file, folder.rglob("*")):
        name = _BACKUP.sub("备份", str(path.relative_to(folder)))
        if not zipfile.is_zipfile(path):
            made[name] = path.read_bytes()
            continue
        with zipfile.ZipFile(path) as package:
            made |= {f"{name}!{member}": package.read(member) for member in package.namelist()}
    return made


def main(first: str, *others: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        made = []
        for python in (first, *others):
            own = Path(folder, str(len(made)))
            own.mkdir()
            made.append(demo(python, own))
    differing = sorted(
        {name for one in made for name in made[0].keys() | one.keys() if one.get(name) != made[0].get(name)}
    )
    print(f"{len(made[0])} printed texts, files and members, {len(differing)} not the same")
    print(*differing, sep="\n", end="\n" if differing else "")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
