"""The page about actions: its table of states is the one that is in force."""

from __future__ import annotations

import re

from marsad import locale
from marsad.decide.actions.states import STATES, TRANSITIONS
from marsad.platforms.base import ACTS
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "concepts" / "actions.md").read_text("utf-8")
SOURCE = ROOT / "src" / "marsad" / "decide" / "actions"


def test_the_table_of_states_is_the_codes() -> None:
    rows = re.findall(r"^\| (\w+) \| (action-\w+) \| (\w+) \|$", PAGE, re.MULTILINE)
    assert {(state, kind): after for state, kind, after in rows} == dict(TRANSITIONS)


def test_every_reason_is_explained_and_has_its_sentence() -> None:
    listed = re.findall(
        r"^\| ([a-z, -]+) \| .+ \|$", PAGE.partition("why it ended")[2], re.MULTILINE
    )
    explained = {word for row in listed for word in row.split(", ") if word != "---"}
    known = [str(entry.id) for entry in locale.catalogue("en")]
    sentences = {
        name.removeprefix("action.why.") for name in known if name.startswith("action.why.")
    }
    assert sentences <= explained
    quoted = re.findall(r'"([a-z-]+)"', "".join(path.read_text() for path in SOURCE.glob("*.py")))
    assert sentences <= set(quoted)


def test_every_state_act_and_outcome_of_a_step_has_its_words() -> None:
    became = (*STATES, "would", "later", "limit", "overtaken")
    for lang in locale.LANGUAGES:
        known = locale.catalogue(lang)
        assert all(f"action.state.{state}" in known for state in STATES)
        assert all(f"action.act.{act}" in known for act in ACTS)
        assert all(f"action.became.{word}" in known for word in became)
