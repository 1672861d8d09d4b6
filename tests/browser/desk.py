"""A desk that is served to a browser, with cases in every state that a page can show."""

from __future__ import annotations

import json
import logging
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyotp
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from marsad.decide.crises import Wanted
from marsad.decide.desk import Desk
from marsad.decide.exhibits import Exhibits, Post, Profile
from marsad.decide.findings import SealedFinding
from marsad.decide.items import content_of
from marsad.decide.opening import open_cases
from marsad.decide.orders import reading
from marsad.decide.preservation import holds
from marsad.decide.preservation.holds import Wanted as WantedHold
from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision
from marsad.decide.settings import NO_QUALITY, Contact
from marsad.decide.settings import Settings as DeskSettings
from marsad.decide.signing_in import Door
from marsad.decide.users import reviewer_of
from marsad.records.times import DAY, HOUR, SECOND, now, to_datetime
from marsad.store import open_database, users
from marsad.store.cases import Case
from marsad.store.orders import Order
from marsad.store.users import User
from marsad.web.app import create_app
from marsad.web.limits import forget
from marsad.web.site import Settings, Site
from marsad.workspace import Workspace, preserving
from marsad.workspace.acting import carry_out
from marsad.workspace.keeping import keep_up
from tests.decide.conftest import ADMIN, POLICY, REASON, START, Clock
from tests.decide.orders.conftest import OPERATOR, PLACES
from tests.outputs.network import group
from tests.outputs.test_report import HOSTILE
from tests.web.conftest import PASSWORD, ROLES, House

LONG = "w" * 10_000
LONG_AR = "كلام طويل جدا " * 700
BIDI = "\u202eوسم\u202c abc \u2066אבג\u2067 123 \u202dالاسم " * 40
NETWORK = [f"x:@member_{n:02}" for n in range(80)]


def picture(side: int = 240) -> bytes:
    """A disc on a ground of two colours, as PNG."""
    rows = bytearray()
    for y in range(side):
        rows.append(0)
        for x in range(side):
            inside = (x - side // 2) ** 2 + (y - side // 2) ** 2 < (side // 3) ** 2
            rows += bytes((220, 40, 60) if inside else (x, 120, 255 - y))
    parts = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)),
             (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b"")]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


PICTURE = picture()
PICTURE_NAME = sha256(PICTURE).hexdigest()
CONTACTS = (
    Contact("Duty desk", phone="112", email="duty@desk.example", note="day and night"),
    Contact("w" * 400),
)


class Running(Clock):
    """The clock on the wall: sessions and leases end as they do for people."""

    def __call__(self) -> int:
        return now()


@contextmanager
def housed(folder: Path) -> Iterator[House]:
    """A house without people and cases, whose clock is the one on the wall."""
    forget()
    clock = Running()
    database = open_database(folder / "review.db")
    desk = Desk(database, (POLICY,), clock, settings=DeskSettings(NO_QUALITY, contacts=CONTACTS))
    workspace = Workspace.create(folder / "workspace")
    (workspace.folder / "media").mkdir()
    (workspace.folder / "media" / PICTURE_NAME).write_bytes(PICTURE)
    settings = Settings(media="media")
    listed = [{"id": "de-example", "name": "Example Authority", "state": "DE", "phone": "+49 1"},
              {"id": "fr-example", "name": "Autre Autorité", "state": "FR"}]  # fmt: skip
    (workspace.folder / "authorities.json").write_text(json.dumps(listed))
    site = Site(desk, Door(database, (), clock), settings, workspace=workspace, operator=OPERATOR,
                places=PLACES)  # fmt: skip
    yield House(site, clock)
    database.close()


@contextmanager
def served(house: House) -> Iterator[str]:
    """The address of a house that is served over a socket."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        server = uvicorn.Server(
            uvicorn.Config(create_app(house.site), log_level=logging.ERROR, access_log=False)
        )
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@dataclass
class Seat:
    """A browser's window on the desk. ``said`` is what no page should: words on the console, errors
    of a script, requests to any other place."""

    context: BrowserContext
    address: str
    page: Page
    said: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def log_in(self, name: str, password: str = PASSWORD) -> None:
        """Fills the form as somebody does who has come to any page."""
        forget()
        self.go("/login")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", password)
        self.press("main form button")

    def press(self, button: str) -> None:
        """Presses a button that leads to a page."""
        with self.page.expect_navigation():
            self.page.locator(button).first.click()

    def key(self, key: str) -> None:
        """Presses a key that leads to a page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def _heard(self, message: ConsoleMessage) -> None:
        # Chromium says so itself of pages that are an error, and these are meant to be.
        if "the server responded with a status of 4" not in message.text:
            self.said.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:image/")):
            self.said.append(request.url)

    def listen(self) -> None:
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.said.append(str(error.error)))
        self.context.on("request", self._asked)


