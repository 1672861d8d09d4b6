"""What the API takes and gives, as types: the OpenAPI is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from marsad.decide import priority
from marsad.decide.actions.hand import SAW
from marsad.decide.actions.listing import Shown
from marsad.decide.notices.accuracy import Accuracy
from marsad.decide.notices.notice import GROUNDS, KINDS
from marsad.decide.notices.status import Status
from marsad.decide.outcomes import EXEMPTIONS, VALID
from marsad.decide.states import STATES
from marsad.records.times import to_datetime
from marsad.store.actions import Action
from marsad.store.cases import Case
from marsad.store.leases import Lease
from marsad.store.queue import ORDERS

OUTCOMES = tuple(dict.fromkeys(one for some in VALID.values() for one in some))

Lang = Annotated[Literal["en", "ar"], Query(description="the language of sentences")]
CaseNumber = Annotated[int, Path(ge=1, lt=1 << 63, description="the number of the case")]
ActionNumber = Annotated[int, Path(ge=1, lt=1 << 63, description="the number of the action")]
Id = Annotated[str, Field(min_length=1, max_length=500)]
Whole = Annotated[int, Field(ge=0, lt=1 << 63)]

if TYPE_CHECKING:
    Kind: TypeAlias = str
    State: TypeAlias = str
    Clock: TypeAlias = str
    Order: TypeAlias = str
    Outcome: TypeAlias = str
    Exemption: TypeAlias = str
    Saw: TypeAlias = str
    Ground: TypeAlias = str
    Reported: TypeAlias = str
else:  # the words that there are, from the tables that have them
    Kind = Literal[tuple(VALID)]
    State = Literal[tuple(STATES)]
    Clock = Literal[tuple(priority.CLOCKS)]
    Order = Literal[tuple(ORDERS)]
    Outcome = Literal[OUTCOMES]
    Exemption = Literal[EXEMPTIONS]
    Saw = Literal[SAW]
    Ground = Literal[GROUNDS]
    Reported = Literal[tuple(KINDS)]


class Given(BaseModel):
    """A body: what is not known is refused, lest a slip of the pen decides something."""

    model_config = ConfigDict(extra="forbid", strict=True)


def time_of(at: int | None) -> datetime | None:
    """A stored time (µs UTC) as it is written; None without one, or where a clock was mad."""
    try:
        return None if at is None else to_datetime(at)
    except (OverflowError, ValueError, OSError):
        return None


class CaseOut(BaseModel):
    """A case as it stands. `version` is what a decision about it has to name."""

    id: int
    kind: str
    subject: str | None = Field(description="null once the person was erased")
    platform: str
    state: str
    priority: int = Field(description="0 (imminent) to 4 (low)")
    clock: str | None
    due_at: datetime | None
    opened_at: datetime | None
    version: int
    network_only: bool
    outcome: str | None
    policy: str | None
    decided_at: datetime | None
    assigned_to: str | None

    @classmethod
    def of(cls, case: Case) -> CaseOut:
        """Of a case that the reader may see. How it came to be seen is not in it: who decides is
        not to know."""
        return cls(
            id=case.id, kind=case.kind, subject=case.subject, platform=case.platform,
            state=case.state, priority=case.priority, clock=case.clock,
            due_at=time_of(case.due_at), opened_at=time_of(case.opened_at), version=case.version,
            network_only=case.network_only, outcome=case.outcome, policy=case.policy,
            decided_at=time_of(case.decided_at), assigned_to=case.assigned_to,
        )  # fmt: skip


class Listed(CaseOut):
    """A case in the queue."""

    signals: Mapping[str, int] = Field(description="signal → how many findings")
    holder: str | None = Field(description="who holds it now")


class CasePage(BaseModel):
    """A page of the queue."""

    cases: list[Listed]
    next: str | None = Field(description="`after` of the next page; null on the last")


class LeaseOut(BaseModel):
    """Who holds a case. `token` is what a decision has to name: only its holder is told."""

    holder: str
    token: int | None
    runs_out_at: datetime | None

    @classmethod
    def of(cls, lease: Lease, reader: str) -> LeaseOut:
        """As a reader sees it."""
        mine = lease.token if lease.holder == reader else None
        return cls(holder=lease.holder, token=mine, runs_out_at=time_of(lease.runs_out_at))


class Done(BaseModel):
    """What an act left: nothing of it names or quotes a person, so that it can be kept."""

    case: int
    state: str
    version: int
    outcome: str | None
    lease: LeaseOut | None = None

    @classmethod
    def of(cls, case: Case, lease: Lease | None = None, reader: str = "") -> Done:
        """Of the case after it."""
        held = LeaseOut.of(lease, reader) if lease else None
        return cls(case=case.id, state=case.state, version=case.version, outcome=case.outcome,
                   lease=held)  # fmt: skip


class Taken(BaseModel):
    """The case that was taken; null where there was none."""

    taken: Done | None


class FindingOut(BaseModel):
    """A finding: the sentence, and the data it was made of."""

    id: str | None = Field(description="null for a post that has no id yet")
    signal: str
    score: float
    score_kind: str
    sentence: str
    message: str
    values: Mapping[str, Any]
    evidence: list[Any]
    opens_case: bool
    found_at: datetime | None = None


class PostOut(BaseModel):
    """A post of the case. Until you opened it, its text and media are null."""

    id: str
    account: str
    own: bool = Field(description="whether a decision can rest on it")
    opened: bool = Field(description="whether you opened it in this case")
    kind: str
    language: str
    created_at: datetime | None
    signals: list[str]
    text: str | None
    marks: list[tuple[int, int]] = Field(description="what was matched: [start, end) in the text")
    media: list[Mapping[str, Any]] | None


class ProfileOut(BaseModel):
    """An account as it was last seen."""

    account: str
    handle: str | None
    name: str | None
    bio: str | None
    followers: int | None
    following: int | None
    posts: int | None
    state: str | None
    observed_at: datetime | None
    created_at: datetime | None


class EventOut(BaseModel):
    """What happened in the case. `text` is a reason or a note; null where there is none, or it was
    erased."""

    seq: int
    at: datetime | None
    actor: str
    kind: str
    outcome: str | None
    policy: str | None
    exemption: str | None
    text: str | None


class VerdictOut(BaseModel):
    """What was decided about the same person before."""

    case: int
    step: str
    outcome: str
    policy: str
    at: datetime | None
    overturned: bool


class AccuracyOut(BaseModel):
    """How often the reporter's notices led to something, with the interval of 95 %."""

    value: float
    low: float
    high: float
    n: int

    @classmethod
    def of(cls, found: Accuracy) -> AccuracyOut | None:
        """None where nothing was decided yet."""
        told = found.estimate
        if told is None:
            return None
        return cls(value=told.value, low=told.low, high=told.high, n=told.n)


