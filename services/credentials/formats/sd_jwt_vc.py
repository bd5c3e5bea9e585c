"""SD-JWT VC: what every type of it has in common. A type is a declaration: its claims, and its rules.

Source: https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/. A claim's row says whether its holder may hide
it, so that issuing, the type's published metadata and verifying cannot differ.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

import orjson

from credentials.dids import resolve_here, verification_key
from credentials.formats.guards import check_writable
from credentials.formats.reading import FoundElement, Reading, StatusReference
from credentials.formats.same import Same
from credentials.jose import to_jwk
from credentials.proofs.sd_jwt import Disclosable, Revealed, disclosed
from credentials.status import TokenStatusReference
from schemas.annex1 import ELEMENTS, Element
from schemas.events import StatusEntry
from schemas.faults import Malformed, NotFound
from schemas.microcredential import Award
from schemas.values import JsonObject

MEDIA_TYPE: Final = "application/dc+sd-jwt"
EARLIEST_ZONE: Final = timedelta(hours=14)
"""Where the day begins first: a date is in the future only when it is so everywhere."""
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")

Shape = Callable[[Any], str | None]
"""What is wrong with a value, in words that follow the claim's name; None where nothing is."""


class BrokenRule(Malformed):
    """A credential of this type cannot say this, or not so."""

    def __init__(self, broken: Iterable[Violation]) -> None:
        self.broken = tuple(broken)
        super().__init__("; ".join(map(str, self.broken)))


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule, and how it is broken."""

    rule: str
    message: str

    def __str__(self) -> str:
        """As a reader is told."""
        return f"{self.message} ({self.rule})"


def text(value: object) -> str | None:
    """Some text."""
    return None if isinstance(value, str) and value.strip() else "is no text"


def texts(value: object) -> str | None:
    """One text or more, in an array."""
    if isinstance(value, list) and value and not any(map(text, value)):
        return None
    return "is no array of texts"


def text_or_texts(value: object) -> str | None:
    """One text, or several in an array."""
    return None if text(value) is None or texts(value) is None else "is neither a text nor an array of them"


def flag(value: object) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else "is neither true nor false"


def object_(value: object) -> str | None:
    """An object that says something."""
    return None if isinstance(value, dict) and value else "is no object"


def full_date(value: object) -> str | None:
    """A date of RFC 3339, without a time."""
    return None if _date(value) is not None else "is no date"


def iri(value: object) -> str | None:
    """An absolute IRI."""
    return None if isinstance(value, str) and _IRI.fullmatch(value) else "is no address"


def moment(value: object) -> str | None:
    """A NumericDate (RFC 7519, section 2)."""
    return None if _moment(value) is not None else "is no time"


def country(value: object) -> str | None:
    """An alpha-2 code of ISO 3166-1."""
    return None if isinstance(value, str) and re.fullmatch("[A-Z]{2}", value) else "is no two-letter country code"


def _date(value: object) -> date | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    return None


def _moment(value: object) -> datetime | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, ValueError, OSError):
            pass
    return None


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of a type: a row of its metadata."""

    name: str
    label: str
    shape: Shape = field(repr=False)
    mandatory: bool = False
    disclosable: bool = True
    """Whether its holder decides to show it (`sd: always`), or it always shows (`sd: never`)."""
    element: Element | None = None
    """The standard element it states."""
    where_bound: bool = False
    """Whether it is mandatory only where the credential is bound to a holder."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A credential's claims, as they are issued or as they are shown."""

    claims: JsonObject
    disclosable: frozenset[str]
    """The names, at the top, that their holder could have hidden."""
    now: datetime
    hidden: int = 0
    """How many claims, at the most, are not shown."""
    completed: datetime | None = None
    """When the assessment was completed; only whoever issues knows."""

    @classmethod
    def of(cls, revealed: Revealed, now: datetime) -> Statement:
        """What a verifier was shown."""
        names = frozenset(str(path[0]) for path in revealed.paths.values() if len(path) == 1)
        return cls(revealed.claims, names, now, revealed.hidden)

    def date(self, name: str) -> date | None:
        """A date it states, if it does."""
        return _date(self.claims.get(name))

    def in_future(self, name: str) -> bool:
        """Whether a date it states has not begun anywhere."""
        stated = self.date(name)
        return stated is not None and stated > (self.now + EARLIEST_ZONE).date()


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule about values. It judges what is shown, and supposes nothing of what is not."""

    id: str
    title: str
    broken: Callable[[Statement], str | None] = field(repr=False)
    """How it is broken, None where it is not."""


REGISTERED: Final = (
    Claim("iss", "Issuer", iri, mandatory=True, disclosable=False),
    Claim("vct", "Type of the credential", text, mandatory=True, disclosable=False),
    Claim("iat", "Issued at", moment, mandatory=True, disclosable=False),
    Claim("nbf", "Not before", moment, disclosable=False),
    Claim("exp", "Expires", moment, disclosable=False),
    Claim("jti", "Identifier of the token", text, disclosable=False),
    Claim("cnf", "Key of the holder", object_, disclosable=False),
    Claim("status", "Where its status is", object_, disclosable=False),
    Claim("vct#integrity", "Digest of the type's metadata", text, disclosable=False),
)
"""Claims any type may have; none of them can be hidden (section 2.2.2.2)."""


@dataclass(frozen=True, slots=True)
class CredentialType:
    """A type of SD-JWT VC, as a value."""

    vct: str
    title: str
    description: str
    claims: tuple[Claim, ...]
    """Its own, and the registered ones it says more about."""
    rules: Callable[[CredentialType], tuple[Rule, ...]] = field(repr=False)
    identifier: str
    """The claim by which it is told from others."""
    name_claims: tuple[str, ...]
    """The parts of the holder's name, in the order they are written."""
    title_claim: str
    description_claim: str | None
    authority_claim: str

    def table(self) -> tuple[Claim, ...]:
        """Every claim it knows, its own rows before the general ones."""
        own = {claim.name for claim in self.claims}
        return (*(claim for claim in REGISTERED if claim.name not in own), *self.claims)

    def violations(self, statement: Statement) -> tuple[Violation, ...]:
        """Every rule a statement breaks, in their order."""
        found = ((rule.id, rule.broken(statement)) for rule in (*GENERAL, *self.rules(self)))
        wrong = [
            Violation("shape", f"{claim.name} {complaint}")
            for claim in self.table()
            if claim.name in statement.claims and (complaint := claim.shape(statement.claims[claim.name])) is not None
        ]
        # A rule about values may take their shapes for granted.
        return tuple(wrong) or tuple(Violation(rule, message) for rule, message in found if message is not None)

    def check(self, statement: Statement) -> None:
        """Hold a statement to the type's rules.

        Raises:
            BrokenRule: it breaks some; all are named.
        """
        if broken := self.violations(statement):
            raise BrokenRule(broken)

    def compose(self, award: Award, said: Mapping[str, Any], *, issued: datetime, status: StatusEntry) -> JsonObject:
        """The unsecured document of what is said of an award: what the table lets the holder hide is marked.

        Raises:
            BrokenRule: the award does not say what the type requires, or says what it forbids.
            Unwritable: it holds what libraries write differently, or not at all.
        """
        disclosable = {claim.name for claim in self.claims if claim.disclosable}
        holder = holder_confirmation(award)
        plain: JsonObject = {
            "iss": award.organisation.did,
            "vct": self.vct,
            "vct#integrity": self.integrity,
            "iat": int(issued.timestamp()),
            **({"cnf": holder} if holder else {}),
            "status": TokenStatusReference(status.list, status.index).member(),
            **{name: value for name, value in said.items() if value is not None and value != []},
        }
        check_writable(plain)
        statement = Statement(
            plain, frozenset(disclosable & plain.keys()), now=issued, completed=award.completed.astimezone(UTC)
        )
        self.check(statement)
        return {name: Disclosable(value) if name in disclosable else value for name, value in plain.items()}

    def read(self, document: JsonObject) -> Reading:
        """What such a credential says, of what is shown of it.

        Raises:
            BrokenRule: a claim is not of the shape the type gives it, or one is missing that always shows.
        """
        claims: JsonObject = disclosed(document)
        if claims.get("vct") != self.vct:
            raise BrokenRule([Violation("vct", f"its type is {str(claims.get('vct'))[:200]!r}, not {self.vct}")])
        always = {claim.name for claim in self.table() if claim.mandatory and not claim.disclosable}
        wrong = [
            Violation("shape", f"{claim.name} {complaint}")
            for claim in self.table()
            if (claim.name in claims and (complaint := claim.shape(claims[claim.name])))
            or (claim.name in always - claims.keys() and not claim.where_bound and (complaint := "is missing"))
        ]
        if wrong:
            raise BrokenRule(wrong)
        names = " ".join(str(claims[name]) for name in self.name_claims if name in claims)
        title, about = claims.get(self.title_claim), claims.get(self.description_claim or "")
        starts, ends = period(claims)
        return Reading(
            id=claims.get(self.identifier, claims.get("jti")),
            title=title,
            description=about,
            issuer=claims["iss"],
            issuer_name=claims.get(self.authority_claim),
            subject=claims["sub"] if isinstance(claims.get("sub"), str) else None,
            subject_name=names or None,
            valid_from=starts,
            valid_until=ends,
            awarded=None,
            status=status_references(claims),
            elements=tuple(self._elements(claims)),
        )

    def _elements(self, claims: JsonObject) -> Iterable[FoundElement]:
        for element in ELEMENTS:
            said = [claims[claim.name] for claim in self.claims if claim.element is element and claim.name in claims]
            if values := tuple(dict.fromkeys(value for each in said for value in _told(each))):
                yield FoundElement(element=element, values=values)

    @property
    def says(self) -> frozenset[Element]:
        """The standard elements it has claims for."""
        return frozenset(claim.element for claim in self.claims if claim.element is not None)

    @property
    def loses(self) -> tuple[Element, ...]:
        """The standard elements it has no claims for, in Annex I's order."""
        return tuple(element for element in ELEMENTS if element not in self.says)

    def metadata(self, language: str = "en") -> JsonObject:
        """The type metadata document (section 6), to be served."""
        return {
            "vct": self.vct,
            "name": self.title,
            "description": self.description,
            "display": [{"locale": language, "name": self.title, "description": self.description}],
            "claims": [row for claim in self.claims for row in _rows(claim, language)],
        }

    @property
    def published(self) -> bytes:
        """That document as it is served."""
        return _published(Same(self))

    @property
    def integrity(self) -> str:
        """What holds a credential to that document, byte for byte (`vct#integrity`, section 7)."""
        return _integrity(Same(self))