@contextmanager
def seat(browser: Browser, address: str, lang: str = "en", **more: Any) -> Iterator[Seat]:
    """A window with cookies of its own, which must have been silent at its end."""
    given: dict[str, Any] = {"locale": lang, "viewport": {"width": 1280, "height": 800}}
    context = browser.new_context(**(given | more))
    made = Seat(context, address, context.new_page())
    made.page.set_default_timeout(10_000)
    made.listen()
    yield made
    context.close()
    assert made.said == []


def sealed(
    subject: str, signal: str = "phrases", *evidence: Any, kind: str = "account",
    account: str | None = "", number: int = 0, **more: Any,
) -> SealedFinding:  # fmt: skip
    """A finding about a subject."""
    return SealedFinding(
        f"{signal}-{subject}-{number}", kind, subject, subject if account == "" else account,
        signal, 0.5, evidence=[*evidence], **more,
    )  # fmt: skip


def phrase(text: str) -> dict[str, Any]:
    return {
        "message": "phrases.found",
        "values": {"count": 1, "phrases": [text]},
    }


def came_back(parent: str) -> SealedFinding:
    """A return with features for and against, and with a rival."""
    weights = {"handle": 4.2, "bio": 2.5, "hashtag": 3.1, "follow": 1.4, "announcement": 5.0,
               "lag": 0.4, "hours": -1.8, "style": -0.7, "language": -2.2}  # fmt: skip
    evidence = {
        "kind": "return", "parent": parent, "since": START - 30 * DAY, "appeared_at": START,
        "weight": 9.4, "claim": "match", "how": "new", "learnt": True, "bank": "gone",
        "basis": "final decision", "source": "decision", "changed": [],
        "features": [{"name": name, "value": 1 if name in ("announcement", "lag") else 0.734,
                      "weight": weight} for name, weight in weights.items()],
        "rivals": [{"parent": "x:@another", "weight": 8.1}],
    }  # fmt: skip
    values = {"parent": parent, "since": "2023-10-15", "count": 5, "against": 2, "compared": 9,
              "most": {"words": ["report.feature.handle", "report.feature.hashtag"]}}  # fmt: skip
    return sealed(
        "x:back", "returns", evidence, message="returns.match.new.names", values=values,
        score_kind="probability",
    )  # fmt: skip


def beside(partner: str) -> SealedFinding:
    """Coordination of an account with another, with the posts on which they met."""
    meetings = [
        {"post": f"x:{n}", "partner_post": f"x:9{n}", "at": START + n * SECOND, "delay": n,
         "url": f"https://site.example/story/{n}"}
        for n in range(12)
    ]  # fmt: skip
    evidence = {
        "kind": "edge", "partner_account": partner, "object_kind": "url", "reading": "timing",
        "close": 12, "common": 14, "expected": 0.31, "p": 1e-9, "q": 1e-7, "delay": 2.0,
        "spread": 1.5, "came_first": 4, "came_second": 8, "meetings": meetings,
    }  # fmt: skip
    values = {"count": 3, "window": 60, "partner": partner, "close": 12, "common": 14,
              "expected": 0.31}  # fmt: skip
    return sealed(
        "x:back", "coordination", evidence, message="coordination.account.timing", values=values
    )