class NoticeOut(BaseModel):
    """A notice about the subject. `reasons` is null once it was erased."""

    notice: int
    received_at: datetime | None
    ground: str
    channel: str
    anonymous: bool
    state_body: bool
    language: str
    reasons: str | None
    accuracy: AccuracyOut | None
    unfounded: bool = Field(description="somebody marked it as manifestly unfounded")


class NoticesOut(BaseModel):
    """The notices about the subject: how many, by how many who gave an address, the newest; and a
    sentence where there are many more of them than is usual."""

    count: int
    named: int
    flood: str | None
    newest: list[NoticeOut]


class DossierOut(BaseModel):
    """All there is to see of a case."""

    case: CaseOut
    lease: LeaseOut | None
    outcomes: list[str] = Field(description="what can be decided")
    policies: list[str] = Field(description="on what")
    findings: list[FindingOut]
    posts: list[PostOut]
    account: ProfileOut | None
    events: list[EventOut]
    notices: NoticesOut
    history: list[VerdictOut]


class TakeIn(Given):
    """`over`: also where somebody else holds it; seniors may."""

    over: bool = False


class NextIn(Given):
    """Which cases count; what is left out does not matter."""

    kind: Kind | None = None
    platform: Annotated[str, Field(max_length=40)] | None = None
    priority: Annotated[int, Field(ge=0, le=4)] | None = None
    clock: Clock | None = None
    signal: Annotated[str, Field(max_length=40)] | None = None


class ItemIn(Given):
    """The post to open."""

    item: Id


class NoteIn(Given):
    """1 to 10,000 characters."""

    text: Annotated[str, Field(min_length=1, max_length=10_000)]


class DecideIn(Given):
    """A decision: `version` and `token` are those of the case and of your lease. `item` is the post
    of their own that you opened, for whatever does something to somebody."""

    outcome: Outcome
    policy: Id
    reason: Annotated[str, Field(min_length=10, max_length=5_000)]
    version: Whole
    token: Whole
    item: Id | None = None
    exemption: Exemption | None = None


class OverturnIn(Given):
    """Why a decision does not stand."""

    policy: Id
    reason: Annotated[str, Field(min_length=10, max_length=5_000)]


