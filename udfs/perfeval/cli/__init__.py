"""The ``perfeval`` command. Exit codes: 0 good, 1 a refused input or errors found, 2 wrong usage, 130 stopped (Ctrl-C)."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from perfeval import __version__
from perfeval.cli import desk, handover, reference, review, workbooks
from perfeval.cli.common import Parser
from perfeval.errors import PerfEvalError, Stopped

_STOPPED = 130  # as shells tell that a program ended by Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what went wrong is one Chinese sentence on standard error, never a traceback."""
    _speak_utf8()
    try:
        parsed = _parser().parse_args(arguments)
        return parsed.run(parsed)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return _STOPPED
    except KeyboardInterrupt:
        print("已停下；要做完，请再运行一次", file=sys.stderr)
        return _STOPPED
    except PerfEvalError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0


def _parser() -> Parser:
    parser = Parser(prog="perfeval", description="预算绩效自评：新建、填报、计分、复核、说明。")
    parser.add_argument("--version", action="version", version=f"perfeval {__version__}")
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
