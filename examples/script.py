"""Marsad from Python: what was found in a workspace, phrase by phrase.

Run it from the repository's folder, with the workspace's name: `python examples/script.py study`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

import marsad


def main(folder: str) -> None:
    workspace = marsad.open(folder)
    workspace.import_files(["examples/posts.csv"])  # a second time adds nothing
    workspace.find("phrases")

    matched: Counter[str] = Counter()
    for finding in workspace.findings().to_pyarrow().to_pylist():
        if finding["signal"] == "phrases":
            matched.update({item["entry"] for item in json.loads(finding["evidence"])})
    for phrase, posts in matched.most_common():
        print(f"{posts:4d}  {phrase}")


if __name__ == "__main__":
    main(sys.argv[1])
