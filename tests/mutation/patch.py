"""Puts a changed function in the place of the real one, and takes it out again. Nothing is imported anew."""

import ast
import functools
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from edge_agent.fuse.same import Same
from tests.mutation.change import Mutant, changed

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def applied(mutant: Mutant) -> Iterator[None]:
    """The real function runs the changed code, wherever it was imported to."""
    function = _function(mutant)
    before = function.__code__
    function.__code__ = _code(changed(ROOT / mutant.file, mutant), mutant)
    _forget()
    try:
        yield
    finally:
        function.__code__ = before
        _forget()


def _forget() -> None:
    """What other code made is not handed out again."""
    for name, module in tuple(sys.modules.items()):
        if name.startswith("edge_agent."):
            for found in vars(module).values():
                if isinstance(found, Same):
                    found.forget()


def _function(mutant: Mutant) -> FunctionType:
    module = importlib.import_module(mutant.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    found: Any = module
    for name in mutant.function.split("."):
        found = vars(found)[name]
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, (staticmethod, classmethod)):
        found = found.__func__
    if isinstance(found, Same):
        found = found.make
    if isinstance(found, functools._lru_cache_wrapper):
        found.cache_clear()
        found = found.__wrapped__
    if not isinstance(found, FunctionType):
        raise TypeError(f"{mutant.function} of {mutant.file} is a {type(found).__name__}")
    return found


def _code(tree: ast.Module, mutant: Mutant) -> CodeType:
    """The function's code object within the compiled module."""
    codes = [compile(tree, mutant.file, "exec")]
    while codes:
        code = codes.pop()
        for inner in code.co_consts:
            if isinstance(inner, CodeType):
                if inner.co_qualname == mutant.function:
                    return inner
                codes.append(inner)
    raise LookupError(mutant.function)
