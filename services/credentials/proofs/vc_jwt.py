"""A credential inside a signed token, `vc+jwt`.

Source: Securing Verifiable Credentials using JOSE and COSE, section 3.1.1. The credential is the token's payload, as it
is. The claims `vc` and `vp`, which VC Data Model 1.1 put a second copy into, must not be there: such a token is
refused rather than read in one of two ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from credentials.data_model import dates, issuer_id, items
from credentials.dids import only_method
from credentials.jose import EDDSA, ES256, Algorithm, Jws, NotAToken, sign
from credentials.keys import KeyKind, PrivateKey, PublicKey
from credentials.proofs.data_integrity import WrongKind
from credentials.proofs.verification import CLOCK_SKEW, ProofOutcome, ProofResult
from schemas.faults import Malformed
from schemas.values import JsonObject

MEDIA_TYPE: Final = "application/vc+jwt"
TYPES: Final = frozenset({"vc+jwt", "vc-ld+jwt", "vc+ld+json+jwt", "vc+ld+jwt", "jwt"})
"""What `typ` may say: the name of today, its drafts' names, and `JWT`, by which Open Badges 3.0 calls the same."""
_CLAIMS: Final = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
"""Claims that are the token's and not the credential's (RFC 7519, section 4.1)."""
_LAST_MOMENT: Final = 253_402_300_799
_SHARED_SECRETS: Final = ("HS", "NONE")


class NotACredentialToken(NotAToken):
    """A token, but none with a credential in it by the rules of `vc+jwt`."""


class OlderToken(NotACredentialToken):
    """VC-JWT of VC Data Model 1.1: the credential stands in a claim `vc`, and again in claims of the token."""


@dataclass(frozen=True, slots=True)
class VcJwtProof:
    """Sealing as `vc+jwt` with one algorithm."""

    name: str
    algorithm: Algorithm

    @property
    def key(self) -> KeyKind:
        """The kind of key it signs with."""
        return self.algorithm.key

    @property
    def enveloping(self) -> bool:
        """The credential goes inside."""
        return True

    @property
    def media_type(self) -> str:
        """Of the token."""
        return MEDIA_TYPE

    def secure(self, document: JsonObject, key: PrivateKey, verification_method: str, created: datetime) -> str:
        """The token of a credential; when it was made is the credential's own to say, with `validFrom`.

        Raises:
            WrongKind: the key is of another kind than the algorithm's.
            NotACredentialToken: the document has proofs of its own, or members that a token keeps for itself.
        """
        del created
        if key.kind is not self.key:
            raise WrongKind(f"{self.name} signs with {self.key.name}, not {key.kind.name}")
        if taken := (_CLAIMS | {"vc", "vp", "proof"}) & document.keys():
            raise NotACredentialToken(f"a credential in a token has no {', '.join(sorted(taken))}")
        return sign({"typ": "vc+jwt", "cty": "vc", "kid": verification_method}, document, key)


VC_JWT_EDDSA = VcJwtProof("vc-jwt-eddsa", EDDSA)
VC_JWT_ES256 = VcJwtProof("vc-jwt-es256", ES256)


