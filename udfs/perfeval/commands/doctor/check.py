"""One thing that 体检 looks at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``needed`` if nothing works without it; ``remedy`` says what to do."""

    name: str
    found: str
    good: bool
    needed: bool
    remedy: str = ""
