"""Conditions on a case, as text: comparisons and sums of its keys, and nothing that could be executed."""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

SUMS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
COMPARISONS = {
    **{ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge},
    **{ast.Eq: operator.eq, ast.NotEq: operator.ne},
}
LONGEST = 500  # characters; deeper nesting than that holds is no condition


@dataclass(frozen=True)
class Filter:
    """A condition, with the keys it asks about and its place in the file."""

    text: str
    names: tuple[str, ...]
    tree: ast.expr
    where: str = ""

    def holds(self, value_of: Callable[[str], Any]) -> bool:
        """Whether a case is to be computed.

        value_of : key → its value in the case.

        Raises
        ------
        ValueError
            Where a key has no value, or numbers and texts are mixed.
        """
        values = {name: value_of(name) for name in self.names}
        if absent := [name for name, value in values.items() if value is None]:
            raise ValueError(f"{absent[0]} is not set, so it cannot be compared; give it in the base case.")
        try:
            return bool(_value(self.tree, values))
        except (TypeError, ZeroDivisionError) as error:
            raise ValueError(
                f"{error} ({', '.join(f'{name} = {value!r}' for name, value in values.items())})."
            ) from None


def parsed(text: str, where: str = "") -> Filter:
    """The condition of a text such as "implant.head_diameter_mm - femur.head_diameter_mm >= -8".

    Keys, numbers, texts in quotes; + - * / and brackets; < <= > >= == !=; and, or, not.

    Raises
    ------
    ValueError
        With what cannot be understood.
    """
    if len(text) > LONGEST:
        raise ValueError(f"a condition has {LONGEST} characters at the most.")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"{text!r} is no condition; write one such as implant.cement_mm <= 2.") from None
    names: list[str] = []
    _understood(tree, names)
    if not isinstance(tree, ast.Compare | ast.BoolOp) and not (
        isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not)
    ):
        raise ValueError(f"{text!r} compares nothing; write a comparison such as implant.cement_mm <= 2.")
    if not names:
        raise ValueError(f"{text!r} asks about no key.")
    return Filter(text, tuple(dict.fromkeys(names)), tree, where)


def _understood(node: ast.AST, names: list[str]) -> None:
    """Collect the names; refuse what is not in the grammar."""
    if (name := _name(node)) is not None:
        names.append(name)
        return
    if isinstance(node, ast.Constant) and type(node.value) in (int, float, str, bool):
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        return _understood(node.operand, names)
    if isinstance(node, ast.BinOp) and type(node.op) in SUMS:
        parts = [node.left, node.right]
    elif isinstance(node, ast.BoolOp):
        parts = node.values
    elif isinstance(node, ast.Compare) and all(type(sign) in COMPARISONS for sign in node.ops):
        parts = [node.left, *node.comparators]
    else:
        raise ValueError(
            f"{ast.unparse(node)!r} cannot stand in a condition: keys, numbers, texts, + - * /, < <= > >= == !=, "
            "and, or, not."
        )
    for part in parts:
        _understood(part, names)


def _name(node: ast.AST) -> str | None:
    """implant.cement_mm as text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := _name(node.value)) is not None:
        return f"{before}.{node.attr}"
    return None


def _value(node: ast.AST, values: Mapping[str, Any]) -> Any:
    if (name := _name(node)) is not None:
        return values[name]
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp):
        inner = _value(node.operand, values)
        return not inner if isinstance(node.op, ast.Not) else -inner
    if isinstance(node, ast.BinOp):
        return SUMS[type(node.op)](_value(node.left, values), _value(node.right, values))
    if isinstance(node, ast.BoolOp):
        inner = (_value(part, values) for part in node.values)
        return all(inner) if isinstance(node.op, ast.And) else any(inner)
    sides = [_value(part, values) for part in (node.left, *node.comparators)]
    return all(COMPARISONS[type(sign)](a, b) for sign, a, b in zip(node.ops, sides, sides[1:]))
