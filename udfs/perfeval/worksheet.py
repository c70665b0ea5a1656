"""The third operand of the kernels, beside integers and int64 columns: the text of a worksheet formula.

A Term is an expression whose value is a whole number, as every operand of a kernel is: amounts come in at one power of ten
(``units``), points go out of it (``in_points``). Sums, products and comparisons of whole numbers are exact in any program up to
9×10^15, so that none has to mend 0.1+0.2, and a tie is met exactly. Functions of Excel 2010 only, no arrays.
"""

from __future__ import annotations

from typing import Any

from perfeval import formulatext
from perfeval.arithmetic import Scaled

_DIGITS = 15  # that a worksheet keeps of a constant
_MENDED = 11  # decimals to which a quotient is rounded before it is cut: what is beyond, programs see differently
_COMPARES, _ADDS, _MULTIPLIES, _STANDS = range(4)  # how strongly a text holds together


class Term:
    """A whole number, a truth or a word that a worksheet computes; operators give the Term of the result, or what is known of it.

    ``text`` is the expression, without "="; ``least`` is what it cannot fall below, None where that is not known.
    """

    __slots__ = ("_binds", "least", "text")

    def __init__(self, text: str, least: int | None = None, binds: int = _STANDS) -> None:
        self.text = text
        self.least = least
        self._binds = binds

    def __repr__(self) -> str:
        return f"Term({self.text!r})"

    def __bool__(self) -> bool:
        raise TypeError(f"what {self.text} is, the worksheet decides: use scoring.either")

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Any) -> Any:
        return self if _is(other, 0) else _joined(self, "+", other, _ADDS, _sum(self, other))

    def __radd__(self, other: Any) -> Any:
        return self if _is(other, 0) else _joined(other, "+", self, _ADDS, _sum(self, other))

    def __sub__(self, other: Any) -> Any:
        return self if _is(other, 0) else _joined(self, "-", other, _ADDS, None)

    def __rsub__(self, other: Any) -> Any:
        return -self if _is(other, 0) else _joined(other, "-", self, _ADDS, None)

    def __neg__(self) -> Term:
        return Term(f"-{_within(self, _STANDS)}", None, _MULTIPLIES)

    def __mul__(self, other: Any) -> Any:
        return self._times(other, lambda: _joined(self, "*", other, _MULTIPLIES, _product(self, other)))

    def __rmul__(self, other: Any) -> Any:
        return self._times(other, lambda: _joined(other, "*", self, _MULTIPLIES, _product(self, other)))

    def _times(self, other: Any, product: Any) -> Any:
        return self if _is(other, 1) else 0 if _is(other, 0) else product()

    def __floordiv__(self, other: Any) -> Term:
        if _is(other, 1):
            return self
        least = 0 if _known(self) >= 0 and _known(other) >= 0 else None
        return Term(f"INT(ROUND({_within(self, _MULTIPLIES)}/{_within(other, _STANDS)},{_MENDED}))", least)

    def __rfloordiv__(self, other: Any) -> Term:
        return Term(str(other), other) // self

    def __eq__(self, other: Any) -> Any:
        if isinstance(other, int) and other < _known(self):
            return False
        return True if _same(self, other) else _joined(self, "=", other, _COMPARES, None)

    def __ne__(self, other: Any) -> Any:
        if isinstance(other, int) and other < _known(self):
            return True
        return False if _same(self, other) else _joined(self, "<>", other, _COMPARES, None)

    def __lt__(self, other: Any) -> Any:
        return False if _never_below(self, other) else _joined(self, "<", other, _COMPARES, None)

    def __ge__(self, other: Any) -> Any:
        return True if _never_below(self, other) else _joined(self, ">=", other, _COMPARES, None)

    def __gt__(self, other: Any) -> Any:
        return _joined(self, ">", other, _COMPARES, None)

    def __le__(self, other: Any) -> Any:
        return _joined(self, "<=", other, _COMPARES, None)

    def __and__(self, other: Any) -> Any:
        if isinstance(other, bool):
            return self if other else False
        return Term(f"AND({self.text},{other.text})")

    __rand__ = __and__

    def __or__(self, other: Any) -> Any:
        if isinstance(other, bool):
            return True if other else self
        return Term(f"OR({self.text},{other.text})")

    __ror__ = __or__


