"""A document as one page of HTML: it asks nothing of any network, runs no script, and prints."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from marsad.outputs.documents.document import Document
from marsad.outputs.passage import harmless
from marsad.outputs.report.page import content_policy

_FOLDER = Path(__file__).parent


def as_html(document: Document) -> str:
    """The page."""
    template = _environment().get_template("document.html.j2")
    return template.render(
        document=document, style=Markup(stylesheet()), policy=content_policy(stylesheet())
    )


def headers() -> dict[str, str]:
    """What whoever serves such a page has to send with it: nothing but its own style is allowed."""
    allowed = f"{content_policy(stylesheet())}; frame-ancestors 'none'"
    return {"Content-Security-Policy": allowed}


@cache
def stylesheet() -> str:
    """The style sheet that is written into the page."""
    return (_FOLDER / "document.css").read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined,
        finalize=harmless, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