class ActionOut(BaseModel):
    """What was asked of a platform."""

    id: int
    case: int
    act: str
    platform: str
    undoes: int | None
    state: str
    by_hand: bool
    proposed_at: datetime | None
    requested_at: datetime | None
    ended_at: datetime | None
    why: str | None

    @classmethod
    def of(cls, action: Action) -> ActionOut:
        """Of an action."""
        return cls(
            id=action.id, case=action.case_id, act=action.act, platform=action.platform,
            undoes=action.undoes, state=action.state, by_hand=action.by_hand,
            proposed_at=time_of(action.proposed_at), requested_at=time_of(action.requested_at),
            ended_at=time_of(action.ended_at), why=action.why,
        )  # fmt: skip


class ActionShown(ActionOut):
    """An action with when it goes on and what the platform said last."""

    next_at: datetime | None
    attempts: int
    last: str | None

    @classmethod
    def shown(cls, one: Shown) -> ActionShown:
        """Of an action as the desk shows it."""
        return cls(**dict(ActionOut.of(one.action)), next_at=time_of(one.next_at),
                   attempts=one.attempts, last=one.last)  # fmt: skip


class ActionList(BaseModel):
    """The actions of a case."""

    actions: list[ActionShown]


class ToDoOut(ActionOut):
    """What a person is asked to do by hand."""

    subject: str


class ToDoPage(BaseModel):
    """A page of them, oldest first."""

    actions: list[ToDoOut]
    next: str | None


class RecordIn(Given):
    """What you saw after doing it by hand."""

    saw: Saw
    note: Annotated[str, Field(max_length=10_000)] = ""


class RetryIn(Given):
    """`by_hand`: a person is asked, not the platform."""

    by_hand: bool = False


class ScreenIn(Given):
    """A post before or after it is published. It is not stored."""

    platform: Annotated[str, Field(min_length=1, max_length=40)]
    account: Annotated[
        str, Field(min_length=1, max_length=300, description="the platform's id, or `@handle`")
    ]
    text: Annotated[str, Field(max_length=20_000)]
    id: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    urls: Annotated[list[Annotated[str, Field(max_length=4_000)]], Field(max_length=100)] = []
    language: Annotated[str, Field(max_length=40)] | None = None
    created_at: Annotated[datetime, Field(strict=False)] | None = None


class CaseOf(BaseModel):
    """A case that there is."""

    about: Literal["account", "post"]
    id: int
    state: str


class StandingOut(BaseModel):
    """What a network signal says of the account now."""

    id: str
    signal: str
    score: float
    score_kind: str
    sentence: str
    message: str
    values: Mapping[str, Any]
    community: str | None
    opens_case: bool
    found_at: datetime | None


class AccountOut(BaseModel):
    """What is known of the account."""

    id: str
    findings: list[StandingOut]


class ScreenOut(BaseModel):
    """What was found. That nothing was found says only that these banks have nothing."""

    post: str | None
    findings: list[FindingOut]
    account: AccountOut
    cases: list[CaseOf]
    banks: Mapping[str, int] = Field(description="the banks it was held against → version")


class NoticeIn(Given):
    """A notice. `address` is a URL of the service, an id of it (`forum:123`) or the SHA-256 of a
    file; for an id or a hash `kind` says what it is. `name` and `email` are those of who reported,
    where a platform passes on what its users report; a trusted flagger leaves them out."""

    address: Annotated[str, Field(min_length=1, max_length=2_000)]
    ground: Ground
    reasons: Annotated[str, Field(min_length=10, max_length=3_000)]
    good_faith: Annotated[
        Literal[True], Field(description="what is said is believed to be accurate and complete")
    ]
    kind: Reported | None = None
    name: Annotated[str, Field(max_length=200)] = ""
    email: Annotated[str, Field(max_length=254)] = ""
    state_body: Annotated[
        bool, Field(description="it is sent for an authority or another body of a state")
    ] = False
    language: Literal["en", "ar"] = "en"


class StatusOut(BaseModel):
    """What became of a notice, as its code tells it: `outcome` once it was decided."""

    state: Literal["received", "looked-at", "decided", "set-aside"]
    outcome: Literal["acted", "no-violation", "exempt", "taken-back", "closed"] | None
    received_at: datetime | None
    decided_at: datetime | None

    @classmethod
    def of(cls, found: Status) -> StatusOut:
        """Of a status."""
        return cls(
            state=found.state, outcome=found.outcome,  # type: ignore[arg-type]
            received_at=time_of(found.received_at), decided_at=time_of(found.decided_at),
        )  # fmt: skip


class NoticeTaken(BaseModel):
    """`code` is the only way back to the notice."""

    code: str
    status: StatusOut