class Hall:
    """A house with one of each role, and a case in each state by a name; what is prepared is done
    as people do it."""

    def __init__(self, house: House, with_cases: bool = True) -> None:
        self.house, self.desk = house, house.site.desk
        self.people: dict[str, User] = {}
        for role in ROLES:
            self.people[role] = house.add(role, role).user
        self.people["second"] = house.add("second", "moderator").user
        new = house.add("first-day", "moderator", password=None)
        self.people["first-day"], self.first_password = new.user, new.password
        careful = self.people["careful"] = house.add("careful", "moderator").user
        with self.desk.database.writing() as transaction:
            users.change(transaction, careful.id, second_factor=pyotp.random_base32())
        self.cases: dict[str, int] = {}
        for name, prepare in PREPARED.items() if with_cases else ():
            self.cases[name] = prepare(self).id

    def who(self, name: str = "senior") -> Reviewer:
        return reviewer_of(self.people[name])

    def open(self, found: list[SealedFinding], shown: Exhibits) -> Case:
        """The case of a subject."""
        subject, kind = found[0].subject_id, found[0].subject_kind
        open_cases(self.desk.database, found, self.house.clock(), {(kind, subject): shown})
        return self.house.read(subject, kind)

    def take(self, case: Case, *posts: str, by: str = "senior") -> Case:
        """Somebody takes a case and opens posts of it."""
        self.desk.take(self.who(by), case.id)
        for post in posts:
            self.desk.open_post(self.who(by), case.id, post)
        return self.desk.case(self.who(by), case.id)

    def decide(self, case: Case, outcome: str, by: str = "senior", **more: Any) -> Case:
        """Somebody takes a case, opens the subject's post and decides."""
        post = case.subject if case.kind == "post" else f"{case.subject}-post"
        assert post is not None
        shown = self.take(case, post, by=by)
        lease = self.desk.take(self.who(by), case.id)
        given = {"policy": POLICY, "reason": REASON, "item": post} | more
        return self.desk.decide(
            self.who(by), Decision(case.id, shown.version, lease.token, outcome, **given)
        )


def _post(hall: Hall) -> Case:
    text = "نصّ فيه marker word مرّتين: marker"
    shown = Post(
        "x:p1", "x:author", text, "ar", START, signals=("phrases", "copies"),
        marks=((8, 19), (28, 34)), content=content_of(text), kind="quote",
        media=({"hash": PICTURE_NAME, "alt": "a disc", "url": "https://media.example/1.jpg"},
               {"alt": "a video"}),
    )  # fmt: skip
    found = [
        sealed("x:p1", "phrases", {"kind": "phrase", "entry": "marker", "spans": [[8, 14]]},
               kind="post", account="x:author", **phrase("marker")),
        sealed("x:p1", "copies", {"kind": "bank", "bank": "texts", "entry": "t1", "jaccard": 0.82},
               kind="post", account="x:author", **phrase("marker")),
    ]  # fmt: skip
    others = [Post(f"x:o{n}", f"x:other{n}", f"a copy {n}", "en", START) for n in range(3)]
    about = Profile("x:author", "someone", "Someone", "A bio.", 120, 33, 4_000, "alive", START)
    return hall.take(hall.open(found, Exhibits((shown, *others), (about,))), "x:p1", "x:o1")


def _account(hall: Hall) -> Case:
    posts = [Post(f"x:b{n}", "x:back", f"post {n}", "en", START + n * DAY) for n in range(4)]
    about = Profile("x:back", "back_again", "عائد", "حسابي القديم", 12, 40, 5, "alive", START)
    case = hall.open(
        [came_back("x:@was_here"), beside("x:@member_01")], Exhibits(posts, (about,))
    )  # fmt: skip
    return hall.take(case, "x:b0")


def _community(hall: Hall) -> Case:
    row = group(*NETWORK)
    evidence = json.loads(row["evidence"])
    for account in NETWORK[:5]:
        found = [sealed(account, **phrase("marker"))]
        hall.open(found, Exhibits((Post(f"{account}-post", account, "marker", "en", START),)))
    found = [
        sealed(row["subject_id"], "coordination", *evidence, kind="community", account=None,
               message=row["message"], values=json.loads(row["values"]))
    ]  # fmt: skip
    return hall.take(hall.open(found, Exhibits()))


def _decided(hall: Hall) -> Case:
    case = hall.house.open("x:decided")
    hall.decide(case, "suspend", "moderator")
    return hall.decide(hall.house.read("x:decided"), "suspend", "second")


def _escalated(hall: Hall) -> Case:
    return hall.decide(hall.house.open("x:escalated"), "escalate", item=None)


def _second(hall: Hall) -> Case:
    return hall.decide(hall.house.open("x:second"), "suspend", "moderator")


