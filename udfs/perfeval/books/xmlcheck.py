"""What expat says of an XML part before it is searched as text."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

from perfeval.books.package import DAMAGED, Unreadable, refuse_beyond
from perfeval.budget import TAG_LENGTH

_BETWEEN = "\n"  # parts of a name as expat tells it
_STEP = TAG_LENGTH.most // 2
_TAG = re.compile(rb"""<[^!?/][^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


class Names(NamedTuple):
    """The root's namespace and its prefix ("" or with its colon). ``plain`` tells that the prefix stands for the
    namespace, and nothing else for it, throughout; elements are then known by the letters of their names."""

    namespace: str
    prefix: str
    plain: bool


def refuse_long_tags(data: bytes) -> None:
    """Raises Unreadable for a tag with more attributes than any program writes, before a parser makes objects of them.

    No "<" stands in a tag but its first, so a long one covers a whole step without any; most parts have none such.
    """
    for at in range(0, len(data), _STEP):
        if data.find(b"<", at, at + _STEP) < 0:
            start = data.rfind(b"<", max(at - TAG_LENGTH.most, 0), at)
            if start >= 0 and data[start + 1 : start + 2] not in b"!?/":
                end = start + TAG_LENGTH.most
                refuse_beyond(TAG_LENGTH, 0 if _TAG.match(data, start, end) else TAG_LENGTH.most + 1)


def checked(data: bytes, encoding: str) -> Names:
    """How the part names its elements. Raises Unreadable: not well-formed, a DTD, a tag that is too long, not in the encoding
    that its first bytes say, a prefix that stands for nothing."""
    refuse_long_tags(data)
    parser = expat.ParserCreate(namespace_separator=_BETWEEN)
    parser.namespace_prefixes = True
    declarations: list[tuple[str | None, str | None]] = []
    roots: list[str] = []

    def root(name: str, _: object) -> None:
        roots.append(name)
        parser.StartElementHandler = None

    def declared(_version: str, name: str | None, _standalone: int) -> None:
        family = encoding[:6].rstrip("-").upper()
        if name is not None and not name.upper().startswith((family, "US-ASCII")):
            raise Unreadable(f"文件用了不支持的文字编码 {name}，请用 Excel 或 WPS 打开后另存为 .xlsx")

    def refused(*_: object) -> None:
        raise Unreadable("文件里有不安全的 XML 声明（DTD），没有读取；请向提供者要一份正常的 .xlsx")

    parser.XmlDeclHandler = declared
    parser.StartDoctypeDeclHandler = refused
    parser.StartElementHandler = root
    parser.StartNamespaceDeclHandler = lambda prefix, namespace: declarations.append((prefix, namespace))
    try:
        parser.Parse(data, True)
    except (
        expat.ExpatError,
        LookupError,
        ValueError,
    ) as error:  # the latter two: an encoding that Python does not know
        raise Unreadable(DAMAGED) from error
    namespace, prefix = _parts(roots[0])
    plain = all((each == namespace) == (name == prefix) for name, each in declarations)
    return Names(namespace or "", f"{prefix}:" if prefix else "", plain)


def _parts(name: str) -> tuple[str | None, str | None]:
    """Namespace and prefix of a name: ``local``, ``namespace local`` or ``namespace local prefix``."""
    namespace, *rest = name.split(_BETWEEN)
    return (namespace, rest[1] if len(rest) > 1 else None) if rest else (None, None)
