"""The texts that a bundle brings to a desk: batch files, the manual, and where everything comes from."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from string import Template

_CODE_PAGE = (
    "gb2312"  # of the batch files, which ask for code page 936: no byte of a sign in it is one of the shell's own
)


def batch(name: str) -> bytes:
    """A batch file as Windows' shell reads it on a Chinese desk."""
    return _text(name).replace("\n", "\r\n").encode(_CODE_PAGE)


def filled(name: str, words: Mapping[str, str]) -> str:
    """A text with its ``$names`` replaced."""
    return Template(_text(name)).substitute(words)


def _text(name: str) -> str:
    return (resources.files("perfeval") / "resources" / "windows" / name).read_text(encoding="utf-8")
