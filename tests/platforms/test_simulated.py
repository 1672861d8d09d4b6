"""The demo's network: its chances follow from the seed, and it fails, delays and lies as often as
it was told to."""

from __future__ import annotations

import errno
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from marsad.platforms.base import Asked, Place, Subject
from marsad.platforms.effects import judge
from marsad.platforms.settings import configured
from marsad.platforms.simulated import FILE, Simulated
from marsad.records.errors import InputError, OutsideError
from marsad.records.times import SECOND
from tests.conftest import ROOT


class Clock:
    now = 1_700_000_000 * SECOND

    def __call__(self) -> int:
        return self.now


def network(folder: Path, clock: Clock | None = None, **knobs: Any) -> Simulated:
    place = Place("demo", folder, clock or Clock())
    found = configured("demo", {"by": "simulated", **knobs}, place, folder / "marsad.toml").platform
    assert isinstance(found, Simulated)
    return found


def asked(id: str = "demo:1", act: str = "suspend", kind: str = "account", **more: Any) -> Asked:
    return Asked(Subject(kind, id), act, 1, 1, "", "demo@1", 1, **more)


def fates(found: Simulated, count: int = 200) -> list[str]:
    endings = [found.request(asked(f"demo:{n}"), f"k{n}").ending for n in range(count)]
    states = [found.look(Subject("account", f"demo:{n}")).state for n in range(count)]
    return [f"{ending} {state}" for ending, state in zip(endings, states, strict=True)]


@pytest.mark.parametrize(
    ("knob", "unlike"),
    [("fails", "later alive"), ("refuses", "refused alive"), ("lies", "accepted alive")],
)
def test_the_knobs(tmp_path: Path, knob: str, unlike: str) -> None:
    found = fates(network(tmp_path, **{knob: 0.3, "seed": 5}))
    assert set(found) == {"accepted suspended", unlike}
    assert 40 <= found.count(unlike) <= 80  # 60 ± 3 standard deviations
    for chance, only in ((0, "accepted suspended"), (1, unlike)):
        folder = tmp_path / f"{chance}"
        folder.mkdir()
        assert set(fates(network(folder, **{knob: chance}), 20)) == {only}


def test_the_same_seed_is_the_same_fate(tmp_path: Path) -> None:
    knobs = {"fails": 0.3, "refuses": 0.2, "lies": 0.2}
    runs = []
    for number, seed in enumerate((1, 1, 2)):
        folder = tmp_path / str(number)
        folder.mkdir()
        runs.append(fates(network(folder, seed=seed, **knobs)))
    assert runs[0] == runs[1] != runs[2]


def test_what_fails_may_be_taken_when_it_is_tried_again(tmp_path: Path) -> None:
    found = network(tmp_path, fails=0.7, seed=3)
    tries = []
    for number in range(20):
        tries.append(1)
        while found.request(asked(f"demo:{number}"), f"k{number}").ending == "later":
            tries[-1] += 1
    assert len(set(tries)) > 3
    assert max(tries) < 60
    assert found.look(Subject("account", "demo:1")).state == "suspended"


def test_what_is_taken_comes_later(tmp_path: Path) -> None:
    clock = Clock()
    found = network(tmp_path, clock, delay_seconds=60.0)
    found.request(asked(), "k")
    assert found.look(Subject("account", "demo:1")).state == "alive"
    clock.now += 60 * SECOND
    assert found.look(Subject("account", "demo:1")).state == "suspended"
    assert network(tmp_path, clock).look(Subject("account", "demo:1")).state == "suspended"


def test_what_was_taken_back_before_it_came_does_not_come(tmp_path: Path) -> None:
    found = network(tmp_path)
    assert found.undo(asked(undoes="k"), "u").ending == "accepted"
    assert found.request(asked(), "k").ending == "accepted"
    assert judge("suspend", True, found.look(Subject("account", "demo:1"))) == "done"


def test_who_is_gone(tmp_path: Path) -> None:
    found = network(tmp_path)
    found.leave("demo:1")
    assert found.request(asked(), "k").ending == "gone"
    assert found.look(Subject("account", "demo:1")).state == "deactivated"


@pytest.mark.parametrize(
    "knobs",
    [{"fails": 1.1}, {"lies": -0.1}, {"refuses": float("nan")}, {"delay_seconds": -1.0},
     {"delay_seconds": float("inf")}, {"seed": "one"}, {"seed": True}, {"fails": "often"},
     {"sleeps": 1.0}],
)  # fmt: skip
def test_knobs_that_cannot_be(tmp_path: Path, knobs: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        network(tmp_path, **knobs)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no database " * 100)
    with pytest.raises(OutsideError):
        network(tmp_path).look(Subject("account", "demo:1"))


def test_a_full_disk(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from marsad.records.errors import OutsideError\n"
        "from tests.platforms.test_simulated import network, asked\n"
        "try: [network(Path(sys.argv[1])).request(asked(f'demo:{n}'), f'k{n}')"
        " for n in range(500)]\n"
        "except OutsideError as error: print(error.message.id)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000)),
    )  # fmt: skip
    assert errno.EFBIG
    assert ended.stdout.strip() in ("disk.full", "store.failed"), ended
    assert network(tmp_path).look(Subject("account", "demo:0")).state == "suspended"
