"""The independent validator of Office files."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from support import ROOT


def validator() -> list[str] | None:
    local = ROOT / "node_modules/.bin/ooxml-validator"
    found = shutil.which("ooxml-validator") or shutil.which(str(local))
    return [found] if found else None


def complaints(path: Path) -> set[str]:
    """What the validator has against a file, without where."""
    command = validator()
    assert command
    run = subprocess.run([*command, str(path)], capture_output=True, text=True, encoding="utf-8", check=False)
    return {f"{error['id']}: {error['description']}" for error in json.loads(run.stdout)["errors"]}
