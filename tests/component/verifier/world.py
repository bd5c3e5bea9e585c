# ruff: noqa: ANN401 a builder hands its changes on
"""A small world of issuers, keys and status lists, in memory, in which every lie can be told and caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.x509 import Certificate

from credentials.dids import did_document
from credentials.formats import OPEN_BADGES_3
from credentials.keys import SigningKey
from credentials.proofs import EDDSA_RDFC_2022, Proof, Sealed
from credentials.status import StatusList, compose_status_list
from schemas.events import StatusEntry
from schemas.faults import Unavailable
from schemas.values import JsonObject
from tests.builders import NOW, an_award, an_organisation
from verifier.domain.report import Report
from verifier.domain.status import KnownState
from verifier.domain.trust import TrustedIssuer
from verifier.handlers import Sources, VerifyCredential
from verifier.ports import FetchedList

ISSUED = NOW + timedelta(seconds=3)
LATER = NOW + timedelta(days=30)
"""When most verifications happen."""
LIST = "https://uex.example.org/status-lists/1"
INDEX = 94_567


@dataclass
class Issuer:
    """Somebody who signs."""

    did: str = "did:web:uex.example.org"
    key: SigningKey = field(default_factory=lambda: SigningKey.from_private(bytes(range(32))))

    @property
    def method(self) -> str:
        return f"{self.did}#key-1"

    @property
    def document(self) -> JsonObject:
        return did_document(self.did, [("key-1", self.key.public)])

    def sign(self, document: JsonObject, suite: Proof = EDDSA_RDFC_2022, **changes: Any) -> Any:
        """The document as the proof seals it: JSON, or a token."""
        known: dict[str, Any] = {"verification_method": self.method, "created": ISSUED}
        return suite.secure(document, self.key, **{**known, **changes})


UEX = Issuer()
MALLORY = Issuer("did:web:mallory.example", SigningKey.from_private(bytes(range(32, 64))))


def a_badge(issuer: Issuer = UEX, *, purpose: str = "revocation", **changes: Any) -> JsonObject:
    """An unsigned credential with every standard element; `None` takes a member out."""
    award = an_award(organisation=an_organisation(did=issuer.did))
    composed = OPEN_BADGES_3.compose(
        award, issued=ISSUED, status=StatusEntry(list=LIST, index=INDEX), salt=b"sixteen bytes of salt"
    )
    composed["credentialStatus"]["statusPurpose"] = purpose
    return {name: value for name, value in {**composed, **changes}.items() if value is not None}


def a_status_list(*indexes: int, issuer: Issuer = UEX, **changes: Any) -> JsonObject:
    """An unsigned status list in which these places are set."""
    known: dict[str, Any] = {
        "url": LIST,
        "issuer": issuer.did,
        "purpose": "revocation",
        "encoded": StatusList.with_set(indexes).encode(),
        "issued": LATER - timedelta(hours=2),
        "valid_until": LATER + timedelta(days=1),
    }
    return compose_status_list(**{**known, **changes})


class Counted:
    def __init__(self) -> None:
        self.reports: list[Report] = []

    def count(self, report: Report, milliseconds: float) -> None:
        assert milliseconds >= 0
        self.reports.append(report)


@dataclass
class World:
    """What can be had, by its name; what is not here cannot be had."""

    dids: dict[str, JsonObject] = field(default_factory=lambda: {UEX.did: UEX.document})
    lists: dict[str, Sealed] = field(default_factory=lambda: {LIST: UEX.sign(a_status_list())})
    tokens: dict[str, Sealed] = field(default_factory=dict)
    """What the same addresses serve to who reads tokens."""
    pages: dict[str, bytes] = field(default_factory=dict)
    trusted: dict[str, TrustedIssuer] = field(
        default_factory=lambda: {UEX.did: TrustedIssuer(did=UEX.did, name="University of Example", organisation="uex")}
    )
    states: dict[tuple[str, int], KnownState] = field(default_factory=dict)
    rotated: dict[str, JsonObject] = field(default_factory=dict)
    """DID documents that only a fresh look shows."""
    announced: dict[str, KnownState] = field(default_factory=dict)
    """States by the credential's id."""
    anchors: tuple[Certificate, ...] = ()
    logs: dict[str, JsonObject] = field(default_factory=dict)
    """Answers of issuance logs."""
    trust_away: bool = False
    counted: Counted = field(default_factory=Counted)
    asked: list[str] = field(default_factory=list)

    async def resolve(self, did: str, *, fresh: bool = False) -> JsonObject:
        self.asked.append(did)
        return _had(self.rotated if fresh and did in self.rotated else self.dids, did)

    def sources(self) -> Sources:
        return Sources(
            dids=self,
            status_lists=_Lists(self),
            credentials=_Pages(self),
            resources=_Pages(self),
            trust=_Trust(self),
            known=_States(self),
            counts=self.counted,
            anchors=_Anchors(self),
            logs=_Logs(self),
        )

    async def verify(
        self,
        submission: str | bytes | JsonObject,
        at: datetime = LATER,
        using: Callable[[Sources], VerifyCredential] = VerifyCredential,
    ) -> Report:
        return await using(self.sources())(submission, at=at)


@dataclass
class _Lists:
    world: World

    async def fetch(self, url: str, *, as_token: bool = False) -> FetchedList:
        self.world.asked.append(url)
        served = self.world.tokens if as_token else self.world.lists
        return FetchedList(_had(served, url), LATER - timedelta(seconds=5))


@dataclass
class _Pages:
    world: World

    async def fetch(self, url: str) -> bytes:
        self.world.asked.append(url)
        return _had(self.world.pages, url)


@dataclass
class _Trust:
    world: World

    async def find(self, did: str) -> TrustedIssuer | None:
        if self.world.trust_away:
            raise Unavailable("the database does not answer")
        return self.world.trusted.get(did)


@dataclass
class _Logs:
    world: World

    async def fetch(self, url: str) -> JsonObject:
        self.world.asked.append(url)
        answer: JsonObject = _had(self.world.logs, url)
        return answer


@dataclass
class _Anchors:
    world: World

    async def anchors(self) -> tuple[Certificate, ...]:
        if self.world.trust_away:
            raise Unavailable("the list of authorities does not answer")
        return self.world.anchors


@dataclass
class _States:
    world: World

    async def of(self, credential: str) -> KnownState | None:
        return self.world.announced.get(credential)

    async def find(self, status_list: str, index: int) -> KnownState | None:
        return self.world.states.get((status_list, index))


def _had(things: dict[str, Any], name: str) -> Any:
    if name not in things:
        raise Unavailable(f"{name} does not answer")
    return things[name]
