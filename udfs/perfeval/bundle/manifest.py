"""What belongs to a bundle: every file with its SHA-256. Pure standard library, as it is read before anything is installed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from perfeval import __version__
from perfeval.bundle.cpython import SERVED
from perfeval.errors import FileRefused

MANIFEST, PYTHON, WHEELS = "manifest.json", "python", "wheels"


class Manifest(NamedTuple):
    """What a bundle was made of: the version of its Python (3.11), and the digest of each file."""

    python: str
    files: dict[str, str]


def write(folder: Path, python: str) -> None:
    """Write down what a folder holds now."""
    content = {"perfeval": __version__, "python": python, "files": dict(_digests(folder))}
    (folder / MANIFEST).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def read(folder: Path, bundle: Path) -> Manifest:
    """What a bundle says of itself; ``bundle`` is its name in the error. Raises FileRefused where it is none."""
    try:
        content: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(content["files"], dict) and content["python"] in SERVED:
            return Manifest(content["python"], content["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileRefused(bundle, f"不是离线安装包，或它的 {MANIFEST} 损坏了") from error
    raise FileRefused(bundle, f"不是离线安装包，或它的 {MANIFEST} 损坏了")


def faults(folder: Path, manifest: Manifest) -> Iterator[str]:
    """What a folder lacks of its manifest, and what is not as it was made."""
    present = dict(_digests(folder))
    for name, digest in manifest.files.items():
        if name not in present:
            yield f"缺少文件 {name}"
        elif present[name] != digest:
            yield f"文件 {name} 与清单不符"


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file of a bundle but the manifest, with its SHA-256."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST:
            yield name, hashlib.sha256(path.read_bytes()).hexdigest()
