"""Engines by name, what they leave behind, and what is said where one is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from marsad.engines import open_engine
from marsad.engines.aside import Aside
from marsad.engines.base import engine_status
from marsad.engines.duckdb import MOST_THREADS, DuckDBEngine
from marsad.records.errors import InputError, OutsideError
from tests.conftest import ROOT
from tests.engines import functions as f
from tests.engines.rows import many

BLOCKED = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("pyspark", "py4j"):
            raise ImportError(f"{name} is not installed")

sys.meta_path.insert(0, Blocked())
sys.argv = ["marsad", *sys.argv[1:]]
from marsad.cli import main
main()
"""


def without_spark(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "MARSAD_LANG": "en"}
    return subprocess.run(
        [sys.executable, "-c", BLOCKED, *arguments], env=environment, capture_output=True, text=True
    )


class TestByName:
    def test_an_unknown_engine(self) -> None:
        with pytest.raises(InputError) as raised:
            open_engine("postgres")
        assert raised.value.message.id == "engine.unknown"
        assert raised.value.message.values == {"given": "postgres", "valid": ["duckdb", "spark"]}

    def test_the_embedded_engine_is_always_ready(self) -> None:
        assert engine_status()["duckdb"].ready
        assert open_engine().name == "duckdb"


class TestWithoutSpark:
    """The extra is missing."""

    @pytest.fixture(autouse=True)
    def missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pyspark", None)

    def test_the_error_says_how_to_get_it(self, tmp_path: Path) -> None:
        with pytest.raises(OutsideError) as raised:
            open_engine("spark", tmp_path)
        assert raised.value.message.id == "engine.spark-missing"
        assert raised.value.exit_code == 3
        assert list(tmp_path.iterdir()) == []

    def test_status_says_so(self) -> None:
        status = engine_status()["spark"]
        assert not status.ready
        assert status.why
        assert status.gaps

    @pytest.mark.parametrize("lang", ["en", "ar"])
    def test_the_sentence_names_the_command(self, lang: str, tmp_path: Path) -> None:
        with pytest.raises(OutsideError) as raised:
            open_engine("spark", tmp_path)
        sentence = raised.value.message.render(lang)
        assert "pip install" in sentence
        assert "requirements-spark.lock" in sentence

    def test_find_ends_with_exit_code_3(self, tmp_path: Path) -> None:
        made = without_spark("init", str(tmp_path / "ws"), "--policy", "demo")
        assert made.returncode == 0, made.stderr
        found = without_spark("find", "phrases", "--engine", "spark", "-w", str(tmp_path / "ws"))
        assert found.returncode == 3
        assert "pip install" in found.stderr
        assert "Traceback" not in found.stderr

    def test_status_engines_of_the_command_line(self) -> None:
        shown = without_spark("status", "--engines", "--json")
        assert shown.returncode == 0, shown.stderr
        engines = json.loads(shown.stdout)
        assert engines["duckdb"]["ready"]
        assert not engines["spark"]["ready"]
        assert "pip install" in engines["spark"]["why"]
        assert len(engines["spark"]["gaps"]) > 10

    def test_nothing_of_the_core_imports_it(self) -> None:
        code = (
            "import sys, pkgutil, importlib, marsad\n"
            "for module in pkgutil.walk_packages(marsad.__path__, 'marsad.'):\n"
            "    if '.migrations.' not in module.name:\n"  # scripts that Alembic runs
            "        importlib.import_module(module.name)\n"
            "print([name for name in sys.modules if name.split('.')[0] in ('pyspark', 'py4j')])"
        )
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True
        )
        assert done.stdout == "[]\n", done.stderr


class TestWithoutJava:
    @pytest.fixture(autouse=True)
    def missing(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        pytest.importorskip("pyspark")
        monkeypatch.setenv("PATH", str(tmp_path))

    @pytest.mark.parametrize("home", ["", "/nowhere"])
    @pytest.mark.extras
    def test_the_error_says_how_to_get_it(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: str
    ) -> None:
        monkeypatch.setenv("JAVA_HOME", home)
        with pytest.raises(OutsideError) as raised:
            open_engine("spark", tmp_path / "aside")
        assert raised.value.message.id == "engine.java-missing"
        assert raised.value.message.values == {"home": home}
        assert "openjdk-17" in str(raised.value)


class TestAside:
    def test_close_removes_what_was_written(self, tmp_path: Path) -> None:
        with open_engine("duckdb", tmp_path) as engine:
            table = engine.table(many(60_000), "many")
            engine.materialise(table.order_by("text"), "ordered")
            engine.map_batches(f.same, table, many(0).schema)
            next(iter(engine.run(table)))
            engine.collect(table.limit(1))
            (folder,) = tmp_path.iterdir()
            assert list(folder.iterdir())
        assert list(tmp_path.iterdir()) == []

    def test_also_after_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ZeroDivisionError), open_engine("duckdb", tmp_path):
            raise ZeroDivisionError
        assert list(tmp_path.iterdir()) == []

    def test_also_where_close_was_forgotten(self, tmp_path: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from marsad.engines import open_engine\n"
            "import pyarrow as pa; e = open_engine('duckdb', Path(sys.argv[1]))\n"
            "e.table(pa.table({'a': [1]}), 'a')"
        )
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=True)
        assert list(tmp_path.iterdir()) == []

    def test_a_missing_folder_is_made(self, tmp_path: Path) -> None:
        with open_engine("duckdb", tmp_path / "a" / "b") as engine:
            assert engine.collect(engine.table(pa.table({"a": [1]}), "a")).num_rows == 1

    def test_a_folder_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(OutsideError) as raised:
            open_engine("duckdb", tmp_path / "file")
        assert raised.value.message.id == "engine.folder"
        assert raised.value.message.values["folder"] == str(tmp_path / "file")

    def test_names_are_new_and_plain(self, tmp_path: Path) -> None:
        aside = Aside(tmp_path)
        names = [aside.name(stem) for stem in ("a", "a", "مرصد", "", "_hidden", "a b'c")]
        aside.close()
        assert names == ["a_0", "a_1", "rows_2", "rows_3", "hidden_4", "a_b_c_5"]


class TestMemory:
    def test_what_exceeds_the_memory_goes_to_the_folder(self, tmp_path: Path) -> None:
        """A sort of some 400 MB in 200 MB, streamed out while it is read."""
        rows = 400_000
        with DuckDBEngine(tmp_path, memory="200MB", threads=1) as engine:
            table = engine.table(many(rows), "many")
            wide = table.mutate(text=table.text.lpad(1_000, "*"))
            stream = engine.run(wide.order_by(wide.number.desc()))
            numbers = next(stream)["number"].to_pylist()
            spilled = sum(path.stat().st_size for path in tmp_path.glob("*/spill/*"))
            for batch in stream:
                numbers += batch["number"].to_pylist()
        assert numbers == list(range(rows - 1, -1, -1))
        assert spilled > 10 << 20

    def test_many_cores_do_not_use_up_the_memory(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With eight threads DuckDB fails to sort twice its memory; functions may use them all."""
        monkeypatch.setattr("marsad.engines.duckdb._cores", lambda: 64)
        with DuckDBEngine(tmp_path) as engine:
            row = engine._connection.con.execute("SELECT current_setting('threads')").fetchone()
            assert row == (MOST_THREADS,)
            assert engine._workers == 64

    def test_nothing_is_fetched_from_a_network(self) -> None:
        with open_engine("duckdb") as engine:
            setting = "current_setting('autoinstall_known_extensions')"
            con = engine._connection.con  # type: ignore[attr-defined]
            assert con.execute(f"SELECT {setting}").fetchone() == (False,)
