"""An organisation's log of what it sealed: append-only, each page chained to the ones before, hashes only.

It answers one question that no date inside a credential can: was this sealed before its key was stolen? Whoever has the
key writes any date into `proof.created`; into the log of the house that keeps it, nobody else writes.

A page's *link* is a hash over the link of the page before, and of one further back (its *shortcut*: the page whose
number is this one's without its lowest set bit), so that the way from any page to any earlier one has at most some
hundreds of steps, however long the log. A *statement* is the newest link, signed by the organisation (a compact JWS).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from credentials import jose
from credentials.canonical import jcs
from credentials.data_model import issuer_id, items
from credentials.jose import Jws, b64
from credentials.keys import PrivateKey, PublicKey
from credentials.proofs import Sealed
from credentials.proofs.jades import Envelope, SealedDocument, is_envelope
from credentials.proofs.opened import Opened
from credentials.proofs.sd_jwt_vc import SdJwtVc
from credentials.proofs.vc_jwt import VcJwt
from schemas.faults import Malformed
from schemas.values import JsonObject, instant_text

TYP: Final = "issuance-log+jwt"
SERVICE: Final = "IssuanceLog"
"""The type of the service in a DID document that says where the log is."""
_FIRST_LINE: Final = "laurel issuance log 1"
_LONGEST_WAY: Final = 4096
"""Steps of the longest way walked here: no log that can be written needs as many."""


class NotAttested(Malformed):
    """The answer of a log is not what a log of this organisation would say, or does not prove what it says."""


def _hash(*lines: object) -> str:
    return b64(hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).digest())


def digest_of(sealed: Sealed) -> str:
    """SHA-256 of a sealed credential, however it is written down: base64url.

    Of a token or an envelope, what is signed (disclosures, key binding and timestamps come and go); of a document, the
    issuer's own proofs as canonical JSON (RFC 8785). Their signatures stand for the rest of it: not even who has the
    key can make them hold over another document. Others may add proofs of theirs.

    Raises:
        NotAttested: no proof of the document is its issuer's own.
        NotAnEnvelope: it is an envelope that cannot be opened.
        NotJson, Unbounded: such a proof has no canonical JSON.
    """
    if isinstance(sealed, str):
        return _digest_of_signed(sealed.partition("~")[0].rpartition(".")[0].encode())
    if is_envelope(sealed):
        return _digest_of_signed(Envelope.open(sealed).signed)
    issuer = issuer_id(sealed)
    own = [
        proof
        for proof in items(sealed.get("proof"))
        if isinstance(proof, dict) and str(proof.get("verificationMethod")).partition("#")[0] == issuer
    ]
    if not own:
        raise NotAttested("none of its proofs is its issuer's own, so there is nothing to find in a log")
    return b64(hashlib.sha256(jcs({"proof": own})).digest())


def digest_of_opened(opened: Opened) -> str:
    """As `digest_of`, of a credential that was taken out of what sealed it."""
    if isinstance(opened, VcJwt):
        return _digest_of_signed(opened.jws.signed)
    if isinstance(opened, SdJwtVc):
        return _digest_of_signed(opened.sd_jwt.jws.signed)
    if isinstance(opened, SealedDocument):
        return _digest_of_signed(opened.envelope.signed)
    return digest_of(opened.document)


def _digest_of_signed(signed: bytes) -> str:
    return b64(hashlib.sha256(signed).digest())


def award_digest(award: object) -> str:
    """SHA-256 of an award's id, which nobody can guess."""
    return _hash("award", award)


def beginning(did: str) -> str:
    """The link before the first page of this organisation's log."""
    return _hash(_FIRST_LINE, did)


def shortcut(number: int) -> int:
    """The earlier page whose link stands in this page's, besides that of the one before; 0 is the beginning."""
    return number & (number - 1)


@dataclass(frozen=True, slots=True)
class Step:
    """A page without its entries: what its link is made of."""

    number: int
    at: datetime
    """Everything in it was sealed before this moment."""
    content: str
    previous: str
    shortcut: str

    @property
    def link(self) -> str:
        """The hash that stands for this page and all before it."""
        return _hash(_FIRST_LINE, self.number, instant_text(self.at), self.content, self.previous, self.shortcut)

    def to_json(self) -> JsonObject:
        """As it is published."""
        return {
            "number": self.number,
            "at": instant_text(self.at),
            "content": self.content,
            "previous": self.previous,
            "shortcut": self.shortcut,
        }

    @classmethod
    def from_json(cls, said: object) -> Self:
        """As it was published.

        Raises:
            NotAttested: it is something else.
        """
        match said:
            case {
                "number": int(number),
                "at": str(at),
                "content": str(content),
                "previous": str(previous),
                "shortcut": str(further),
            } if number > 0:
                return cls(number, _moment(at), content, previous, further)
        raise NotAttested("a page of the log cannot be read")


