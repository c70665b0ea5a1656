"""Tables of layouts that no published document has, with what a person reads in them."""

from __future__ import annotations

import tomllib
from typing import Any

from support import DATA

TABLES: dict[str, dict[str, Any]] = {
    f"{path.stem} {name}": table
    for path in sorted(DATA.joinpath("layouts/unseen").glob("*.toml"))
    for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