@cache
def _published(of: Same[CredentialType]) -> bytes:
    return orjson.dumps(of.value.metadata())


@cache
def _integrity(of: Same[CredentialType]) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(_published(of)).digest()).decode()


def _rows(claim: Claim, language: str) -> Iterable[JsonObject]:
    row: JsonObject = {
        "path": [claim.name],
        "display": [{"locale": language, "label": claim.label}],
        "mandatory": claim.mandatory and not claim.where_bound,
        "sd": "always" if claim.disclosable else "never",
    }
    yield row
    if claim.shape is texts:
        yield {**row, "path": [claim.name, None], "sd": "never"}
    if claim.name == "cnf":
        yield {**row, "path": ["cnf", "jwk"]}


def _told(value: object) -> Iterable[str]:
    """A claim's value for a reader."""
    if isinstance(value, bool):
        yield "yes" if value else "no"
    elif isinstance(value, list):
        for each in value:
            yield from _told(each)
    elif isinstance(value, dict):
        yield " ".join(part for each in value.values() for part in _told(each))
    else:
        yield str(value)


def period(claims: JsonObject) -> tuple[datetime | None, datetime | None]:
    """From when until when the token holds: `nbf`, else `iat`; and `exp`. None where it says no time."""
    return _moment(claims.get("nbf", claims.get("iat"))), _moment(claims.get("exp"))