def content_of(entries: Sequence[tuple[str, str]]) -> str:
    """The hash of a page's entries: each the digest of a sealed credential and that of its award, in their order."""
    return _hash(*(f"{digest} {award}" for digest, award in entries))


def way(newest: int, to: int) -> list[int]:
    """The numbers of the pages on the shortest way back, both ends among them."""
    numbers = [newest]
    while numbers[-1] > to:
        here = numbers[-1]
        numbers.append(shortcut(here) if shortcut(here) >= to else here - 1)
    return numbers


@dataclass(frozen=True, slots=True)
class Statement:
    """What an organisation says of its log: how long it is, its newest link, and where a digest stands in it."""

    did: str
    issued: datetime
    size: int
    """How many pages there are."""
    link: str
    digest: str | None = None
    """What was asked for, if anything."""
    page: int | None = None
    """On which page it stands; None when it is nowhere in the log."""

    def sign(self, key: PrivateKey, method: str) -> str:
        """The statement as a compact JWS."""
        claims: JsonObject = {
            "iss": self.did,
            "iat": int(self.issued.timestamp()),
            "size": self.size,
            "link": self.link,
            **({} if self.digest is None else {"digest": self.digest, "page": self.page}),
        }
        return jose.sign({"typ": TYP, "kid": method}, claims, key)


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """A statement with its signature, not verified yet."""

    jws: Jws
    statement: Statement
    method: str
    """The id of the key it says it is signed with."""

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read one.

        Raises:
            NotAttested: it is no statement.
            NotAToken, NotJson, Unbounded: it is no token.
        """
        if not isinstance(text, str):
            raise NotAttested("the log's statement is no token")
        jws = Jws.parse(text)
        if jws.header.get("typ") != TYP:
            raise NotAttested("the token is no statement of an issuance log")
        match jws.claims():
            case {"iss": str(did), "iat": int(issued), "size": int(size), "link": str(link), **rest} if size >= 0:
                digest, page = rest.get("digest"), rest.get("page")
            case _:
                raise NotAttested("the log's statement lacks what each has")
        if not (digest is None or isinstance(digest, str)) or not (page is None or isinstance(page, int)):
            raise NotAttested("the log's statement says where something stands, and not what or where")
        method = jws.header.get("kid")
        if not isinstance(method, str) or method.partition("#")[0] != did:
            raise NotAttested("the log's statement is signed by somebody else than it names")
        try:
            moment = datetime.fromtimestamp(issued, UTC)
        except (ValueError, OverflowError, OSError):
            raise NotAttested("the log's statement is of no moment") from None
        return cls(jws, Statement(did, moment, size, link, digest, page), method)

    def verify(self, key: PublicKey) -> Statement:
        """What it says.

        Raises:
            NotAttested: the signature is not this key's.
        """
        if not self.jws.verify(key):
            raise NotAttested("the signature of the log's statement is wrong")
        return self.statement


def sealed_before(answer: Mapping[str, object], statement: Statement, digest: str) -> datetime | None:
    """Before which moment this was sealed, as a log's answer proves; None when it says that it is not in the log.

    The statement was taken from this answer and verified.

    Raises:
        NotAttested: the answer is to another question, or its pages do not lead from the newest link to the digest.
    """
    if statement.digest != digest:
        raise NotAttested("the log answered another question")
    if statement.page is None:
        return None
    stated, entries = answer.get("steps"), answer.get("entries")
    if not isinstance(stated, list) or not 0 < len(stated) <= _LONGEST_WAY or not isinstance(entries, list):
        raise NotAttested("the log's answer lacks its pages")
    steps = [Step.from_json(step) for step in stated]
    if steps[0].number != statement.size or steps[-1].number != statement.page:
        raise NotAttested("the pages do not lead from the newest to the one that was named")
    due = {statement.size: statement.link}
    for step in steps:
        if due.get(step.number) != step.link:
            raise NotAttested(f"page {step.number} of the log is not what the ones after it say")
        due = {step.number - 1: step.previous, shortcut(step.number): step.shortcut} if step.number > 1 else {}
    listed = [_entry(entry) for entry in entries]
    if content_of(listed) != steps[-1].content or digest not in {entry for entry, _ in listed}:
        raise NotAttested("the page that was named does not list it")
    return steps[-1].at


def _entry(said: object) -> tuple[str, str]:
    match said:
        case {"credential": str(digest), "award": str(award)}:
            return digest, award
    raise NotAttested("an entry of the log cannot be read")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotAttested("a page of the log is of no moment") from None
    if moment.tzinfo is None or instant_text(moment) != text:
        raise NotAttested("a page of the log is of no moment")
    return moment
