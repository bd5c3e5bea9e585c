"""The table of verdicts: what each finding means for the decision. Data, so that a policy is another table.

Precedence: reject > indeterminate > review > accept. "Could not check" is never "checked and fine": whatever kept a
check from running is indeterminate, unless something else already rejects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from schemas.events import Decision


class CheckId(StrEnum):
    """The eight checks, in the order they are made."""

    READ = "read"
    FORMAT = "format"
    SIGNATURE = "signature"
    ISSUER_IDENTITY = "issuer-identity"
    ISSUER_TRUST = "issuer-trust"
    STATUS = "status"
    VALIDITY = "validity"
    HOLDER = "holder"

    __hash__ = str.__hash__  # that of an Enum is asked for in Python, and the tables here are looked into often


class Code(StrEnum):
    """What a check found. Stable names: machines read them."""

    NOT_REACHED = "not-reached"

    DOCUMENT_READ = "document-read"
    DOCUMENT_UNREACHABLE = "document-unreachable"
    DOCUMENT_MALFORMED = "document-malformed"
    FORM_UNSUPPORTED = "form-unsupported"

    FORMAT_VALID = "format-valid"
    FORMAT_GENERIC = "format-generic"
    FORMAT_INVALID = "format-invalid"
    TERM_UNDEFINED = "term-undefined"
    CONTEXT_UNKNOWN = "context-unknown"
    TOO_COMPLEX = "too-complex"
    RESOURCE_CHANGED = "resource-changed"
    RESOURCE_UNAVAILABLE = "resource-unavailable"

    SIGNATURE_VALID = "signature-valid"
    CERTIFICATE_OUT_OF_DATE = "certificate-out-of-date"
    CERTIFICATE_EXPIRED_SINCE = "certificate-expired-since"
    SIGNATURE_INVALID = "signature-invalid"
    SIGNATURE_MISSING = "signature-missing"
    SIGNATURE_UNSUPPORTED = "signature-unsupported"
    KEY_UNAVAILABLE = "key-unavailable"
    KEY_NOT_LISTED = "key-not-listed"
    KEY_COMPROMISED = "key-compromised"
    ISSUANCE_LOG_UNAVAILABLE = "issuance-log-unavailable"

    ISSUER_MATCHES = "issuer-matches"
    ISSUER_MISMATCH = "issuer-mismatch"

    ISSUER_TRUSTED = "issuer-trusted"
    ISSUER_UNKNOWN = "issuer-unknown"
    AUTHORITY_UNKNOWN = "authority-unknown"
    ISSUER_TRUSTED_LATER = "issuer-trusted-later"
    TRUST_UNAVAILABLE = "trust-unavailable"
    TRUST_NOT_ASKED = "trust-not-asked"

    STATUS_GOOD = "status-good"
    STATUS_NONE = "status-none"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    STATUS_UNAVAILABLE = "status-unavailable"
    STATUS_UNSUPPORTED = "status-unsupported"
    STATUS_LIST_FORGED = "status-list-forged"
    STATUS_LIST_FOREIGN = "status-list-foreign"
    STATUS_LIST_OUTDATED = "status-list-outdated"
    STATUS_LIST_MALFORMED = "status-list-malformed"
    STATUS_LIST_TOO_SHORT = "status-list-too-short"
    STATUS_PURPOSE_MISMATCH = "status-purpose-mismatch"
    STATUS_INDEX_OUT_OF_RANGE = "status-index-out-of-range"

    VALID_NOW = "valid-now"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"

    CHALLENGE_MISMATCH = "challenge-mismatch"
    DOMAIN_MISMATCH = "domain-mismatch"

    HOLDER_NOT_ASKED = "holder-not-asked"
    HOLDER_BOUND = "holder-bound"
    HOLDER_MISMATCH = "holder-mismatch"
    HOLDER_UNPROVEN = "holder-unproven"

    __hash__ = str.__hash__  # as above


@dataclass(frozen=True, slots=True)
class Row:
    """One finding's weight."""

    check: CheckId | None
    """The check that finds it; None for what any check may find."""
    decision: Decision
    because: str = ""
    """The clause that explains it in the verdict's sentence."""


_ACCEPT, _REVIEW = Decision.ACCEPT, Decision.REVIEW
_UNSURE, _REJECT = Decision.INDETERMINATE, Decision.REJECT

