"""The changes that are tried: one operator, one condition, one number, one statement at a time.

Known tools were looked at first: mutmut (3.8) leaves decorated functions alone, and here what is
asked most often is a property; cosmic-ray runs a whole test process for every change. Rows of the
rule and transition tables are changed by tests/scenarios/test_scenarios.py instead.
"""

import ast
import copy
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}
DROPPED = (ast.Expr, ast.AugAssign, ast.Continue, ast.Break, ast.Raise, ast.Delete)


class Mutant(Struct, frozen=True, kw_only=True):
    """One change of one function: the `number`-th that `changes` finds in the file."""

    file: str
    line: int
    function: str  # as Python names it: "Channel.danger"
    number: int
    what: str


def mutants(path: Path, name: str) -> list[Mutant]:
    """Every change of this file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        Mutant(file=name, line=line, function=function, number=number, what=what)
        for number, (line, function, what) in enumerate(_walk(tree, wanted=None))
    ]


def changed(path: Path, mutant: Mutant) -> ast.Module:
    """The file with this one change."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for _ in _walk(tree, wanted=mutant.number):
        pass
    return ast.fix_missing_locations(tree)


def _walk(tree: ast.Module, wanted: int | None) -> Iterator[tuple[int, str, str]]:
    """Names every change in a fixed order; makes the wanted one."""
    walker = _Walker(wanted)
    for function, qualname in _functions(tree, ""):
        walker.function = qualname
        walker.block(function.body)
    yield from walker.found


def _functions(tree: ast.AST, prefix: str) -> Iterator[tuple[ast.FunctionDef, str]]:
    """Functions and methods, not those within functions: these are part of the outer one."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield node, prefix + node.name
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


class _Walker:
    """Goes through one function after the other, and counts what could be changed."""

    def __init__(self, wanted: int | None) -> None:
        self.found: list[tuple[int, str, str]] = []
        self.function = ""
        self._wanted = wanted

    def _try(self, node: ast.AST, what: str) -> bool:
        """Notes one possible change; True if it is the one to make."""
        self.found.append((getattr(node, "lineno", 0), self.function, what))
        return self._wanted == len(self.found) - 1

    def block(self, body: list[ast.stmt]) -> None:
        """The statements of one block; a docstring is none."""
        for at, statement in enumerate(body):
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue
            if isinstance(statement, DROPPED) and self._try(statement, f"dropped: {_short(statement)}"):
                body[at] = ast.copy_location(ast.Pass(), statement)
                return
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Return) and self._returns_none(node):
            return
        for name, value in ast.iter_fields(node):
            if name in {"body", "orelse", "finalbody"} and isinstance(value, list):
                self.block(value)
            elif name in {"annotation", "returns", "decorator_list", "args", "pattern"}:
                continue
            elif isinstance(value, list):
                for at, child in enumerate(value):
                    if isinstance(child, ast.expr):
                        value[at] = self._expression(child)
                    elif isinstance(child, (ast.match_case, ast.ExceptHandler)):
                        self._arm(child)
            elif isinstance(value, ast.expr):
                condition = isinstance(node, (ast.If, ast.While)) and name == "test"
                setattr(node, name, self._condition(value) if condition else self._expression(value))

    def _returns_none(self, node: ast.Return) -> bool:
        said = node.value
        if said is None or _is_nothing(said):
            return False
        if not self._try(node, f"return None instead of {_short(said)}"):
            return False
        node.value = ast.copy_location(ast.Constant(None), said)
        return True

    def _arm(self, arm: ast.match_case | ast.ExceptHandler) -> None:
        self.block(arm.body)
        if isinstance(arm, ast.match_case) and arm.guard is not None:
            arm.guard = self._condition(arm.guard)

    def _condition(self, node: ast.expr) -> ast.expr:
        if self._try(node, f"not ({_short(node)})"):
            return ast.copy_location(ast.UnaryOp(ast.Not(), node), node)
        return self._expression(node)

    def _expression(self, node: ast.expr) -> ast.expr:  # noqa: C901, PLR0911, PLR0912 (one arm per kind of expression)
        match node:
            case ast.Compare():
                for at, operator in enumerate(node.ops):
                    other = COMPARED[type(operator)]
                    if self._try(node, f"{type(operator).__name__} -> {other.__name__} in {_short(node)}"):
                        node.ops[at] = other()
            case ast.BinOp() if type(node.op) in COMPUTED and not _of_words(node):
                new = COMPUTED[type(node.op)]
                if self._try(node, f"{type(node.op).__name__} -> {new.__name__} in {_short(node)}"):
                    node.op = new()
            case ast.BoolOp():
                swapped = ast.Or() if isinstance(node.op, ast.And) else ast.And()
                if self._try(node, f"{type(node.op).__name__} -> {type(swapped).__name__} in {_short(node)}"):
                    node.op = swapped
            case ast.UnaryOp(op=ast.Not()):
                if self._try(node, f"without the not: {_short(node)}"):
                    return node.operand
            case ast.UnaryOp(op=ast.USub()) if not isinstance(node.operand, ast.Constant):
                if self._try(node, f"without the minus: {_short(node)}"):
                    return node.operand
            case ast.IfExp():
                node.test = self._condition(node.test)
                node.body, node.orelse = self._expression(node.body), self._expression(node.orelse)
                return node
            case ast.Constant(value=bool() as value):
                if self._try(node, f"{value} -> {not value}"):
                    return ast.copy_location(ast.Constant(not value), node)
            case ast.Constant(value=int() | float() as number):
                if self._try(node, f"{number} -> {number + 1}"):
                    return ast.copy_location(ast.Constant(number + 1), node)
            case ast.Call(func=ast.Name(id=name)) if name in SWAPPED:
                if self._try(node, f"{name} -> {SWAPPED[name]} in {_short(node)}"):
                    node.func = ast.copy_location(ast.Name(SWAPPED[name], ast.Load()), node.func)
            case ast.JoinedStr():
                return node  # words: how it is said, not what is decided
        self._children(node)
        return node

    def _children(self, node: ast.AST) -> None:
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(node, name, self._expression(value))
            elif isinstance(value, list):
                for at, child in enumerate(value):
                    if isinstance(child, ast.expr):
                        value[at] = self._expression(child)
                    elif isinstance(child, ast.comprehension):
                        child.iter = self._expression(child.iter)
                        child.ifs = [self._condition(test) for test in child.ifs]
                    elif isinstance(child, ast.keyword):
                        child.value = self._expression(child.value)


def _is_nothing(node: ast.expr) -> bool:
    """None, False and (): whoever asks whether there is anything hears the same; mypy knows them apart."""
    if isinstance(node, ast.Constant):
        return node.value is None or node.value is False
    return isinstance(node, ast.Tuple) and not node.elts


def _of_words(node: ast.BinOp) -> bool:
    return any(isinstance(side, (ast.JoinedStr, ast.Tuple, ast.List)) for side in (node.left, node.right))


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(copy.deepcopy(node)).split())
    return text if len(text) <= 60 else text[:57] + "..."
