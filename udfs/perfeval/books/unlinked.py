"""A workbook without what our functions left in it once their formulas are values: links to the files that they came from ([1]!PE_…,
an add-in's or another workbook's), and names that call them. Links and names of which anything else is used stay."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from perfeval.books.file import FileBook
from perfeval.books.macros import ADDIN_NAME
from perfeval.books.package import Package
from perfeval.books.parts import (
    CONTENT_TYPES,
    linked_files,
    relationships,
    relationships_part,
    without,
    without_override,
)
from perfeval.books.planning import Place
from perfeval.books.xmltext import ATTRIBUTES, XmlText, characters
from perfeval.digits import whole
from perfeval.forms.grid import address

# A text, a sheet's name in apostrophes; or a word, and whether it is called.
_WORD = re.compile(r""""(?:[^"]|"")*"|'(?:[^']|'')*'|(?P<word>(?:[^\W\d]|\\)[\w.\\?]*)(?P<call>\(?)""")
# How a file keeps E1#.
_SPILL = re.compile(r"ANCHORARRAY\((?:(?P<sheet>'(?:[^']|'')*'|[\w.]+)!)?(?P<cell>\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6})\)")
_OURS = re.compile(r"\[(\d{1,5})\]!PE_\w+\(", re.IGNORECASE)

_ANY = "surrogateescape"  # bytes that are no text come out as they went in
# Where a part holds a formula: elements of these names, and attributes of what is drawn.
_PLACE = re.compile(
    rf"""<(?:\w+:)?(?:f|formula[12]?|definedName|calculatedColumnFormula|totalsRowFormula|Fmla\w+)(?=[\s>]){ATTRIBUTES}>([^<]+)<
    |\s(?:macro|textlink|fmla\w+|val)\s*=\s*(?:"([^"]*)"|'([^']*)')""",
    re.VERBOSE,
)
# In such a text, as XML spells it: a text, a sheet's name of this book; or the number of a link before a sheet or a name.
_QUOTE, _APOSTROPHE = r"""(?:"|&quot;|&\#34;|&\#x22;)""", r"""(?:'|&apos;|&\#39;|&\#x27;)"""
_LINK = re.compile(
    rf"""{_QUOTE}(?:(?!{_QUOTE}).)*{_QUOTE}
    |{_APOSTROPHE}(?!\[)(?:(?!{_APOSTROPHE}).)*{_APOSTROPHE}
    |\[(?P<number>\d{{1,5}})\](?=(?:&\#?\w{{1,9}};|[^\[\]"(),;&]){{0,300}}!)""",
    re.DOTALL | re.VERBOSE,
)


def calls_ours(formula: str, names: Collection[str] = ()) -> bool:
    """Whether a formula calls a PE_ function, itself or by one of these names (case-folded)."""
    return any(
        (word["call"] and word["word"].upper().removeprefix("_XLL.").startswith("PE_"))
        or word["word"].casefold() in names
        for word in _WORD.finditer(formula)
        if word["word"]
    )


def names_of_ours(package: Package, main_part: str) -> frozenset[str]:
    """The defined names, of the workbook or of a sheet, that call our functions, also one by another; case-folded."""
    defined = list(_defined(package, main_part))
    ours: frozenset[str] = frozenset()
    while (more := frozenset(name for name, formula in defined if calls_ours(formula, ours))) != ours:
        ours = more
    return ours


def formulas_of_ours(book: FileBook) -> tuple[list[Place], list[Place]]:
    """The formulas of a workbook's sheets that call our functions; and those that take, as E1#, what one of these fills: they would be
    #REF! once it is a value, so they go with it."""
    names = names_of_ours(book.package, book.main_part)
    formulas = {
        (sheet, place): cell.formula
        for sheet in book.user_sheets
        for place, cell in book.grid(sheet).cells.items()
        if cell.formula is not None
    }
    calling = [place for place, formula in formulas.items() if calls_ours(formula, names)]
    gone_places = set(calling)
    gone = {(sheet.casefold(), place) for sheet, place in calling}
    taking = {place: set(_spills(place[0], formula)) for place, formula in formulas.items() if place not in gone_places}
    reading: list[Place] = []
    while more := [place for place, spills in taking.items() if spills & gone]:
        reading += more
        gone |= {(sheet.casefold(), place) for sheet, place in more}
        taking = {place: spills for place, spills in taking.items() if place not in more}
    return calling, reading


