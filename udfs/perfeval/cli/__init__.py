"""The ``perfeval`` command. Exit codes: 0 good, 1 a refused input or errors found, 2 wrong usage, 130 stopped by Ctrl-C."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from perfeval import __version__
from perfeval.errors import OutputIsInput, PerfEvalError, Stopped, unforeseen_in
from perfeval.filenames import shown

if TYPE_CHECKING:
    from perfeval.cli.common import Parser

_STOPPED = 130  # as shells tell that a program ended by Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what went wrong is one Chinese sentence on standard error, never a traceback."""
    _speak_utf8()
    parsed = Namespace()
    try:
        _parser().parse_args(arguments, parsed)
        code = parsed.run(parsed)
        sys.stdout.flush()
        return code
    except OutputIsInput as error:
        print(error, file=sys.stderr)
        return 2
    except Stopped as stopped:
        _last_word(stopped)
        return _STOPPED
    except PerfEvalError as error:
        _last_word(error)
        return 1
    except KeyboardInterrupt:
        _last_word("已停下；没有写完的文件都清掉了，原来的文件没有动，请再运行一次")
        return _STOPPED
    except BrokenPipeError:
        _drop_output()
        return 0
    except OSError as error:
        from perfeval.books.outputs import why_not

        where = f"{error.filename}：" if error.filename else ""
        _last_word(f"{where}读不了或写不进去：{why_not(error)}")
        _drop_output()
        return 1
    except Exception as error:
        return _fault(error, list(_paths(vars(parsed).values())))


def _fault(error: Exception, files: Sequence[Path]) -> int:
    """The last net: a fault of ours is one sentence too, with what is needed to find it. (Tests see the error itself.)"""
    _last_word(unforeseen_in("、".join(map(shown, files)), error))
    return 1


def _last_word(sentence: object) -> None:
    """All that is said of a command that did not end well: what it leaves half-done complains to nobody when it is forgotten, as the
    zip file does that XlsxWriter was filling."""
    sys.unraisablehook = lambda _: None
    print(sentence, file=sys.stderr)


def _paths(arguments: Iterable[object]) -> Iterator[Path]:
    """The files that arguments name."""
    for value in arguments:
        if isinstance(value, Path):
            yield value
        elif isinstance(value, list):
            yield from _paths(value)


def _drop_output() -> None:
    """What could not be printed is not tried again when the program ends."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _parser() -> Parser:
    # Here, so that a stop while they load is told as any other.
    from perfeval.cli import desk, handover, reference, review, workbooks
    from perfeval.cli.common import Parser

    parser = Parser(prog="perfeval", description="预算绩效自评：新建、填报、计分、复核、说明。")
    parser.add_argument("--version", action="version", version=f"perfeval {__version__}", help="显示版本")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", parser_class=Parser)
    for room in (workbooks, review, handover, reference, desk):
        room.declare(commands)
    return parser


def _speak_utf8() -> None:
    """Chinese and JSON are UTF-8 in pipes and files; a console that cannot show a sign shows a ? instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")  # type: ignore[union-attr]
    if hasattr(sys.stdin, "reconfigure") and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
