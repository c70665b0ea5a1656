"""How the name of a file is shown: as text on one line, whatever bytes it is made of.

A name need not be text: on Linux it is bytes, on Windows it may hold half a surrogate pair, and both may hold line breaks or signs that
turn the line around. The file is opened by its name as it is; people, JSON, workbooks and Parquet get what ``shown`` makes of it.
"""

from __future__ import annotations

import os
import re

_UNSHOWN = "\0-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_ESCAPED = re.compile(f"[{_UNSHOWN}]" if os.sep == "\\" else f"[{_UNSHOWN}\\\\]")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\"}


def shown(path: object) -> str:
    """A path as one line of printable text: ``附件\\xb1.xlsx`` for a byte that is no UTF-8, ``\\n`` for a line break, ``\\u202e`` …

    Two names are never shown alike: where ``\\`` separates no folders it is doubled. A name without such signs is shown as it is.
    """
    return _ESCAPED.sub(_escape, str(path))


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    code = ord(sign)
    if 0xDC80 <= code <= 0xDCFF:  # as Python keeps a byte that is no text
        return f"\\x{code - 0xDC00:02x}"
    return _SHORT.get(sign) or (f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}")
