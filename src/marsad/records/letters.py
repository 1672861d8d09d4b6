"""Letters and digits of all scripts, as one set of ranges that every regular expression here uses.

Python's and DuckDB's regular expressions know different versions of Unicode, and Python's has no
``\\p{L}``; written out, the same characters are letters everywhere. Up to U+FFFF the ranges are the
letters and marks (categories L and M) and the decimal digits (Nd) of Unicode 14, with gaps that
hold nothing closed; above it, whole blocks of scripts.
"""

from __future__ import annotations

_LETTERS = """
    41-5a 61-7a aa b5 ba c0-d6 d8-f6 f8-2c1 2c6-2d1 2e0-2e4 2ec 2ee 300-374 376-37d 37f 386
    388-3f5 3f7-481 483-559 560-588 591-5bd 5bf 5c1-5c2 5c4-5c5 5c7-5f2 610-61a 620-65f 66e-6d3
    6d5-6dc 6df-6e8 6ea-6ef 6fa-6fc 6ff 710-7b1 7ca-7f5 7fa-7fd 800-82d 840-85b 860-887 889-88e
    898-8e1 8e3-963 971-9e3 9f0-9f1 9fc 9fe-a5e a70-a75 a81-ae3 af9-b63 b71 b82-bd7 c00-c63
    c80-c83 c85-ce3 cf1-d4e d54-d57 d5f-d63 d7a-ddf df2-df3 e01-e3a e40-e4e e81-ecd edc-f00
    f18-f19 f35 f37 f39 f3e-f84 f86-fbc fc6 1000-103f 1050-108f 109a-109d 10a0-10fa 10fc-135f
    1380-138f 13a0-13fd 1401-166c 166f-167f 1681-169a 16a0-16ea 16f1-1734 1740-17d3 17d7 17dc-17dd
    180b-180d 180f 1820-193b 1950-19c9 1a00-1a1b 1a20-1a7f 1aa7 1ab0-1b4c 1b6b-1b73 1b80-1baf
    1bba-1bf3 1c00-1c37 1c4d-1c4f 1c5a-1c7d 1c80-1cbf 1cd0-1cd2 1cd4-1fbc 1fbe 1fc2-1fcc 1fd0-1fdb
    1fe0-1fec 1ff2-1ffc 2071 207f 2090-209c 2102 2107 210a-2113 2115 2119-211d 2124 2126
    2128 212a-212d 212f-2139 213c-213f 2145-2149 214e 2183-2184 2c00-2ce4 2ceb-2cf3 2d00-2d6f
    2d7f-2dff 2e2f 3005-3006 302a-302f 3031-3035 303b-303c 3041-309a 309d-309f 30a1-30fa 30fc-318e
    31a0-31bf 31f0-31ff 3400-4dbf 4e00-a48c a4d0-a4fd a500-a60c a610-a61f a62a-a672 a674-a67d
    a67f-a6e5 a6f0-a6f1 a717-a71f a722-a788 a78b-a827 a82c a840-a873 a880-a8c5 a8e0-a8f7 a8fb
    a8fd-a8ff a90a-a92d a930-a953 a960-a9c0 a9cf a9e0-a9ef a9fa-aa4d aa60-aa76 aa7a-aadd aae0-aaef
    aaf2-ab5a ab5c-ab69 ab70-abea abec-abed ac00-d7fb f900-fb28 fb2a-fbb1 fbd3-fd3d fd50-fdc7
    fdf0-fdfb fe20-fe2f fe70-fefc ff21-ff3a ff41-ff5a ff66-ffdc
    10000-1cfff 1d400-1d7cb 1df00-1efff 20000-3ffff e0100-e01ef
"""

_ENCLOSING = "20d0-20f0 fe00-fe0f"

_DIGITS = """
    30-39 660-669 6f0-6f9 7c0-7c9 966-96f 9e6-9ef a66-a6f ae6-aef b66-b6f be6-bef c66-c6f ce6-cef
    d66-d6f de6-def e50-e59 ed0-ed9 f20-f29 1040-1049 1090-1099 17e0-17e9 1810-1819 1946-194f
    19d0-19d9 1a80-1a99 1b50-1b59 1bb0-1bb9 1c40-1c49 1c50-1c59 a620-a629 a8d0-a8d9 a900-a909
    a9d0-a9d9 a9f0-a9f9 aa50-aa59 abf0-abf9 ff10-ff19
    1d7ce-1d7ff 1fbf0-1fbf9
"""


def _characters(ranges: str) -> str:
    """Hexadecimal ranges as the inside of a character class, in the characters themselves."""
    return "".join(
        "-".join(chr(int(end, 16)) for end in part.split("-")) for part in ranges.split()
    )


LETTERS = _characters(_LETTERS)
"""Letters and marks, save those in `ENCLOSING`: the inside of a character class."""

ENCLOSING = _characters(_ENCLOSING)
"""Marks that draw something around a sign, or choose how it looks: keycaps are made of them."""

DIGITS = _characters(_DIGITS)
"""Decimal digits of all scripts: the inside of a character class."""