VERDICTS: Final[Mapping[Code, Row]] = MappingProxyType(
    {
        # A check that was not reached cannot make anything better; what stopped the line says why.
        Code.NOT_REACHED: Row(None, _UNSURE, "not every check was reached"),
        # read
        Code.DOCUMENT_READ: Row(CheckId.READ, _ACCEPT),
        Code.DOCUMENT_UNREACHABLE: Row(CheckId.READ, _UNSURE, "it could not be fetched"),
        Code.DOCUMENT_MALFORMED: Row(CheckId.READ, _REJECT, "it cannot be read as a credential"),
        Code.FORM_UNSUPPORTED: Row(CheckId.READ, _UNSURE, "this form of credential cannot be checked here"),
        # format
        Code.FORMAT_VALID: Row(CheckId.FORMAT, _ACCEPT),
        Code.FORMAT_GENERIC: Row(CheckId.FORMAT, _REVIEW, "it is not a kind of credential whose content is known here"),
        Code.FORMAT_INVALID: Row(CheckId.FORMAT, _REJECT, "it breaks the rules of its format"),
        Code.TERM_UNDEFINED: Row(CheckId.FORMAT, _REJECT, "it contains a field that its signature does not protect"),
        Code.CONTEXT_UNKNOWN: Row(CheckId.FORMAT, _UNSURE, "it uses a vocabulary that is not known here"),
        Code.TOO_COMPLEX: Row(CheckId.FORMAT, _UNSURE, "checking it would take too much work"),
        Code.RESOURCE_CHANGED: Row(CheckId.FORMAT, _REJECT, "something it refers to is not what it was"),
        Code.RESOURCE_UNAVAILABLE: Row(CheckId.FORMAT, _UNSURE, "something it refers to could not be had"),
        # signature
        Code.SIGNATURE_VALID: Row(CheckId.SIGNATURE, _ACCEPT),
        Code.CERTIFICATE_OUT_OF_DATE: Row(
            CheckId.SIGNATURE, _REJECT, "its certificate was not valid when it was sealed"
        ),
        Code.CERTIFICATE_EXPIRED_SINCE: Row(
            CheckId.SIGNATURE, _REVIEW, "its certificate has ended, and nothing proves that it was sealed before"
        ),
        Code.SIGNATURE_INVALID: Row(CheckId.SIGNATURE, _REJECT, "its signature does not match its content"),
        Code.SIGNATURE_MISSING: Row(CheckId.SIGNATURE, _REJECT, "it is not signed"),
        Code.SIGNATURE_UNSUPPORTED: Row(CheckId.SIGNATURE, _UNSURE, "its kind of signature cannot be checked here"),
        Code.KEY_UNAVAILABLE: Row(CheckId.SIGNATURE, _UNSURE, "the issuer's key could not be had"),
        Code.KEY_NOT_LISTED: Row(CheckId.SIGNATURE, _REJECT, "it is signed with a key its issuer does not list"),
        Code.KEY_COMPROMISED: Row(
            CheckId.SIGNATURE, _REJECT, "others may have its key, and nothing shows that it was sealed before"
        ),
        Code.ISSUANCE_LOG_UNAVAILABLE: Row(
            CheckId.SIGNATURE, _UNSURE, "whether it was sealed before its key was compromised could not be looked up"
        ),
        # issuer identity
        Code.ISSUER_MATCHES: Row(CheckId.ISSUER_IDENTITY, _ACCEPT),
        Code.ISSUER_MISMATCH: Row(CheckId.ISSUER_IDENTITY, _REJECT, "somebody other than the named issuer signed it"),
        # issuer trust
        Code.ISSUER_TRUSTED: Row(CheckId.ISSUER_TRUST, _ACCEPT),
        Code.AUTHORITY_UNKNOWN: Row(
            CheckId.ISSUER_TRUST, _REVIEW, "nobody on this verifier's list vouches for its issuer's certificate"
        ),
        Code.ISSUER_UNKNOWN: Row(CheckId.ISSUER_TRUST, _REVIEW, "its issuer is not on this verifier's list"),
        Code.ISSUER_TRUSTED_LATER: Row(
            CheckId.ISSUER_TRUST, _REVIEW, "it was issued before its issuer joined this verifier's list"
        ),
        Code.TRUST_UNAVAILABLE: Row(CheckId.ISSUER_TRUST, _UNSURE, "the list of trusted issuers could not be had"),
        Code.TRUST_NOT_ASKED: Row(CheckId.ISSUER_TRUST, _ACCEPT),
        # status
        Code.STATUS_GOOD: Row(CheckId.STATUS, _ACCEPT),
        Code.STATUS_NONE: Row(CheckId.STATUS, _ACCEPT),
        Code.REVOKED: Row(CheckId.STATUS, _REJECT, "its issuer has revoked it"),
        Code.SUSPENDED: Row(CheckId.STATUS, _REJECT, "its issuer has suspended it"),
        Code.STATUS_UNAVAILABLE: Row(CheckId.STATUS, _UNSURE, "whether it was revoked could not be looked up"),
        Code.STATUS_UNSUPPORTED: Row(CheckId.STATUS, _UNSURE, "its kind of status cannot be checked here"),
        Code.STATUS_LIST_FORGED: Row(CheckId.STATUS, _UNSURE, "its status list is not properly signed"),
        Code.STATUS_LIST_FOREIGN: Row(CheckId.STATUS, _UNSURE, "its status list belongs to another issuer"),
        Code.STATUS_LIST_OUTDATED: Row(CheckId.STATUS, _UNSURE, "its status list is out of date"),
        Code.STATUS_LIST_MALFORMED: Row(CheckId.STATUS, _UNSURE, "its status list cannot be read"),
        Code.STATUS_LIST_TOO_SHORT: Row(CheckId.STATUS, _UNSURE, "its status list is too short to protect anyone"),
        Code.STATUS_PURPOSE_MISMATCH: Row(CheckId.STATUS, _UNSURE, "its status list is kept for another purpose"),
        Code.STATUS_INDEX_OUT_OF_RANGE: Row(CheckId.STATUS, _UNSURE, "its place in the status list does not exist"),
        # validity
        Code.VALID_NOW: Row(CheckId.VALIDITY, _ACCEPT),
        Code.EXPIRED: Row(CheckId.VALIDITY, _REVIEW, "it has expired"),
        Code.NOT_YET_VALID: Row(CheckId.VALIDITY, _REJECT, "it is not valid yet"),
        # holder: a credential alone, not a presentation, says nothing about who shows it; that is no defect of it
        Code.HOLDER_NOT_ASKED: Row(CheckId.HOLDER, _ACCEPT),
        # of a presentation: it was made for another, or earlier
        Code.CHALLENGE_MISMATCH: Row(CheckId.SIGNATURE, _REJECT, "it does not answer the challenge"),
        Code.DOMAIN_MISMATCH: Row(CheckId.SIGNATURE, _REJECT, "it was made for somebody else"),
        Code.HOLDER_BOUND: Row(CheckId.HOLDER, _ACCEPT),
        Code.HOLDER_MISMATCH: Row(CheckId.HOLDER, _REJECT, "somebody other than the named holder shows it"),
        Code.HOLDER_UNPROVEN: Row(CheckId.HOLDER, _REJECT, "who shows it did not prove to hold it"),
    }
)
"""Every code, the check that finds it, and what it decides by default."""