def _erased(hall: Hall) -> Case:
    case = hall.house.open("x:erased")
    hall.desk.note(hall.who(), case.id, "a note about somebody")
    hall.desk.erase(ADMIN, "x:erased")
    return hall.desk.case(hall.who(), case.id)


def _threat(hall: Hall) -> Case:
    case = hall.house.open("x:threat")
    hall.desk.raise_threat(hall.who(), case.id, f"A place and an hour. {LONG[:500]}")
    hall.desk.tell(hall.who(), case.id, "Duty desk", note="by telephone")
    return hall.take(hall.house.read("x:threat"), "x:threat-post")


def _copies(hall: Hall) -> Case:
    text = "the marker word once more"
    for n in range(1, 5):
        hall.house.open(f"x:copy{n}", text=text, content=content_of(text))
    return hall.take(hall.house.read("x:copy1"), "x:copy1-post")


def _held(hall: Hall) -> Case:
    return hall.take(hall.house.open("x:held"), by="moderator")


def _long(hall: Hall) -> Case:
    """All that is long, and all that is hostile, in every place where strangers' texts stand."""
    texts = [LONG, LONG_AR, BIDI, *HOSTILE]
    posts = [
        Post(f"x:long-{n}", "x:long", text, "ar" if n == 1 else "en", START + n,
             signals=("phrases",), marks=((0, 5), (9_000, 9_900)))
        for n, text in enumerate(texts)
    ]  # fmt: skip
    about = Profile("x:long", LONG, BIDI + LONG, LONG_AR + LONG, 10**15, 10**15, 10**15, "alive")
    case = hall.open([sealed("x:long", **phrase(LONG))], Exhibits(posts, (about,)))
    hall.desk.note(hall.who(), case.id, f"{BIDI}{LONG[:5_000]}")
    return hall.take(case, *(post.id for post in posts))


def _told_at_length(hall: Hall) -> Case:
    return hall.decide(hall.house.open("x:" + "n" * 300), "warn", reason=f"{BIDI}{LONG}"[:4_000])


def _many(hall: Hall) -> Case:
    found = [
        sealed("x:many", signal, {"kind": signal, "bank": text, "entry": text, "note": text},
               number=n, **phrase(text), opens_case=n < 40)
        for n, (signal, text) in enumerate(
            (("phrases", "copies", "links", "an_unknown_signal")[n % 4], HOSTILE[n % len(HOSTILE)])
            for n in range(60)
        )
    ]  # fmt: skip
    post = Post("x:many-post", "x:many", "marker word", "en", START)
    return hall.open(found, Exhibits((post,)))


