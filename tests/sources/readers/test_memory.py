"""A line of 1 GB must not take 1 GB, in whatever form it comes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

LONG = 1 << 30
FORMS = {
    "lines": (b'{"n": 1}\n{"n": 2, "text": "', b'"}\n{"n": 3}\n'),
    "document": (b'[{"n": 1}, {"n": 2, "text": "', b'"}, {"n": 3}]'),
    "object": (b'{"n": 2, "text": "', b'"}\n{"n": 3}\n'),
    "table": (b"n,text\n1,a\n2,", b"\n3,b\n"),
    "nothing else": (b"", b""),
}
WHERE = {
    "lines": (2, 2),
    "document": (1, 2),
    "object": (1, 1),
    "table": (3, 2),
    "nothing else": (1, 0),
}
READ = """
import json, resource, sys
from pathlib import Path
from marsad.sources.readers import files, open_reader
reader = open_reader(files([Path(sys.argv[1])])[0])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows, rejected = 0, []
for block in reader.blocks():
    rows += block.rows.num_rows
    rejected += [(row["line"], row["reason"]) for row in block.rejected.to_pylist()]
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"rows": rows, "rejected": rejected, "mib": (after - before) / 1024}))
"""


@pytest.mark.parametrize("form", FORMS)
def test_a_line_of_1_gb(tmp_path: Path, form: str) -> None:
    before, after = FORMS[form]
    compressor = zstandard.ZstdCompressor().compressobj()
    pieces = [compressor.compress(before)]
    pieces += [compressor.compress(b"x" * (1 << 24)) for _ in range(LONG >> 24)]
    pieces += [compressor.compress(after), compressor.flush()]
    (tmp_path / "x").write_bytes(b"".join(pieces))
    done = subprocess.run(
        [sys.executable, "-c", READ, tmp_path / "x"], check=True, stdout=subprocess.PIPE
    )
    found = json.loads(done.stdout)
    line, rows = WHERE[form]
    assert found["rejected"] == [[line, "line-too-long"]]
    assert found["rows"] == rows
    assert found["mib"] < 400