def status_references(claims: JsonObject) -> tuple[StatusReference, ...]:
    """Where its status can be looked up.

    Raises:
        NotAReference: it has one that says nothing.
    """
    reference = TokenStatusReference.of(claims)
    if reference is None:
        return ()
    entry = claims["status"]
    return (
        StatusReference(
            type="TokenStatusList", purpose=None, list=reference.url, index=reference.index, size=1, entry=entry
        ),
    )


def holder_confirmation(award: Award) -> JsonObject | None:
    """The key the credential is bound to (`cnf`): the learner's, where their DID carries it (did:key, did:jwk)."""
    did = award.learner.did
    if did is None:
        return None
    try:
        document = resolve_here(did)
        if document is None:
            return None
        method = document["verificationMethod"][0]["id"]
        return {"jwk": to_jwk(verification_key(document, method, "authentication"))}
    except (Malformed, NotFound):  # of a kind not known here: the credential is issued, bound to nobody
        return None


def _missing(statement: Statement, claims: Iterable[Claim]) -> str | None:
    """Mandatory claims that are not there, and cannot be hidden either."""
    absent = [claim for claim in claims if claim.mandatory and claim.name not in statement.claims]
    absent = [claim for claim in absent if not claim.where_bound]
    shown = [claim.name for claim in absent if not claim.disclosable]
    if shown or len(absent) > statement.hidden:
        return f"missing: {', '.join(shown or [claim.name for claim in absent])}"
    return None


