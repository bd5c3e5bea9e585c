"""A credential in an SD-JWT VC, taken out of it with what its holder shows.

Sources: RFC 9901, section 7; https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/, sections 2.2 and 2.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Self

from credentials.dids import only_method
from credentials.jose import algorithm_of
from credentials.keys import PublicKey
from credentials.proofs.sd_jwt import NotAnSdJwt, Revealed, SdJwt
from credentials.proofs.verification import CLOCK_SKEW, ProofOutcome, ProofResult
from schemas.values import JsonObject

TYPES: Final = ("dc+sd-jwt", "vc+sd-jwt")
"""What `typ` may say: the name of today, and its drafts' name until 2024."""


@dataclass(frozen=True, slots=True)
class SdJwtVc:
    """A credential as shown, not verified (see `Opened`)."""

    sd_jwt: SdJwt
    revealed: Revealed

    @classmethod
    def open(cls, text: str | JsonObject) -> Self:
        """Take the credential out of the compact form, or of the JSON serialisation.

        Raises:
            NotAnSdJwt: a rule of SD-JWT is broken, or it is of another type.
            NotAToken, NotJson, Unbounded: it cannot be read.
        """
        sd_jwt = SdJwt.parse(text) if isinstance(text, str) else SdJwt.from_json(text)
        typ = sd_jwt.jws.header.get("typ")
        if typ not in TYPES:
            raise NotAnSdJwt(f"an SD-JWT of the type {str(typ)[:40]!r} is no credential")
        return cls(sd_jwt, sd_jwt.reveal())

    @property
    def document(self) -> JsonObject:
        """The claims, with what is shown of those its holder may hide."""
        return self.revealed.claims

    @property
    def whole(self) -> bool:
        """The signature is over every byte, the digests of what is disclosed among them."""
        return True

    @property
    def issuer(self) -> str:
        """Who it says issued it."""
        issuer = self.document.get("iss")
        return issuer if isinstance(issuer, str) else ""

    @property
    def method(self) -> str | None:
        """The id of the key it says it was signed with: absolute, or among the issuer's own."""
        kid = self.sd_jwt.jws.header.get("kid")
        if kid is None:
            return only_method(self.issuer)
        if not isinstance(kid, str) or not kid or not self.issuer:
            return None
        if kid.startswith("#"):
            return f"{self.issuer}{kid}"
        return kid if kid.startswith("did:") else f"{self.issuer}#{kid}"

    @property
    def methods(self) -> tuple[str, ...]:
        """The ids whose keys `verify` will ask for."""
        return () if self.method is None else (self.method,)

    def verify(self, keys: Mapping[str, PublicKey], *, now: datetime) -> tuple[ProofResult, ...]:
        """What becomes of its one signature."""
        return (self._result(keys, now),)

    def _result(  # noqa: PLR0911 one for each way a proof can end
        self, keys: Mapping[str, PublicKey], now: datetime
    ) -> ProofResult:
        jws, method = self.sd_jwt.jws, self.method
        name = str(jws.header.get("alg"))[:20]
        created = self._issued()
        blank = ProofResult(ProofOutcome.INVALID, "", f"{TYPES[0]} {name}", method, created)
        if name == "none" or name.startswith("HS"):
            return replace(blank, detail=f"{name} lets anybody who reads it write it")
        if jws.algorithm is None:
            return replace(blank, outcome=ProofOutcome.UNSUPPORTED, detail=f"the algorithm {name!r} is not known here")
        if method is None:
            return replace(blank, outcome=ProofOutcome.UNSUPPORTED, detail="the token does not say with which key")
        if created is not None and created > now + CLOCK_SKEW:
            return replace(blank, detail=f"it was signed in the future, {created.isoformat()}")
        key = keys.get(method)
        if key is None:
            return replace(blank, outcome=ProofOutcome.NO_KEY, detail=f"the key {method[:200]} could not be had")
        if algorithm_of(key.kind) is not jws.algorithm:
            return replace(blank, detail=f"a {key.kind.name} key makes no {name} signatures")
        if not jws.verify(key):
            return replace(blank, detail="the signature is not over this token, or not by this key")
        return replace(blank, outcome=ProofOutcome.VERIFIED)

    def _issued(self) -> datetime | None:
        """`iat`, where it is a time; that it is one is for the format to ask."""
        issued = self.document.get("iat")
        if isinstance(issued, bool) or not isinstance(issued, int | float):
            return None
        try:
            return datetime.fromtimestamp(issued, UTC)
        except (OverflowError, ValueError, OSError):
            return None