NOT_ASKED: Final = frozenset({Code.TRUST_NOT_ASKED, Code.HOLDER_NOT_ASKED})
"""Checks the question did not ask for: not checked, and nothing follows from that."""

_PRECEDENCE: Final = (Decision.REJECT, Decision.INDETERMINATE, Decision.REVIEW, Decision.ACCEPT)


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """Whose judgement it is: the table above, with the rows it moves."""

    name: str
    rows: Mapping[Code, Decision] = field(default_factory=lambda: MappingProxyType({}))
    asks_trust: bool = True

    def weigh(self, code: Code) -> Decision:
        """What one finding decides."""
        return self.rows.get(code, VERDICTS[code].decision)

    def stops_at(self, code: Code) -> bool:
        """Whether nothing that depends on a check with this finding is looked at."""
        return self.weigh(code) in (Decision.REJECT, Decision.INDETERMINATE)

    def decide(self, codes: Iterable[Code]) -> Decision:
        """The gravest of what the findings decide; nothing found is nothing checked."""
        weighed = {self.weigh(code) for code in codes}
        return next((decision for decision in _PRECEDENCE if decision in weighed), Decision.INDETERMINATE)


DEFAULT: Final = Policy("default")
PROTOCOL: Final = Policy(
    "protocol",
    MappingProxyType({Code.EXPIRED: Decision.REJECT, Code.FORMAT_GENERIC: Decision.ACCEPT}),
    asks_trust=False,
)
"""Cryptography, status and dates only, any kind of credential: what the W3C's VC-API asks."""
