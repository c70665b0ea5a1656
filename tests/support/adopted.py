"""Standards' files that a test has named: another process knows nothing of them."""

from __future__ import annotations

from perfeval.standards import DETAILED, PROJECTS, any_standard, detailed_standard


def forget_adopted() -> None:
    """What was adopted here is not known any more."""
    for shelf in (DETAILED, PROJECTS):
        for identifier in shelf._adopted.keys() | (shelf._loaded.keys() - {*shelf.available()}):
            shelf._loaded.pop(identifier, None)
            shelf._adopted.pop(identifier, None)
    detailed_standard.cache_clear()
    any_standard.cache_clear()
