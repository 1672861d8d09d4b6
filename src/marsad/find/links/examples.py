"""What `links` must find, and what it must leave alone."""

from __future__ import annotations

from typing import Any

from marsad.banks import Bank, Entry
from marsad.find.signal import Example

_PAGES = Bank("demo-pages", "links", (Entry("https://files.example/d/7-cobalt"),))
_SITES = Bank("demo-sites", "domains", (Entry("marker.example"), Entry("علامة.example")))
_SHORT = Bank(
    "demo-short",
    "redirects",
    (Entry("https://bit.ly/m4rk", options={"target": "https://marker.example/p/1"}),),
)


def _post(number: int, text: str, *urls: str) -> dict[str, Any]:
    return {"id": f"x:{number}", "account": "x:@ines", "text": text, "urls": list(urls)}


EXAMPLES = (
    Example(
        "A listed page, however its address is written; another page of the host is none.",
        [
            _post(1, "read this", "http://www.FILES.example:80/d/7-cobalt/?utm_source=x#top"),
            _post(2, "read this hxxps://files[.]example/d/%37-cobalt"),
            _post(3, "read this https://files.example/d/8-amber"),
            _post(4, "files.example is a host like others, its page 7-cobalt not linked here"),
        ],
        frozenset({"x:1", "x:2"}),
        banks=(_PAGES,),
    ),
    Example(
        "A listed domain with all below it, and nothing that only looks like it.",
        [
            _post(1, "www.sub.marker.example/a"),
            _post(2, "https://notmarker.example/ https://marker.example.other.example/"),
            _post(3, "https://marker.example@other.example/ is a name for logging in elsewhere"),
            _post(4, "https://good.example@marker.example/x"),
        ],
        frozenset({"x:1", "x:4"}),
        banks=(_SITES,),
    ),
    Example(
        "A domain in Arabic letters and its punycode are one; a look-alike letter makes another.",
        [
            _post(1, "https://xn--mgbe0c3bg.example/x"),
            _post(2, "شاهد https://علامة.example/صفحة"),
            _post(3, "https://m\u0430rker.example/"),
        ],
        frozenset({"x:1", "x:2"}),
        banks=(_SITES,),
    ),
    Example(
        "Redirectors, archives and translations carry their target with them.",
        [
            _post(1, "", "https://l.facebook.com/l.php?u=https%3A%2F%2Fmarker.example%2Fa&h=1"),
            _post(2, "", "https://web.archive.org/web/2015/http://marker.example/a"),
            _post(3, "", "https://marker-example.translate.goog/a?_x_tr_sl=ar"),
            _post(4, "", "https://web.archive.org/web/2015/http://news.example/marker.example"),
        ],
        frozenset({"x:1", "x:2", "x:3"}),
        banks=(_SITES,),
    ),
    Example(
        "A short address counts where a bank says where it leads; an unknown one says nothing.",
        [_post(1, "see bit.ly/m4rk"), _post(2, "see https://bit.ly/0th3r")],
        frozenset({"x:1"}),
        banks=(_SITES, _SHORT),
    ),
    Example(
        "A negative bank wins: an archive of those who document, under a listed domain.",
        [
            _post(1, "https://research.marker.example/study https://marker.example/p/2"),
            _post(2, "https://research.marker.example/study"),
        ],
        frozenset({"x:1"}),
        banks=(
            _SITES,
            Bank("documentation", "domains", (Entry("research.marker.example"),), negative=True),
        ),
    ),
    Example(
        "A channel listed as the start of addresses covers its posts.",
        [
            _post(1, "t.me/s/MarkerChannel/12"),
            _post(2, "tg://resolve?domain=markerchannel"),
            _post(3, "t.me/markerchannels/12"),
        ],
        frozenset({"x:1", "x:2"}),
        banks=(
            Bank(
                "demo-channels",
                "links",
                (Entry("https://t.me/markerchannel", options={"match": "prefix"}),),
            ),
        ),
    ),
)
