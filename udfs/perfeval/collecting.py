"""Python's search for circles among objects, put off while one file is worked on.

Reading a sheet and computing its formulas make hundreds of thousands of objects that all stay and form no circle. The collector
looks through them again and again, which is a third of the time of a large sheet.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No collection within the block; where one block stands in another the outer one ends it."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
