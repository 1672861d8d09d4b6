"""Work that ends at any of its steps, as if the process had been killed there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest


class KilledError(BaseException):
    """The process ended here."""


def killed_at(
    monkeypatch: pytest.MonkeyPatch, steps: Sequence[tuple[Any, str]], step: int, before: bool,
    work: Callable[[], Any],
) -> bool:  # fmt: skip
    """Does work that ends before or after its n-th step, which are calls of functions; whether it
    came so far."""
    count = 0

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **more: Any) -> Any:
            nonlocal count
            count += 1
            mine = count
            if mine == step and before:
                raise KilledError
            done = function(*given, **more)
            if mine == step:
                raise KilledError
            return done

        return wrapped

    with monkeypatch.context() as patch:
        for module, name in steps:
            patch.setattr(module, name, counting(getattr(module, name)))
        try:
            work()
        except KilledError:
            return True
    return False