@dataclass(frozen=True, slots=True)
class VcJwt:
    """A credential in a token, taken out and not verified (see `Opened`)."""

    jws: Jws
    document: JsonObject
    """The credential, without the token's own claims."""
    claims: JsonObject
    """The token's own claims."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take the credential out.

        Raises:
            NotAToken: no compact JWS.
            OlderToken, NotACredentialToken: one with something else in it.
            NotJson, Unbounded: its payload is no JSON, or more than any honest credential.
        """
        jws = Jws.parse(text)
        typ = jws.header.get("typ", "JWT")
        if not isinstance(typ, str) or typ.lower().removeprefix("application/") not in TYPES:
            raise NotACredentialToken(f"a token of the type {str(typ)[:40]!r} is no vc+jwt")
        if "b64" in jws.header:
            raise NotACredentialToken("its payload is not encoded as that of a token is")
        payload = jws.claims()
        if "vc" in payload and typ.lower() == "jwt":
            raise OlderToken("the credential stands in a claim vc, as VC Data Model 1.1 had it")
        if not payload.keys().isdisjoint({"vc", "vp"}):
            raise NotACredentialToken("its claims vc and vp must not be there")
        if "@context" not in payload:
            raise NotACredentialToken("there is no verifiable credential in it")
        if "proof" in payload:
            raise NotACredentialToken("the credential in it has a proof of its own")
        return cls(
            jws,
            {name: value for name, value in payload.items() if name not in _CLAIMS},
            {name: value for name, value in payload.items() if name in _CLAIMS},
        )

    @property
    def whole(self) -> bool:
        """The signature is over every byte."""
        return True

    @property
    def method(self) -> str | None:
        """The id of the key it says it was signed with: absolute, or in the issuer's own document."""
        kid, issuer = self.jws.header.get("kid"), issuer_id(self.document)
        if kid is None:
            return only_method(issuer)
        if not isinstance(kid, str) or not kid or not issuer:
            return None
        if kid.startswith("#"):
            return f"{issuer}{kid}"
        return kid if ":" in kid else f"{issuer}#{kid}"

    @property
    def methods(self) -> tuple[str, ...]:
        """The ids whose keys `verify` will ask for."""
        return () if self.method is None else (self.method,)

    def verify(self, keys: Mapping[str, PublicKey], *, now: datetime) -> tuple[ProofResult, ...]:
        """What becomes of its one signature."""
        return (self._result(keys, now),)

    def _result(self, keys: Mapping[str, PublicKey], now: datetime) -> ProofResult:
        stated, method = self.jws.header.get("alg"), self.method
        name = stated[:20] if isinstance(stated, str) else "unnamed"
        issued: datetime | None = None

        def came_to(outcome: ProofOutcome, detail: str) -> ProofResult:
            return ProofResult(outcome, detail, f"vc+jwt {name}", method, issued)

        try:
            issued = _moment(self.claims, "iat")
            self._check_claims(name, now)
        except Malformed as why:
            return came_to(ProofOutcome.INVALID, str(why))
        key = keys.get(method) if method is not None else None
        if self.jws.algorithm is None or method is None:
            detail = f"the algorithm {name} is not known here" if method else "the token does not say with which key"
            return came_to(ProofOutcome.UNSUPPORTED, detail)
        if key is None:
            return came_to(ProofOutcome.NO_KEY, f"the key {method[:200]} could not be had")
        if not self.jws.verify(key):
            # Also where the header names an algorithm that this kind of key does not have.
            return came_to(ProofOutcome.INVALID, "the signature is not over this token, or not by this key")
        return came_to(ProofOutcome.VERIFIED, "")

    def _check_claims(self, algorithm: str, now: datetime) -> None:
        """Hold the token's own claims to the time, and to what the credential says.

        Raises:
            NotACredentialToken: anybody could have written it; it has ended or not begun; it is for somebody else; or
                it says otherwise than the credential.
        """
        if algorithm.upper().startswith(_SHARED_SECRETS):
            raise NotACredentialToken(f"whoever can check {algorithm} can also write it")
        if not self.claims:
            return
        issued, starts, ends = (_moment(self.claims, name) for name in ("iat", "nbf", "exp"))
        period = dates(self.document)
        for name, moment in (("iat", issued), ("nbf", starts)):
            if moment is not None and moment > now + CLOCK_SKEW and not _same(moment, period.valid_from):
                raise NotACredentialToken(f"by its claim {name} it begins in the future")
        # Where `exp` only repeats the credential's own end, it is the credential that has ended, not its signature.
        if ends is not None and ends <= now and not _same(ends, period.valid_until):
            raise NotACredentialToken(f"its signature ended {ends.isoformat()}")
        if "aud" in self.claims:
            raise NotACredentialToken("it is addressed to somebody else")
        subjects = items(self.document.get("credentialSubject"))
        said: dict[str, Any] = {
            "iss": issuer_id(self.document),
            "jti": self.document.get("id"),
            "sub": subjects[0].get("id") if len(subjects) == 1 and isinstance(subjects[0], dict) else None,
        }
        for name, value in said.items():
            if name in self.claims and self.claims[name] != value:
                raise NotACredentialToken(f"its claim {name} says otherwise than the credential in it")


def _moment(claims: JsonObject, name: str) -> datetime | None:
    """A NumericDate (RFC 7519, section 2)."""
    value = claims.get(name)
    if value is None and name not in claims:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_MOMENT:
        raise NotACredentialToken(f"its claim {name} is no time")
    return datetime.fromtimestamp(value, UTC)


def _same(moment: datetime, stated: datetime | None) -> bool:
    """Whether a NumericDate repeats a date of the credential."""
    return stated is not None and abs((stated - moment).total_seconds()) < 1