def units(cell: str, places: int, least: int | None = 0) -> Term:
    """The number in a cell, in units of ``10**-places``; further decimals are rounded away. Not negative, unless ``least`` says so."""
    scale = f"{10**places}" if places < 5 else f"1E{places}"
    return Term(f"ROUND({cell}*{scale},0)" if places else f"ROUND({cell},0)", least)


def in_points(units: Any, places: int) -> str:
    """The expression of a score from its units of ``10**-places``; an empty text where a kernel gave none (a negative number)."""
    if isinstance(units, int):
        return '""' if units < 0 else str(Scaled(units, places))
    points = _scaled(units, places).text
    return points if _known(units) >= 0 else f'IF({_within(units, _ADDS)}<0,"",{points})'


def _scaled(units: Term, places: int) -> Term:
    return Term(f"{_within(units, _MULTIPLIES)}/{10**places}", units.least, _MULTIPLIES) if places else units


def condition(truth: Any) -> str:
    """The expression of a condition; one that is known is 1=1 or 1=0, which every program reads alike."""
    return truth.text if isinstance(truth, Term) else "1=1" if truth else "1=0"


def either(truth: Term, one: Any, other: Any) -> Any:
    """IF; without one where both are the same."""
    if _same(one, other):
        return one
    if one is True:
        return truth | other
    branches = [condition(each) if isinstance(each, bool) else _within(each, _COMPARES) for each in (one, other)]
    return Term(f"IF({truth.text},{','.join(branches)})", _least(one, other))


def lesser(one: Any, other: Any) -> Term:
    """MIN."""
    return Term(f"MIN({_within(one, _COMPARES)},{_within(other, _COMPARES)})", _least(one, other))


def greater(one: Any, other: Any) -> Any:
    """MAX; without one where the bound says nothing new."""
    known = [each.least if isinstance(each, Term) else each for each in (one, other)]
    least = max((each for each in known if each is not None), default=None)
    for bound, each in ((one, other), (other, one)):
        if isinstance(bound, int) and _never_below(each, bound):
            return each
    return Term(f"MAX({_within(one, _COMPARES)},{_within(other, _COMPARES)})", least)


def _joined(left: Any, operator: str, right: Any, binds: int, least: int | None) -> Term:
    behind = binds + 1 if operator in "-<>=<=" else binds
    return Term(f"{_within(left, binds)}{operator}{_within(right, behind)}", least, binds)


def _within(operand: Any, binds: int) -> str:
    """The operand's text, in brackets where it would fall apart."""
    if isinstance(operand, str):
        return formulatext.text(operand)
    if not isinstance(operand, Term):
        constant = _constant(operand)
        return f"({constant})" if operand < 0 and binds > _COMPARES else constant
    return f"({operand.text})" if operand._binds < binds else operand.text


def _constant(number: int) -> str:
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(f"{number!r} is no operand of a formula")
    if len(str(abs(number)).rstrip("0")) > _DIGITS:
        raise ValueError(f"{number} has more digits than a worksheet keeps")
    return str(number)


def _is(operand: Any, number: int) -> bool:
    return isinstance(operand, int) and operand == number


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Term) and isinstance(other, Term):
        return one.text == other.text
    return isinstance(one, int) and isinstance(other, int) and one == other


def _known(operand: Any) -> float:
    """What an operand cannot fall below, as far as that is known."""
    least = operand.least if isinstance(operand, Term) else operand
    return float("-inf") if least is None else least


def _never_below(operand: Any, bound: Any) -> bool:
    return isinstance(bound, int) and _known(operand) >= bound


def _sum(one: Any, other: Any) -> int | None:
    least = _known(one) + _known(other)
    return None if least == float("-inf") else int(least)


def _product(one: Any, other: Any) -> int | None:
    return 0 if _known(one) >= 0 and _known(other) >= 0 else None


def _least(one: Any, other: Any) -> int | None:
    least = min(_known(one), _known(other))
    return None if least == float("-inf") else int(least)