def _crisis(hall: Hall) -> Case:
    """A crisis that runs, with hostile words in all that it looks for; one that is over; and a
    surge that is not one yet."""
    wanted = Wanted((("markers", LONG[:300]),), ("وسم", HOSTILE[0][:60]), ("site.example",),
                    "phrases", "x", START, START + DAY)  # fmt: skip
    hall.desk.open_crisis(hall.who(), f"{BIDI}{LONG[:100]}"[:200], hall.who().id, wanted)
    over = hall.desk.open_crisis(hall.who(), "over", hall.who().id, Wanted(hashtags=("one",)))
    hall.desk.close_crisis(hall.who(), over.id)
    today = hall.house.clock()
    for n in reversed(range(80)):
        what, at = ("amber lantern", today) if n < 50 else ("usual", today - n * DAY // 8)
        entry = {"kind": "phrase", "bank": "markers", "entry": what}
        found = sealed(f"x:surge{n}", "phrases", entry, **phrase(what))
        open_cases(hall.desk.database, [found], at)
    return hall.house.read("x:surge0")


def _asked_for(hall: Hall) -> Case:
    """People were asked to do something, and it could not be done with one of them."""
    workspace = hall.house.site.workspace
    assert workspace is not None
    case = hall.decide(hall.house.open("x:failed"), "warn")
    carry_out(workspace, database=hall.desk.database, clock=hall.house.clock)
    last = hall.desk.to_do(hall.who())[-1].action
    for _ in range(20):  # until nobody is asked again
        hall.desk.record_manual(hall.who(), last.id, "not-possible", f"{BIDI}{LONG[:500]}")
        if all(one.action.id != last.id for one in hall.desk.to_do(hall.who())):
            break
    keep_up(workspace, hall.desk.database, hall.house.clock())
    return case


def _full(hall: Hall) -> Case:
    for n in range(45):
        hall.house.open(f"x:more{n}", kind=("post", "account")[n % 2], text=f"text {n}")
    return hall.house.read("x:more1")


def _order(hall: Hall) -> Order:
    """One that runs, with much to be checked, hostile words, and addresses of nobody we know."""
    said = {
        "authority": {"name": f"{BIDI[:100]}<b>{LONG[:200]}", "state": "FR"},
        "reference": "R-2023/" + "9" * 90,
        "urls": ["https://forum.example/@mona/1", "https://forum.example/" + LONG[:3_000],
                 "https://other.example/1", "https://forum.example/@mona"],
        "explanation": f"{BIDI} {LONG[:2_000]} {LONG_AR[:2_000]}", "lang": "fr", "emergency": True,
        "issued_at": "2099-01-01T00:00Z", "confidential_until": "2099-01-01T00:00Z",
        "located": LONG[:500], LONG[:300]: LONG[:300], "follow_up": HOSTILE[0],
    }  # fmt: skip
    received = hall.house.site.orders.receive(hall.who(), reading.of(said))
    hall.house.site.orders.step(hall.who(), received.order.id, "order-noted", "", LONG[:3_000])
    return received.order


def _order_stopped(hall: Hall) -> Order:
    """One that could not be carried out, received an hour too early."""
    given = reading.of({"urls": ["https://forum.example/@mona/2"], "reference": "R-2",
                        "authority": "de-example"})  # fmt: skip
    orders = hall.house.site.orders
    order = orders.receive(hall.who(), given).order
    return orders.step(hall.who(), order.id, "order-stopped", "force-majeure", LONG_AR[:500])


def _order_late(hall: Hall) -> Order:
    """One whose hour is over while it is carried out."""
    given = reading.of({"urls": ["https://forum.example/@mona/3"], "reference": "R-3",
                        "received_at": to_datetime(hall.house.clock() - 2 * HOUR).isoformat(),
                        "authority": "fr-example"})  # fmt: skip
    orders = hall.house.site.orders
    order = orders.receive(hall.who(), given).order
    orders.execute(hall.who(), order.id, "remove")
    orders.keep_up()
    return order


def _kept(hall: Hall) -> Case:
    """Holds of each sort, requests, and records that are kept, asked for and deleted."""
    case = hall.house.open("x:kept")
    kept, at = hall.house.site.preservation, hall.house.clock()
    for number, name in enumerate(("x:kept", "x:" + "n" * 400, "reporter:a@b.example")):
        open_one = number == 1
        kept.set_hold(hall.who(), WantedHold(
            name, holds.KINDS[number], f"{BIDI}{LONG[:900]}"[:2_000], HOSTILE[0],
            None if open_one else at + 4_000 * DAY, at + DAY if open_one else None,
        ))  # fmt: skip
    over = kept.set_hold(hall.who(), WantedHold("x:over", "court", "b", "r", at + DAY))
    kept.end_hold(hall.who(), over.id, "it is over")
    kept.receive(hall.who(), "x:kept", "erasure", at - 60 * DAY, f"{BIDI}{LONG[:900]}"[:2_000])
    answered = kept.receive(hall.who(), "x:y", "access", at - DAY)
    kept.answer(hall.who(), answered.id, "done")
    record = kept.preserve(hall.who("senior"), case.id, LONG[:900])
    kept.preserve(hall.who("senior"), hall.house.open("x:kept-too").id, "why")
    workspace = hall.house.site.workspace
    assert workspace is not None
    preserving.keep_up(workspace, hall.desk.database, hall.house.clock)
    kept.ask_release(hall.who("auditor"), record, "investigation", "a warrant")
    return case


PREPARED: dict[str, Callable[[Hall], Case | Order]] = {
    "crisis": _crisis, "post": _post, "account": _account, "community": _community,
    "decided": _decided, "escalated": _escalated, "second": _second, "erased": _erased,
    "threat": _threat, "copies": _copies, "held": _held, "long": _long,
    "told": _told_at_length, "many": _many, "asked": _asked_for, "full": _full,
    "order": _order, "order_stopped": _order_stopped, "order_late": _order_late,
    "kept": _kept,
}  # fmt: skip
