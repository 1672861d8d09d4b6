"""`marsad bank`: what goes in, what comes out, and what is said of what cannot be taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from marsad.cli.bank import app
from marsad.records.errors import InputError, OutsideError
from marsad.workspace import Workspace


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    folder = tmp_path / "ws"
    monkeypatch.setenv("MARSAD_WORKSPACE", str(folder))
    return Workspace.create(folder)


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def run_json(*arguments: str, code: int = 0) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(*arguments, "--json", code=code).stdout)
    return answer


def refusal(*arguments: str) -> str:
    with pytest.raises(InputError) as raised:
        run(*arguments)
    assert raised.value.exit_code == 2
    return raised.value.message.id


def test_adding_and_listing() -> None:
    done = run_json("add", "sites", "marker.example", "MARKER.example/", "--kind", "domains",
                    "--note", "seen twice", "--policy", "demo@1")  # fmt: skip
    assert done == {"bank": "sites", "kind": "domains", "version": 1, "added": 1, "already": 1,
                    "refused": []}  # fmt: skip
    assert run_json("list") == {
        "banks": [
            {"name": "sites", "kind": "domains", "negative": False, "version": 1,
             "policy": "demo@1", "entries": 1, "withdrawn": 0}
        ]
    }  # fmt: skip
    shown = run_json("list", "sites")
    assert shown["entries"][0]["value"] == "marker.example"
    assert shown["entries"][0]["note"] == "seen twice"
    assert len(shown["entries"][0]["added"]) == len("2026-01-01")
    assert "marker.example" in run("list", "sites").stdout
    assert run("list").stdout == "sites\tdomains\tpositive\tv1\t1\n"


def test_an_account_says_since_when_it_is_closed_and_on_what_basis(workspace: Workspace) -> None:
    added = ("add", "gone", "x:1", "--kind", "accounts", "--basis", "decision 17")
    assert run_json(*added, "--since", "2024-05-01")["added"] == 1
    (bank,) = workspace.banks.all()
    (entry,) = bank.entries
    assert entry.options == {"since": "2024-05-01", "basis": "decision 17"}
    assert run_json("add", "gone", "x:2", "--since", "soon", code=2)["added"] == 0


def test_a_value_that_cannot_be_taken_costs_only_itself() -> None:
    done = run_json(
        "add", "sites", "a.example/page", "b.example", "c**.example", "--kind", "domains"
    )
    assert done["added"] == 1
    assert [item["reason"] for item in done["refused"]] == ["not-a-domain", "obfuscated"]
    nothing = run_json("add", "sites", "a.example/page", code=2)
    assert nothing["added"] == 0
    assert run("add", "sites", "x/y", "z", code=2).exit_code == 2
    assert run_json("list")["banks"][0]["version"] == 1


def test_negative_banks_stay_negative() -> None:
    run("add", "never", "news.example", "--kind", "domains", "--negative")
    run("add", "never", "other.example")
    assert run_json("list")["banks"][0]["negative"] is True
    run("add", "sites", "marker.example", "--kind", "domains")
    assert refusal("add", "sites", "news.example", "--negative") == "bank.positive-differs"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "sites", "marker.example"), "bank.kind-missing"),
        (("add", "sites", "marker.example", "--kind", "words"), "bank.kind"),
        (("add", "../sites", "marker.example", "--kind", "domains"), "bank.name"),
        (("list", "nothing"), "bank.unknown"),
        (("withdraw", "nothing", "x"), "bank.unknown"),
        (("export", "nothing"), "bank.unknown"),
        (("test", "nothing", "x"), "bank.unknown"),
        (("import", "sites", "no-such-file", "--kind", "domains"), "bank.file"),
        (("import", "sites", __file__), "bank.kind-missing"),
        (("list", "-w", "no-such-folder"), "workspace.missing"),
    ],
)
def test_what_the_user_must_mend(arguments: tuple[str, ...], message: str) -> None:
    assert refusal(*arguments) == message


def test_a_list_is_imported_with_what_it_says_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "blocks.csv"
    path.write_text("#domain,#severity\na.example,suspend\nb**.example,suspend\nc.example,noop\n")
    done = run_json("import", "blocks", str(path))
    lines = done.pop("lines")
    assert done == {
        "bank": "blocks", "kind": "domains", "version": 1, "added": 1, "already": 0,
        "format": "mastodon", "refused": {"obfuscated": 1, "blocks-nothing": 1},
    }  # fmt: skip
    assert [(line["line"], line["reason"]) for line in lines] == [
        (3, "obfuscated"),
        (4, "blocks-nothing"),
    ]
    assert run_json("import", "blocks", str(path))["already"] == 1
    assert run_json("list", "blocks")["entries"][0]["source"] == "blocks.csv"
    assert refusal("import", "blocks", str(path), "--kind", "links") == "bank.other-kind"


def test_a_plain_list_goes_into_a_bank_of_a_known_kind(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("b.example\nno domain\n")
    run("add", "sites", "a.example", "--kind", "domains")
    assert run_json("import", "sites", str(path))["added"] == 1
    path.write_text("no domain\n")
    run("import", "sites", str(path), code=2)


@pytest.mark.parametrize(
    ("kind", "line", "said"),
    [
        ("hashes", "pdq:zz", "“zz” is no pdq hash: write pdq: and after it 64 characters of 0–9 "
         "and a–f; here there are 2"),
        ("hashes", "0f0f", "“0f0f” does not say by which algorithm it was made; write "
         "ALGORITHM:HASH with one of pdq, md5,"),
        ("hashes", "crc:0f", "“crc” is not an algorithm known here; write ALGORITHM:HASH with "),
        ("links", "no link", "no link is not a web address; write one such as https://site.exampl"),
        ("domains", "b**.example", "letters hidden by *; what they are is not guessed, so write "),
        ("redirects", "bit.ly/x", "does not say where it leads; write “SHORT TARGET”"),
        ("accounts", "name", "name is not an account; write PLATFORM:ID or PLATFORM:@HANDLE"),
        ("phrases", "x" * 501, "“" + "x" * 60 + "”: 501 characters, and an entry has at most 500"),
        ("phrases", "a\x01b", "”: holds control characters, or line breaks where there can be "),
        ("phrases", "\u0640", "nothing is left to match once marks and signs are set aside; an e"),
    ],
)  # fmt: skip
def test_a_bad_line_is_shown_with_what_would_be_valid(
    tmp_path: Path, kind: str, line: str, said: str
) -> None:
    path = tmp_path / "list.txt"
    path.write_text(f"\n{line}\n", "utf-8")
    shown = run("import", "bad", str(path), "--kind", kind, code=2).output
    assert f"{path}:2: " in shown
    assert said in shown


def test_json_of_another_form_is_shown_what_it_should_be(tmp_path: Path) -> None:
    path = tmp_path / "list.ndjson"
    path.write_text('{"value": "word"}\n[1, 2]\n', "utf-8")
    shown = run("import", "words", str(path), "--kind", "phrases").output
    assert f"{path}:2: “[1, 2]”: not a JSON object or string; write " in shown
    assert '{"value": "…"}' in shown


def test_a_list_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    run("add", "sites", "a.example", "--kind", "domains")
    assert refusal("export", "sites", "-o", str(tmp_path / "none" / "x")) == "export.no-folder"
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutsideError) as raised:
        run("export", "sites", "-o", str(tmp_path / "folder"))
    assert raised.value.message.id == "export.cannot-write"


def test_export_and_import_again(tmp_path: Path) -> None:
    run("add", "channels", "t.me/channel", "--kind", "links", "--match", "prefix")
    run("add", "channels", "t.me/gone")
    run("withdraw", "channels", "t.me/gone")
    for name in ("out.ndjson", "out.csv"):
        path = tmp_path / name
        done = run_json("export", "channels", "-o", str(path))
        assert (done["written"], done["left"]) == (2, 0)
        copy = name.replace(".", "-")
        assert run_json("import", copy, str(path))["added"] == 2
        entries = run_json("list", copy)["entries"]
        assert [entry.get("options") for entry in entries] == [{"match": "prefix"}, None]
        assert entries[1]["withdrawn"]
    plain = run("export", "channels", "--format", "plain")
    assert plain.stdout == "t.me/channel\n"
    assert refusal("export", "channels", "--format", "mastodon") == "bank.format-kind"
    assert refusal("export", "channels", "--json") == "bank.export-where"


def test_a_negative_list_stays_negative_when_imported(tmp_path: Path) -> None:
    run("add", "never", "news.example", "--kind", "domains", "--negative", "--policy", "p@1")
    run("export", "never", "-o", str(tmp_path / "x.ndjson"))
    run("import", "copy", str(tmp_path / "x.ndjson"))
    copy = next(bank for bank in run_json("list")["banks"] if bank["name"] == "copy")
    assert (copy["negative"], copy["policy"]) == (True, "p@1")


def test_identifiers_of_accounts_do_not_leave() -> None:
    run("add", "people", "x:@somebody", "--kind", "accounts")
    assert refusal("export", "people") == "bank.accounts-stay"


def test_withdrawing() -> None:
    run("add", "sites", "a.example", "b.example", "--kind", "domains")
    done = run_json("withdraw", "sites", "https://www.A.example/", "c.example")
    assert done == {"bank": "sites", "version": 2, "withdrawn": 1, "absent": ["c.example"]}
    run("withdraw", "sites", "c.example", code=2)
    assert run_json("list")["banks"][0]["withdrawn"] == 1


def test_trying_a_bank() -> None:
    run("add", "sites", "marker.example", "--kind", "domains")
    for text in ("marker.example", "www.marker.example/a", "see https://marker.example/a."):
        matches = run_json("test", "sites", text)["matches"]
        assert [match["signal"] for match in matches] == ["links"]
        assert matches[0]["evidence"][0]["entry"] == "marker.example"
    start, end = matches[0]["evidence"][0]["spans"][0]
    assert "see https://marker.example/a."[start:end] == "https://marker.example/a"
    assert (
        "https://marker.example/a" in run("test", "sites", "see https://marker.example/a.").stdout
    )
    assert run_json("test", "sites", "other.example")["matches"] == []
    assert run("test", "sites", "other.example").stdout == ""


def test_trying_banks_of_other_kinds() -> None:
    run("add", "words", "quartz lantern", "--kind", "phrases", "--negative")
    assert (
        run_json("test", "words", "the Quartz Lantern shone")["matches"][0]["signal"] == "phrases"
    )
    run("add", "short", "bit.ly/x https://marker.example/", "--kind", "redirects")
    evidence = run_json("test", "short", "https://bit.ly/x")["matches"][0]["evidence"][0]
    assert evidence["target"] == "https://marker.example/"
    assert run_json("test", "short", "https://bit.ly/y")["matches"] == []
    run("add", "people", "x:1", "--kind", "accounts")
    assert refusal("test", "people", "x:1") == "bank.no-signal"


def test_matching_a_part_of_a_word() -> None:
    run("add", "parts", "lant", "--kind", "phrases", "--match", "substring")
    assert run_json("test", "parts", "a lantern")["matches"]
    assert (
        run_json("add", "parts", "x", "--match", "prefix", code=2)["refused"][0]["reason"]
        == "match"
    )


def test_an_account_that_was_closed_on_another_day_is_said_to_be_there_already() -> None:
    run("add", "gone", "x:1", "x:2", "--kind", "accounts", "--since", "2024-05-01")
    assert "differing" not in run_json("add", "gone", "x:1", "--since", "2024-05-01")
    done = run_json("add", "gone", "x:1", "x:3", "--since", "2024-06-01")
    assert (done["added"], done["already"], done["differing"]) == (1, 1, ["twitter:1"])
    told = run("add", "gone", "x:1", "--since", "2024-06-01")
    assert "twitter:1" in told.stderr
    assert "withdraw gone" in told.stderr
