"""What a report says, before it is put into words: plain values, the same in every language.

Times are int64 µs since 1970 in UTC. Whatever could name an account or a post is a pseudonym here
already; only the modules that fill these classes ever see real identifiers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from marsad.outputs.passage import Passage
from marsad.records.estimate import Estimate
from marsad.records.message import Message
from marsad.records.pseudonyms import Pseudonyms
from marsad.workspace.measuring.everything import Measured

Unit = Literal["hour", "day", "week", "month"]


@dataclass(frozen=True)
class Limits:
    """How many rows the report shows; each table says how many there are in all."""

    findings: int = 20
    """Findings per signal."""
    accounts: int = 25
    ranking: int = 12
    """Bars of a chart, rows of a list of links or reposts."""
    files: int = 50


@dataclass(frozen=True)
class PolicyLine:
    """A policy the findings rest on: what it is called, and on what basis it stands."""

    name: str
    version: str = ""
    basis: str = ""
    source: str = ""


@dataclass(frozen=True)
class BankLine:
    """A bank that was matched against. ``entries`` counts the active ones."""

    name: str
    kind: str
    entries: int
    version: int = 1
    negative: bool = False


@dataclass(frozen=True)
class RunLine:
    """A run that made what the report shows. ``command`` carries no paths or identifiers."""

    id: str
    command: str
    at: int


@dataclass(frozen=True)
class Context:
    """What a report needs besides the tables.

    ``rejected`` maps a reason (an id of the catalogues without its prefix ``reject.``) to the
    number of rows. ``estimates`` with names such as ``precision:phrases`` are drawn one line a
    signal, grouped by what stands before the colon. ``measured`` is what each measure told.
    ``simulated`` puts a banner above everything.
    """

    pseudonyms: Pseudonyms
    workspace: str
    generated_at: int
    policies: tuple[PolicyLine, ...] = ()
    banks: tuple[BankLine, ...] = ()
    runs: tuple[RunLine, ...] = ()
    rejected: Mapping[str, int] = field(default_factory=dict)
    estimates: tuple[Estimate, ...] = ()
    measured: tuple[Measured, ...] = ()
    version: str = ""
    simulated: bool = False
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Totals:
    """All posts at once. ``first``, ``last`` and ``precision`` (µs) are None without posts."""

    posts: int
    accounts: int
    observations: int
    first: int | None
    last: int | None
    precision: int | None


@dataclass(frozen=True)
class Bin:
    """The posts of one unit of time, and how many of them have a finding."""

    start: int
    posts: int
    found: int


@dataclass(frozen=True)
class Volume:
    """Posts over time: bins without gaps, in order."""

    unit: Unit
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Count:
    """One value of a ranking. ``label`` is None where the posts do not say.

    ``text`` is set where the value is a post: what it says, safe to show.
    """

    label: str | None
    posts: int
    accounts: int
    first: int
    last: int
    text: Passage | None = None


@dataclass(frozen=True)
class Ranking:
    """The most frequent values, in falling order; ``distinct`` values exist in all."""

    rows: tuple[Count, ...]
    distinct: int


@dataclass(frozen=True)
class FileRead:
    """What was taken from one file, by its name alone; folders can name people."""

    name: str
    run: str
    posts: int
    first: int
    last: int


@dataclass(frozen=True)
class Files:
    """The files that posts were taken from, the largest first."""

    rows: tuple[FileRead, ...]
    distinct: int


@dataclass(frozen=True)
class Fact:
    """One thing a piece of evidence says: what it is, and its value, safe to show."""

    name: str
    value: Passage | float


@dataclass(frozen=True)
class Meeting:
    """One object that two accounts shared close together; ``delay`` in seconds, below 0 where the
    other account came first."""

    at: int
    object: Passage
    delay: float


@dataclass(frozen=True)
class Within:
    """Of the objects that pairs of a group, and other pairs, have in common, the fraction shared
    within ``window`` seconds; ``others`` is None where there are no other pairs."""

    window: int
    together: float
    others: float | None


@dataclass(frozen=True)
class Feature:
    """What two accounts were compared by: how alike they are in it, and how much that weighs for
    (or, below 0, against) their being run by the same."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence: facts, and the text it stands in with the matched words marked."""

    kind: str
    facts: tuple[Fact, ...]
    text: Passage | None = None
    meetings: tuple[Meeting, ...] = ()
    sweep: tuple[Within, ...] = ()
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True)
class Tie:
    """Two accounts that share objects close together, as places in the network's accounts."""

    u: int
    v: int
    close: int


@dataclass(frozen=True)
class Network:
    """Accounts that act together: ``meetings`` over time, and the ``ties`` between those shown.

    ``size`` accounts and ``all_ties`` ties exist in all. ``first`` are places of the accounts that
    shared most of the objects first.
    """

    accounts: tuple[str, ...]
    ties: tuple[Tie, ...]
    first: frozenset[int]
    size: int
    all_ties: int
    meetings: Volume


@dataclass(frozen=True)
class FindingLine:
    """One finding as the report shows it.

    ``values`` of the message are safe to show; rendering it puts no identifier back in.
    """

    anchor: str
    subject_kind: str
    subject: str
    account: str | None
    score: float
    score_kind: str
    message: Message
    evidence: tuple[Evidence, ...]
    text: Passage | None
    language: str | None
    posted_at: int | None
    opens_case: bool
    network: Network | None = None


@dataclass(frozen=True)
class SignalFindings:
    """What one signal found: counts over all its findings, and the highest-scored of them.

    ``histogram`` counts scores in tenths, [0, .1) … [.9, 1].
    """

    signal: str
    findings: int
    subjects: int
    accounts: int
    opens_case: int
    lowest: float
    highest: float
    histogram: tuple[int, ...]
    rows: tuple[FindingLine, ...]


@dataclass(frozen=True)
class AccountLine:
    """An account with findings, its anchors to those shown in the report."""

    account: str
    findings: int
    signals: tuple[tuple[str, int], ...]
    posts: int
    highest: float
    anchors: tuple[str, ...]


@dataclass(frozen=True)
class Accounts:
    """The accounts with most findings; ``distinct`` have any."""

    rows: tuple[AccountLine, ...]
    distinct: int


@dataclass(frozen=True)
class ReportData:
    """Everything the report shows."""

    context: Context
    totals: Totals
    files: Files
    platforms: Ranking
    volume: Volume | None
    languages: Ranking
    kinds: Ranking
    clients: Ranking
    hashtags: Ranking
    domains: Ranking
    links: Ranking
    reposts: Ranking
    signals: tuple[SignalFindings, ...]
    accounts: Accounts
    clients_safe: Mapping[str, str] = field(default_factory=dict)
    """Clients that measures name, as they may be shown."""

    @property
    def findings(self) -> int:
        """The number of findings of all signals."""
        return sum(signal.findings for signal in self.signals)
