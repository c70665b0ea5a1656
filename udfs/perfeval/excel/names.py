"""Argument names that VBA takes."""

from __future__ import annotations

# Words of the language that cannot be an argument's name: one of them would stop the whole module from compiling.
_RESERVED = frozenset(
    """and as boolean byref byte byval call case const currency date declare dim do double each else empty end enum
    eqv erase error event exit false for friend function get global gosub goto if imp implements in input integer is
    let like lock long loop lset me mod new next not nothing null object on open option optional or paramarray
    preserve print private public put raiseevent redim resume return rset select set single static step stop string
    sub then to true type until variant wend while with write xor""".split()
)


def vba_name(argument: str) -> str:
    """The argument's name in VBA: itself, or with an underscore behind a reserved word."""
    return f"{argument}_" if argument.lower() in _RESERVED else argument
