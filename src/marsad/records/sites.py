"""What differs from site to site: other names of one site, shorteners, parameters that only track.

Everything here is data, or a small rule about one site, used by `marsad.records.urls`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from marsad.records.hosts import host_under

Query = list[str]
"""The parameters of a URL in the order they stand in: ``["a=1", "b"]``."""

SAME_SITE = {
    "twitter.com": "x.com",
    "telegram.me": "t.me",
    "telegram.dog": "t.me",
    "youtu.be": "youtube.com",
    "youtube-nocookie.com": "youtube.com",
    "old.reddit.com": "reddit.com",
    "new.reddit.com": "reddit.com",
    "mbasic.facebook.com": "facebook.com",
    "touch.facebook.com": "facebook.com",
    "fb.com": "facebook.com",
    "vkontakte.ru": "vk.com",
    **dict.fromkeys(
        ("archive.is", "archive.ph", "archive.li", "archive.vn", "archive.fo", "archive.md"),
        "archive.today",
    ),
}
"""Names under which the same pages are served → the name used here."""

_DEVICE_LABELS = frozenset(("www", "m", "mobile", "amp"))

_SHORTENERS = """
    t.co bit.ly bitly.com j.mp tinyurl.com goo.gl ow.ly is.gd v.gd buff.ly dlvr.it ift.tt fb.me
    lnkd.in trib.al tiny.cc rb.gy cutt.ly shorturl.at short.io rebrand.ly t.ly s.id soo.gd adf.ly
    bl.ink clck.ru vk.cc t.cn dwz.cn amzn.to wp.me flip.it po.st su.pr tr.im cli.gs x.co u.to
    ouo.io bc.vc shorte.st mcaf.ee qr.ae nyti.ms wapo.st reut.rs bbc.in cnn.it archive.today
"""
SHORTENERS = frozenset(_SHORTENERS.split())
"""Hosts whose paths say nothing about where they lead. Nothing is ever asked of them: only a bank
of kind ``redirects``, or a pair seen in the data, resolves a short URL."""

_TRACKING_NAMES = """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id
    mc_cid mc_eid _ga _gl _hsenc _hsmi __hssc __hstc mkt_tok vero_id wickedid oly_enc_id
    oly_anon_id rb_clickid s_cid ml_subscriber ml_subscriber_hash wt_mc wt_zmc ref_src ref_url
    __twitter_impression __tn__ fb_action_ids fb_action_types fb_source fb_ref mibextid
    action_object_map action_type_map xtor cmpid ncid sr_share smid soc_src soc_trk guccounter
    guce_referrer guce_referrer_sig ocid spm scm amp usqp outputtype sfnsn rdid share_id
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "piwik_", "matomo_", "hsa_", "__cft__", "_x_tr_")

_TRACKING_HERE = {
    "x.com": frozenset(("s", "t", "cxt", "ref")),
    "youtube.com": frozenset(("si", "feature", "pp", "ab_channel", "t", "list", "index", "app")),
    "instagram.com": frozenset(("hl", "img_index", "taken-by")),
    "tiktok.com": frozenset(("is_from_webapp", "sender_device", "_t", "_r", "lang")),
    "open.spotify.com": frozenset(("si",)),
    "reddit.com": frozenset(("context", "rdt")),
    "t.me": frozenset(("single", "embed", "mode", "before", "after", "dark", "userpic", "q")),
}

_CASELESS_NAMES = frozenset(("t.me", "x.com", "instagram.com", "facebook.com"))
"""Sites whose first path segment is an account name, in any case."""


def site_host(host: str) -> str:
    """A host without the labels that only choose a device (``www.``, ``m.``, …), and under the
    name used here where a site has several."""
    while True:
        first, _, rest = host.partition(".")
        if first not in _DEVICE_LABELS or "." not in rest:
            break
        host = rest
    if host.endswith(".t.me"):
        return "t.me"
    return SAME_SITE.get(host, host)


def other_names(host: str) -> tuple[str, ...]:
    """The hosts, in their plain form, whose addresses may come out under this one."""
    return tuple(other for other, name in SAME_SITE.items() if name == host)


def without_tracking(host: str, query: Query) -> Query:
    """The parameters that choose what is shown, in a fixed order."""
    here = _TRACKING_HERE.get(host, frozenset())
    kept = []
    for parameter in query:
        name = parameter.partition("=")[0].lower()
        tracks = name in _TRACKING or name in here or name.startswith(_TRACKING_PREFIXES)
        if name and not tracks:
            kept.append(parameter)
    return sorted(kept, key=lambda parameter: parameter.partition("=")[0])


def site_path(host: str, typed_host: str, path: str, query: Query) -> tuple[str, str, Query]:
    """Host, path and parameters after the rule of the site, where it has one."""
    rule = _RULES.get(host)
    if rule is not None:
        host, path, query = rule(host, typed_host, path, query)
    if host in _CASELESS_NAMES:
        name, slash, rest = path[1:].partition("/")
        path = f"/{name if name.startswith('+') else name.lower()}{slash}{rest}"
    return host, path, query


def _telegram(host: str, typed: str, path: str, query: Query) -> tuple[str, str, Query]:
    """``t.me/s/name`` → ``t.me/name``; ``name.t.me`` → ``t.me/name``; ``joinchat/X`` → ``+X``."""
    name = typed.removesuffix(".t.me")
    if name != typed and name not in _DEVICE_LABELS and "." not in name:
        path = f"/{name}{path}".removesuffix("/")
    path = re.sub(r"\A/s/(?=.)", "/", path, flags=re.IGNORECASE)
    path = re.sub(r"\A/joinchat/(?=.)", "/+", path, flags=re.IGNORECASE)
    return host, path, query


def _youtube(host: str, typed: str, path: str, query: Query) -> tuple[str, str, Query]:
    """``youtu.be/ID``, ``/shorts/ID``, ``/embed/ID``, ``/live/ID``, ``/v/ID`` → ``/watch?v=ID``."""
    short = host_under(typed, "youtu.be")
    before = "/" if short else "/(?:shorts|embed|live|v)/"
    found = re.match(f"{before}([A-Za-z0-9_-]+)(?:/|$)", path)
    return (host, "/watch", [f"v={found[1]}"]) if found else (host, path, query)


def _x(host: str, typed: str, path: str, query: Query) -> tuple[str, str, Query]:
    """``/name/statuses/1/photo/2`` → ``/name/status/1``."""
    found = re.match(r"(/.+?)/status(?:es)?/([0-9]+)", path)
    return host, f"{found[1]}/status/{found[2]}" if found else path, query


_RULES: dict[str, Callable[[str, str, str, Query], tuple[str, str, Query]]] = {
    "t.me": _telegram,
    "youtube.com": _youtube,
    "x.com": _x,
}


def app_link(url: str) -> str | None:
    """The web address of a ``tg:`` link: ``tg://resolve?domain=name&post=1`` → ``t.me/name/1``."""
    found = re.match(r"tg:/{0,2}(resolve|join)/?\?(.*)", url, re.IGNORECASE)
    if not found:
        return None
    query = dict(part.partition("=")[::2] for part in found[2].split("&"))
    if found[1].lower() == "join":
        return f"https://t.me/+{query['invite']}" if query.get("invite") else None
    if not query.get("domain"):
        return None
    post = f"/{query['post']}" if query.get("post") else ""
    return f"https://t.me/{query['domain']}{post}"
