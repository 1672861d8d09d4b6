"""Signals are found through entry points; a broken one is named and leaves the others alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any, ClassVar

import pytest

from marsad.banks import Bank
from marsad.find import registry
from marsad.find.links import Links
from marsad.find.signal import Example, ItemSignal, Matcher, NetworkSignal, Parameter, Signal
from marsad.records.errors import InputError


class Fine(ItemSignal):
    name: ClassVar[str] = "fine"
    reads: ClassVar[tuple[str, ...]] = ("id", "text")
    bank_kinds: ClassVar[tuple[str, ...]] = ("phrases",)

    def load(self, banks: Sequence[Bank]) -> Matcher:
        raise NotImplementedError

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return ()


class Together(NetworkSignal):
    name: ClassVar[str] = "together"
    reads: ClassVar[tuple[str, ...]] = ("posts", "shares")

    def find(self, records: Any, engine: Any) -> Any:
        raise NotImplementedError

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return ()


def like(base: type[Signal], **members: Any) -> type[Signal]:
    return type("Odd", (base,), members)


def test_signals_that_keep_the_rules() -> None:
    registry.check(Fine)
    registry.check(Together)
    registry.check(like(Fine, parameters=(Parameter("least", [1, "x"], "", "pure number"),)))


class Half(ItemSignal):
    name: ClassVar[str] = "half"
    reads: ClassVar[tuple[str, ...]] = ("text",)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return ()


class Neither(Signal):
    name: ClassVar[str] = "neither"

    @classmethod
    def examples(cls) -> Sequence[Example]:
        return ()


WITHOUT_A_NAME = type("Odd", (ItemSignal,), {"load": Fine.load, "examples": Fine.examples})


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        (Fine(), "class"),
        (dict, "class"),
        (None, "class"),
        (Neither, "kind"),
        (Half, "abstract"),
        (WITHOUT_A_NAME, "name"),
        (like(Fine, name="Fine"), "name"),
        (like(Fine, name=""), "name"),
        (like(Fine, name="a b"), "name"),
        (like(Fine, name="x" * 41), "name"),
        (like(Fine, name=3), "name"),
        (like(Fine, reads=()), "reads-nothing"),
        (like(Fine, reads="text"), "reads-nothing"),
        (like(Fine, reads=("text", "words")), "reads"),
        (like(Fine, reads=("posts",)), "reads"),
        (like(Together, reads=("text",)), "reads"),
        (like(Fine, bank_kinds=("words",)), "bank-kinds"),
        (like(Fine, parameters=(Parameter("least", 1, "words", ""),)), "parameter-help"),
        (like(Fine, parameters=(Parameter("at least", 1, "words", "x"),)), "parameter-help"),
        (like(Fine, parameters=(Parameter("least", {1}, "words", "x"),)), "parameter-default"),
        (like(Fine, parameters=(Parameter("least", (1,), "words", "x"),)), "parameter-default"),
        (like(Fine, parameters=(Parameter("least", 1, None, "x"),)), "parameter-default"),  # type: ignore[arg-type]
        (like(Fine, parameters=(Parameter("a", 1, "", "x"),) * 2), "parameter"),
        (like(Fine, parameters=("least",)), "parameter"),
    ],
)  # fmt: skip
def test_each_rule(found: Any, rule: str) -> None:
    with pytest.raises(registry.NotASignal) as refused:
        registry.check(found)
    assert refused.value.message.id == f"signal.rule.{rule}"


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EntryPoint]]:
    """Entry points that stand in for those of installed packages."""
    module = ModuleType("plugin_of_a_test")
    module.__dict__.update(Fine=Fine, Together=Together, Links=Links, Half=Half, word="word")
    monkeypatch.setitem(sys.modules, "plugin_of_a_test", module)
    points: list[EntryPoint] = []
    monkeypatch.setattr(registry, "entry_points", lambda group: list(points))
    registry.registered.cache_clear()
    yield points
    registry.registered.cache_clear()


def point(name: str, target: str) -> EntryPoint:
    return EntryPoint(name, target, registry.GROUP)


def test_a_broken_plugin_leaves_the_others(plugins: list[EntryPoint]) -> None:
    plugins += [
        point("together", "plugin_of_a_test:Together"),
        point("fine", "plugin_of_a_test:Fine"),
        point("gone", "no_such_module:Signal"),
        point("absent", "plugin_of_a_test:Absent"),
        point("half", "plugin_of_a_test:Half"),
        point("other", "plugin_of_a_test:Links"),
        point("word", "plugin_of_a_test:word"),
    ]
    assert list(registry.signals()) == ["fine", "together"]
    problems = {item.name: item.problem.id for item in registry.broken()}
    assert problems == {
        "absent": "signal.rule.import",
        "gone": "signal.rule.import",
        "half": "signal.rule.abstract",
        "other": "signal.rule.entry-point",
        "word": "signal.rule.class",
    }
    assert {item.package for item in registry.broken()} == {"plugin_of_a_test", "no_such_module"}


def test_a_module_that_fails_is_named_with_its_error(
    plugins: list[EntryPoint], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plugin_that_fails.py").write_text("raise SystemError('out of order')")
    monkeypatch.syspath_prepend(tmp_path)
    plugins.append(point("fails", "plugin_that_fails:Signal"))
    assert registry.signals() == {}
    problem = registry.broken()[0].problem
    assert problem.values["error"] == "SystemError: out of order"
    with pytest.raises(InputError) as raised:
        registry.signal("fails")
    assert raised.value.message.id == "signal.broken"
    assert raised.value.message.values["package"] == "plugin_that_fails"


def test_of_two_with_one_name_the_second_is_refused(plugins: list[EntryPoint]) -> None:
    plugins += [point("fine", "plugin_of_a_test:Fine"), point("fine", "plugin_of_a_test:Fine")]
    assert list(registry.signals()) == ["fine"]
    assert registry.broken()[0].problem.id == "signal.rule.taken"


def test_a_signal_by_name(plugins: list[EntryPoint]) -> None:
    plugins += [point("fine", "plugin_of_a_test:Fine"), point("links", "plugin_of_a_test:Links")]
    assert registry.signal("fine") is Fine
    assert list(registry.reading_banks("domains")) == ["links"]
    assert registry.reading_banks("hashes") == {}
    with pytest.raises(InputError) as raised:
        registry.signal("finer")
    assert raised.value.message.id == "signal.unknown"
    assert raised.value.message.values["valid"] == ["fine", "links"]
