"""What Spark says when something fails, cut down to what a person can use."""

from __future__ import annotations

import re

from marsad.engines.functions import packed, unpacked
from marsad.records.errors import MarsadError

_CROSSED = re.compile(r"<marsad>(.*?)</marsad>", re.DOTALL)
_LOST = re.compile(
    r"Python worker exited unexpectedly|Python worker failed to connect back"
    r"|ExecutorLostFailure|(?<=SocketException: )[^\n]+"
)
# Java's own cause, py4j's first line of what was thrown, and what ends a Java process
_THROWN = r'(?:Caused by: |: |Exception in thread "[^"\n]*" )'
_CAUSE = re.compile(rf"^{_THROWN}(?:[\w.$]+\.)?([\w$]+):\s*(.+)$", re.MULTILINE)
_PYTHON = re.compile(r"^(?:[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit)\b.*)$", re.MULTILINE)


class CrossingError(Exception):
    """An error of Marsad on its way from an executor to the driver, through Java, as text."""

    def __init__(self, error: MarsadError) -> None:
        super().__init__(f"<marsad>{packed(error)}</marsad>")


def crossed(error: Exception) -> MarsadError | None:
    """The error that a function of ours raised in an executor, if that is what failed."""
    found = _CROSSED.search(str(error))
    return unpacked(found[1]) if found else None


def lost(error: Exception) -> str:
    """How the Python process of an executor ended, if that is what failed; else nothing."""
    found = _LOST.search(str(error))
    return found[0] if found else ""


def not_started(error: Exception) -> str:
    """Why Spark did not start, in one line."""
    if "stopped SparkContext" in str(error):  # it gave up on its master, and tried to go on
        return "no answer from the master"
    return " ".join(reason(error).split())


def reason(error: Exception) -> str:
    """The innermost cause, without Java's stack and the plan of the query."""
    text = str(error)
    if "Traceback (most recent call last)" in text:
        said = _PYTHON.findall(text.partition("Traceback (most recent call last)")[2])
        if said:
            return str(said[0])
    causes = _CAUSE.findall(text)
    if causes:
        return ": ".join(causes[-1])
    return re.split(r";\n|\n\n|\n\tat ", text.strip(), maxsplit=1)[0]