def mandatory(of: CredentialType, id: str = "mandatory") -> Rule:  # noqa: A002 the field's own name
    """That every mandatory claim is there; of those its holder may hide, that enough digests are."""
    return Rule(id, "all mandatory attributes are present", lambda statement: _missing(statement, of.table()))


def any_subset(of: CredentialType, id: str = "disclosable") -> Rule:  # noqa: A002 as above
    """That the holder may show any subset: each claim that can be hidden has a disclosure of its own."""
    disclosable = frozenset(claim.name for claim in of.claims if claim.disclosable)

    def broken(statement: Statement) -> str | None:
        open_ = sorted(disclosable & statement.claims.keys() - statement.disclosable)
        return f"its holder cannot hide {', '.join(open_)}" if open_ else None

    return Rule(id, "any subset of the attributes can be disclosed", broken)


def _hidden_registered(statement: Statement) -> str | None:
    names = {claim.name for claim in REGISTERED} & statement.disclosable
    return f"{min(names)} was hidden, which always has to show" if names else None


def _confirmation(statement: Statement) -> str | None:
    confirmation = statement.claims.get("cnf")
    return "cnf is no key" if confirmation is not None and not isinstance(confirmation.get("jwk"), dict) else None


def _status(statement: Statement) -> str | None:
    try:
        TokenStatusReference.of(statement.claims)
    except Malformed as why:
        return str(why)
    return None


def _period(statement: Statement) -> str | None:
    starts, ends = period(statement.claims)
    return "it ends before it begins" if starts and ends and ends < starts else None


GENERAL: Final = (
    Rule("sd-jwt-vc", "what a verifier needs always shows", _hidden_registered),
    Rule("cnf", "its holder is known by a key", _confirmation),
    Rule("status", "its status says where to look", _status),
    Rule("period", "it ends after it begins", _period),
)
"""Rules of every type."""

ANY_TYPE: Final = CredentialType(
    vct="",
    title="SD-JWT VC",
    description="A credential of a type that is not known here",
    claims=(
        Claim("iss", "Issuer", iri, mandatory=True, disclosable=False),
        Claim("vct", "Type", text, mandatory=True, disclosable=False),
        Claim("iat", "Issued at", moment, disclosable=False),
    ),
    rules=lambda of: (mandatory(of),),
    identifier="jti",
    name_claims=(),
    title_claim="",
    description_claim=None,
    authority_claim="",
)
"""What every type has: it is held to no more."""
