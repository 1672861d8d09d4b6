"""A forum with a desk: `marsad serve` in a process of its own, out of its settings alone, and the
systems around it as real servers of this machine: mail, the platform that acts, and the stand-in
of the transparency database."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from marsad.decide import users
from marsad.records.times import now
from marsad.store import open_database
from marsad.workspace import Workspace, stating
from tests.decide.statements import stand_in
from tests.decide.statements.conftest import RULE
from tests.mail_server import Post, mail_server
from tests.platforms import receiver
from tests.platforms.receiver import Receiver
from tests.web.conftest import PASSWORD
from tests.workspace.conftest import ndjson, take

ROOT = Path(__file__).parents[2]
KEY = b"k" * 32
NIGHT = "night@forum.example"
TEXT = {"en": "Bring the marker word to the market.", "ar": "احملوا كلمة العلامة إلى السوق."}
AUTHORITY = {"id": "de-example", "name": "Example Authority", "state": "DE", "phone": "+49 1"}
PEOPLE = {"sana": "senior", "mona": "moderator", "amal": "appeals"}

SETTINGS = """
[operator]
name = "Forum Example"
email = "contact@forum.example"
country = "DE"
languages = ["en", "ar"]

[[places]]
platform = "forum"
host = "forum.example"
account = ["/@{{account}}"]
post = ["/@{{account}}/{{post}}"]

[[places]]
platform = "board"
host = "board.example"
post = ["/@{{account}}/{{post}}"]

[platforms.forum]
by = "webhook"
url = "{forum}/actions"
status_url = "{forum}/status?kind={{kind}}&id={{id}}"
allow_loopback = true

[mail]
host = "127.0.0.1"
port = {mail}
security = "none"
sender = "desk@forum.example"

[[orders.rota]]
name = "Night duty"
email = "{night}"
lang = "{lang}"

[statements]
address = "{public}"
allow_loopback = true
a_minute = 600
"""


@dataclass(frozen=True)
class Forum:
    """Where the desk answers, and what the systems around it were told; ``lang`` is the language
    of its people and of what is written there."""

    address: str
    lang: str
    mail: Post
    platform: Receiver
    public: stand_in.Database

    def measures(self, post: int) -> list[str]:
        """What is in force on the platform against a post."""
        found: list[str] = self.platform.state("post", f"forum:{post}")["measures"]
        return found


@contextmanager
def forum(folder: Path, made_once: Path, lang: str) -> Iterator[Forum]:
    """A forum with some posts of one account; its desk has the `PEOPLE`. On a board that belongs to
    it, too, people act by hand."""
    with (
        mail_server() as mail,
        receiver.listening({"a": KEY}) as platform,
        stand_in.listening() as public,
    ):
        made = Workspace.create(folder / "workspace")
        settings = made.folder / "marsad.toml"
        filled = SETTINGS.format(forum=platform.address, mail=mail.port, night=NIGHT, lang=lang,
                                 public=public.address)  # fmt: skip
        settings.write_text(settings.read_text() + filled)
        (made.folder / "authorities.json").write_text(json.dumps([AUTHORITY]))
        _key(made.folder / "keys" / "forum.keys", f"a {KEY.hex()}\n")
        _key(made.folder / "keys" / "statements.token", stand_in.TOKEN)
        (folder / "demo.toml").write_text(RULE)
        made.policies.add(str(folder / "demo.toml"))
        rows = [
            {"id": str(number), "account_id": "ann", "handle": "ann", "text": TEXT[lang],
             "language": lang, "created_at": "2026-03-01T10:00:05Z"}
            for number in range(1, 4)
        ]  # fmt: skip
        take(made, ndjson(folder / "posts.ndjson", rows), platform="forum")
        _people(shutil.copyfile(made_once, made.folder / "review.db"), lang)
        with _serving(made.folder) as address:
            yield Forum(address, lang, mail, platform, public)


def _key(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o600)


def _people(file: Path, lang: str) -> None:
    database = open_database(file)
    for name, role in PEOPLE.items():
        users.add(database, name, [role], at=now(), password=PASSWORD, lang=lang)
    database.close()


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """The address of a desk that runs until then; it has to end as it is asked to."""
    command = [sys.executable, "-m", "tests.browser.brisk", "serve", "--port", "0", "-w", folder]
    environment = {name: said for name, said in os.environ.items() if name != stating.TOKEN}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield re.findall(r"http://[\d.:]+", process.stdout.readline())[0]
        finally:
            process.terminate()
            process.wait(30)