def _spills(sheet: str, formula: str) -> Iterator[Place]:
    """The cells whose spilled areas a formula of a sheet takes; sheets case-folded."""
    for spill in _SPILL.finditer(formula) if "ANCHORARRAY(" in formula else ():
        named = spill["sheet"] or sheet
        yield (
            (named[1:-1].replace("''", "'") if named.startswith("'") else named).casefold(),
            address(spill["cell"].replace("$", "")),
        )


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The workbook, the files to which it has no link any more, the names that are gone, and the files that something else than a cell
    still takes our functions from."""

    package: Package
    files: tuple[str, ...]
    names: tuple[str, ...]
    staying: tuple[str, ...]


def unlinked(package: Package, main_part: str, formulas: Iterable[str]) -> Unlinked:
    """The workbook without the links that only these formulas, which are values by now, and names of ours needed."""
    gone_names = names_of_ours(package, main_part)
    gone_names -= _reached(package, main_part, gone_names)
    named = [formula for name, formula in _defined(package, main_part) if name in gone_names]
    files = linked_files(package, main_part)
    numbers = {whole(number) for formula in (*formulas, *named) for number in _OURS.findall(formula)}
    numbers |= {place for place, file in enumerate(files, start=1) if file.casefold() == ADDIN_NAME.casefold()}
    changes = {main_part: _without_names(package.read(main_part), gone_names)} if gone_names else {}
    package = Package(package.rebuilt(changes)) if changes else package

    texts = {part: _text(package, part) for part in _parts(package, main_part)}
    used = {number for text in texts.values() for number in _numbers(text)}
    if any("<![CDATA[" in text for text in texts.values()):
        used |= numbers  # formulas may stand there that no pattern sees
    gone = {number for number in numbers - used if number <= len(files)}
    calling = {whole(number) for text in texts.values() for place in _formulas(text) for number in _OURS.findall(place)}
    staying = tuple(files[number - 1] for number in sorted(numbers & calling) if number <= len(files))
    if gone:
        package = Package(package.rebuilt(_without_links(package, main_part, texts, gone)))
    return Unlinked(package, tuple(files[number - 1] for number in sorted(gone)), tuple(sorted(gone_names)), staying)


# --- names ---


def _defined(package: Package, main_part: str) -> Iterator[tuple[str, str]]:
    xml = XmlText.parse(package.read(main_part))
    for name in xml.each("definedName"):
        yield name.attributes.get("name", "").casefold(), xml.text_of(name)


def _reached(package: Package, main_part: str, ours: Collection[str]) -> frozenset[str]:
    """Those of our names that something else than themselves mentions."""
    defined = [(name, formula) for name, formula in _defined(package, main_part) if name in ours]
    formulas = [
        formula
        for part in _parts(package, main_part)
        if part != main_part
        for formula in _formulas(_text(package, part))
    ]
    reached = {name for name in ours if any(calls_ours(formula, {name}) for formula in formulas)}
    while more := {
        name
        for outer, formula in defined
        if outer in reached
        for name in ours
        if name not in reached and calls_ours(formula, {name})
    }:
        reached |= more
    return frozenset(reached)


def _without_names(data: bytes, gone: Collection[str]) -> bytes:
    xml = XmlText.parse(data)
    block = xml.first("definedNames")
    if block is None:
        return data
    names = list(xml.each("definedName", block.inner, block.close))
    leaving = [name for name in names if name.attributes.get("name", "").casefold() in gone]
    if len(leaving) == len(names):
        return xml.spliced([(block.start, block.end, "")]).encode()
    return xml.spliced((name.start, name.end, "") for name in leaving).encode()


# --- links ---


def _parts(package: Package, main_part: str) -> Iterator[str]:
    """The parts that may hold formulas, but for what links keep of their files."""
    folder = main_part.rpartition("/")[0]
    for part in package.names:
        if part.startswith(f"{folder}/") and part.endswith((".xml", ".vml")) and "/externalLinks/" not in part:
            yield part


def _text(package: Package, part: str) -> str:
    """A part as text, whatever is wrong with it."""
    data = package.read(part)
    return data.decode(_encoding(data), _ANY)


def _encoding(data: bytes) -> str:
    return "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"


def _formulas(text: str) -> Iterator[str]:
    """The formulas of a part."""
    for place in _PLACE.finditer(text):
        yield characters(place[place.lastindex or 0])


def _numbers(text: str) -> Iterator[int]:
    """The links that a part's formulas use, by number."""
    for place in _PLACE.finditer(text):
        for link in _LINK.finditer(place[place.lastindex or 0]):
            if link["number"]:
                yield whole(link["number"])


def _renumbered(text: str, moved: Mapping[int, int]) -> str:
    """A part whose formulas have the links' new numbers."""

    def link(found: re.Match[str]) -> str:
        number = found["number"]
        return f"[{moved.get(whole(number), number)}]" if number else found[0]

    def place(found: re.Match[str]) -> str:
        start, end = (at - found.start() for at in found.span(found.lastindex or 0))
        return found[0][:start] + _LINK.sub(link, found[0][start:end]) + found[0][end:]

    return _PLACE.sub(place, text)


def _without_links(
    package: Package, main_part: str, texts: Mapping[str, str], gone: Collection[int]
) -> dict[str, bytes | None]:
    """The changed parts by name, None for those that go."""
    xml = XmlText.parse(package.read(main_part))
    listed = list(xml.each("externalReference"))
    left = [number for number in range(1, len(listed) + 1) if number not in gone]
    moved = {number: place for place, number in enumerate(left, start=1) if number != place}
    changes: dict[str, bytes | None] = {
        part: new.encode(_encoding(package.read(part)), _ANY)
        for part, text in texts.items()
        if (new := _renumbered(text, moved)) != text
    }
    ids = {
        value
        for number in gone
        for key, value in listed[number - 1].attributes.items()
        if key == "id" or key.endswith(":id")
    }
    xml = XmlText.parse(changes.get(main_part) or package.read(main_part))
    block, listed = xml.first("externalReferences"), list(xml.each("externalReference"))
    leaving = [listed[number - 1] for number in gone] if left or block is None else [block]
    changes[main_part] = xml.spliced((one.start, one.end, "") for one in leaving).encode()
    links, types = relationships_part(main_part), package.read(CONTENT_TYPES)
    for link in relationships(package, main_part):
        if link.id in ids:
            changes |= {link.target: None, relationships_part(link.target): None}
            types = without_override(types, link.target)
    changes[links] = without(package.read(links), "Relationship", lambda given: given.get("Id") in ids)
    changes[CONTENT_TYPES] = types
    return changes
