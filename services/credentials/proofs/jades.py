"""JAdES baseline B: a JSON document sealed with an organisation's certificate, byte for byte as it stands.

Sources: ETSI TS 119 182-1 (JAdES), sections 5 and 6; RFC 7515 (JWS), section 7.2.1; RFC 7797 (unencoded payload). The
payload is the document's text, in the clear; what is signed is the protected header, a dot, and that text. Timestamps
and validation data (levels T, LT, LTA) stand in the unprotected header: they are not looked at here, and nothing
follows from them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Protocol, Self

import orjson
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.x509 import Certificate

from credentials.certificates import (
    ESeal,
    LegalPerson,
    UnfitCertificate,
    check_fit_to_seal,
    legal_person,
    read_certificates,
)
from credentials.jose import NotAToken, b64, from_b64, read_object
from credentials.keys import PrivateKey, PublicKey
from credentials.moments import NotAMoment, read_moment, seconds_text
from credentials.proofs.verification import CLOCK_SKEW, ProofOutcome, ProofResult
from schemas.faults import Malformed, Unavailable
from schemas.values import JsonObject
from schemas.vocabularies import COUNTRIES

TYPE: Final = "jose+json"
CONTENT_TYPE: Final = "ld+json"
_SIGNED_TOGETHER: Final = ("b64", "sigT")
"""What whoever verifies has to understand, in everything sealed here."""
_UNDERSTOOD: Final = frozenset({*_SIGNED_TOGETHER, "adoTst"})
"""`adoTst`, a timestamp made before the signature, is understood to say nothing that is relied on."""
_NEVER_CRITICAL: Final = frozenset({"alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"})
"""RFC 7515 defines these itself; none may be listed in `crit` (section 4.1.11)."""
_LONGEST_HEADER: Final = 200_000


class NoSeal(ValueError):  # noqa: N818 named as the faults are
    """JAdES was chosen without a certificate to seal with: found at start-up."""


class SealOutOfDate(Unavailable):
    """The certificate is not valid now: nothing can be sealed until it is renewed, and nothing is lost by waiting."""


class NotAnEnvelope(Malformed):
    """It is no JWS in JSON serialisation with one signature, or one that two readers could read differently."""


class UnsoundSeal(Malformed):
    """What the protected header says does not make a JAdES signature."""


class TimestampAuthority(Protocol):
    """Somebody who attests that something existed at a time (RFC 3161)."""

    def timestamp(self, digest: bytes) -> bytes:
        """A timestamp token, DER, over this SHA-256 digest. Raises `Unavailable`."""
        ...


@dataclass(frozen=True, slots=True)
class _Algorithm:
    """A JWS algorithm (RFC 7518, section 3.1) with a key from a certificate."""

    verify: Callable[[Any, bytes, bytes], bool]


def _rsa(algorithm: hashes.HashAlgorithm, pad: padding.AsymmetricPadding) -> _Algorithm:
    def verify(key: object, signature: bytes, data: bytes) -> bool:
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        try:
            key.verify(signature, data, pad, algorithm)
        except InvalidSignature:
            return False
        return True

    return _Algorithm(verify)


def _ecdsa(algorithm: hashes.HashAlgorithm, curve: type[ec.EllipticCurve], size: int) -> _Algorithm:
    def verify(key: object, signature: bytes, data: bytes) -> bool:
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, curve):
            return False
        if len(signature) != 2 * size:
            return False
        pair = encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
        try:
            key.verify(pair, data, ec.ECDSA(algorithm))
        except InvalidSignature:
            return False
        return True

    return _Algorithm(verify)


def _pss(algorithm: hashes.HashAlgorithm) -> padding.PSS:
    return padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)


ALGORITHMS: Final[Mapping[str, _Algorithm]] = MappingProxyType(
    {
        "RS256": _rsa(hashes.SHA256(), padding.PKCS1v15()),
        "RS384": _rsa(hashes.SHA384(), padding.PKCS1v15()),
        "RS512": _rsa(hashes.SHA512(), padding.PKCS1v15()),
        "PS256": _rsa(hashes.SHA256(), _pss(hashes.SHA256())),
        "PS384": _rsa(hashes.SHA384(), _pss(hashes.SHA384())),
        "PS512": _rsa(hashes.SHA512(), _pss(hashes.SHA512())),
        "ES256": _ecdsa(hashes.SHA256(), ec.SECP256R1, 32),
        "ES384": _ecdsa(hashes.SHA384(), ec.SECP384R1, 48),
        "ES512": _ecdsa(hashes.SHA512(), ec.SECP521R1, 66),
    }
)
"""What is verified here. `none` is none of them, and neither is any with a shared secret."""


def _sign(seal: ESeal, data: bytes) -> bytes:
    key = seal.key
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


@dataclass(frozen=True, slots=True)
class Jades:
    """JAdES baseline B; with a timestamp authority, a signature timestamp as well (baseline T's).

    It signs with a certificate that it is given at start-up, not with the organisation's own key. Two are the same
    proof whatever they seal with.
    """

    seal: ESeal | None = field(default=None, compare=False, repr=False)
    timestamps: TimestampAuthority | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """By which it is chosen and told."""
        return "jades"

    @property
    def key(self) -> None:
        """It signs with no key of the keyring."""
        return

    @property
    def enveloping(self) -> bool:
        """The document goes inside it, as text."""
        return True

    @property
    def media_type(self) -> str:
        """A JWS in JSON serialisation."""
        return f"application/{TYPE}"

    def sealing_with(self, seal: ESeal, timestamps: TimestampAuthority | None = None) -> Self:
        """The same proof, able to seal."""
        return type(self)(seal, timestamps)

    def secure(
        self, document: JsonObject, key: PrivateKey | None, verification_method: str | None, created: datetime
    ) -> JsonObject:
        """The document inside its signature.

        The issuer becomes who the certificate says: its identifier and its legal name; and the document is issued now.

        Raises:
            NoSeal: it was given no certificate.
            SealOutOfDate: the certificate is not valid at this moment.
        """
        del key, verification_method
        if self.seal is None:
            raise NoSeal(f"{self.name} needs the certificate of an e-seal")
        if not self.seal.valid_at(created):
            raise SealOutOfDate(f"the e-seal's certificate is valid {self.seal.period}: nothing can be sealed with it")
        payload = orjson.dumps(_issued_by(document, self.seal.holder, created))
        protected = b64(orjson.dumps({**_constant_header(self.seal), "sigT": seconds_text(created)}))
        signature = b64(_sign(self.seal, protected.encode() + b"." + payload))
        sealed: JsonObject = {"protected": protected, "signature": signature}
        if self.timestamps is not None:
            token = self.timestamps.timestamp(hashlib.sha256(signature.encode()).digest())
            stamp = {"sigTst": {"tstTokens": [{"val": base64.b64encode(token).decode()}]}}
            sealed["header"] = {"etsiU": [b64(orjson.dumps(stamp))]}
        return {"payload": payload.decode(), "signatures": [sealed]}


JADES = Jades()
"""https://www.etsi.org/deliver/etsi_ts/119100_119199/11918201/."""


def _constant_header(seal: ESeal) -> JsonObject:
    return {
        "alg": "RS256" if isinstance(seal.key, rsa.RSAPrivateKey) else "ES256",
        "typ": TYPE,
        "cty": CONTENT_TYPE,
        "x5t#S256": seal.thumbprint,
        "x5c": list(seal.x5c),
        "b64": False,
        "crit": list(_SIGNED_TOGETHER),
    }


def _issued_by(document: JsonObject, holder: LegalPerson, at: datetime) -> JsonObject:
    """The document with the issuer's identity as the certificate states it, and the time of sealing."""
    issuer = document.get("issuer")
    if not isinstance(issuer, dict) or not isinstance(issuer.get("eIDASIdentifier"), dict):
        return document
    tag = next(iter(issuer.get("legalName") or {"en": ""}))
    identifier = {**issuer["eIDASIdentifier"], "notation": holder.identifier}
    if holder.country is not None and isinstance(identifier.get("spatial"), dict):
        country = COUNTRIES[holder.country]
        identifier["spatial"] = identifier["spatial"] | {"id": country.uri, "prefLabel": {"en": country.label}}
    now = seconds_text(at)
    return {
        **document,
        "issuer": {**issuer, "legalName": {tag: holder.name}, "eIDASIdentifier": identifier},
        "issued": now,
        "issuanceDate": now,
    }


def is_envelope(document: JsonObject) -> bool:
    """Whether it looks like a JWS in JSON serialisation, in which a credential may be."""
    return "payload" in document and "signatures" in document


@dataclass(frozen=True, slots=True)
class Envelope:
    """A JWS in general JSON serialisation with one signature, taken apart and not verified."""

    payload: str
    header: JsonObject
    signature: bytes
    signed: bytes
    """What the signature is over: the protected header as it was written, a dot, and the payload."""
    unprotected: JsonObject

    @classmethod
    def open(cls, document: JsonObject) -> Self:
        """Take an envelope apart.

        Raises:
            NotAnEnvelope: it lacks a part, has a part too many, or has not exactly one signature.
        """
        payload, signatures = document.get("payload"), document.get("signatures")
        if document.keys() != {"payload", "signatures"} or not isinstance(payload, str):
            raise NotAnEnvelope("a JWS in JSON has a payload, its signatures, and nothing else")
        if not isinstance(signatures, list) or len(signatures) != 1 or not isinstance(signatures[0], dict):
            raise NotAnEnvelope("it has not exactly one signature, so nothing says whose word it is")
        parts = signatures[0]
        if not {"protected", "signature"} <= parts.keys() <= {"protected", "signature", "header"}:
            raise NotAnEnvelope("a signature has a protected header, a value, and perhaps an unprotected header")
        protected, signature, unprotected = parts["protected"], parts["signature"], parts.get("header", {})
        if not isinstance(protected, str) or not isinstance(signature, str) or not isinstance(unprotected, dict):
            raise NotAnEnvelope("the protected header and the signature are text, the unprotected header is an object")
        if len(protected) > _LONGEST_HEADER:
            raise NotAnEnvelope(f"a protected header of more than {_LONGEST_HEADER} characters")
        try:
            header, value = read_object(from_b64(protected)), from_b64(signature)
        except Malformed as why:
            raise NotAnEnvelope(f"its signature cannot be read: {why}") from None
        if header.keys() & unprotected.keys():
            raise NotAnEnvelope("a header is said twice, protected and not")
        try:
            signed = f"{protected}.{payload}".encode()
        except UnicodeEncodeError:
            raise NotAnEnvelope("the payload holds half a character") from None
        return cls(payload, header, value, signed, unprotected)

    def document(self) -> JsonObject:
        """The credential inside.

        Raises:
            NotAnEnvelope: the payload is no JSON object with one meaning.
        """
        try:
            return read_object(self.payload.encode())
        except NotAToken as why:
            raise NotAnEnvelope(f"what is inside cannot be read: {why}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealResult(ProofResult):
    """A JAdES signature, and what became of it. Whose certificate it is, and who vouches for that, is asked apart.

    `created` is when the signer says that it was made, `verification_method` names the certificate by its digest.
    """

    algorithm: str | None = None
    certificate: Certificate | None = None
    chain: tuple[Certificate, ...] = ()
    """The further certificates that came with it."""


def verify_seal(envelope: Envelope, *, now: datetime) -> SealResult:
    """Check the signature of an envelope with the certificate that it carries. Never raises."""
    header = envelope.header
    named = header.get("alg")
    algorithm = named[:20] if isinstance(named, str) else None
    told = SealResult(ProofOutcome.INVALID, "", cryptosuite=JADES.name, algorithm=algorithm)
    try:
        if unknown := _check_header(header):
            return replace(told, outcome=ProofOutcome.UNSUPPORTED, detail=unknown)
        told = replace(told, created=_signed_at(header, now))
        certificate, *chain = _certificates(header)
    except (UnsoundSeal, UnfitCertificate, NotAMoment) as why:
        return replace(told, detail=str(why))
    method = f"urn:x5t:S256:{header['x5t#S256']}"
    told = replace(told, verification_method=method, certificate=certificate, chain=tuple(chain))
    try:
        holds = ALGORITHMS[str(named)].verify(certificate.public_key(), envelope.signature, envelope.signed)
    except (ValueError, UnsupportedAlgorithm):
        detail = "the key in its certificate is of no kind known here"
        return replace(told, outcome=ProofOutcome.UNSUPPORTED, detail=detail)
    if not holds:
        return replace(told, detail="the signature is not over this content, or not by this certificate")
    return replace(told, outcome=ProofOutcome.VERIFIED)


def _check_header(header: JsonObject) -> str | None:
    """Hold the protected header to what makes a JAdES signature; what in it is not known here, if something is.

    Raises:
        UnsoundSeal: it breaks a rule.
    """
    if str(header.get("typ", TYPE)).lower().removeprefix("application/") != TYPE:
        raise UnsoundSeal(f"its type is {str(header['typ'])[:40]!r}, not {TYPE}")
    if header.get("b64") is not False:
        raise UnsoundSeal("its payload is not signed as it stands (b64)")
    critical = header.get("crit")
    if not isinstance(critical, list) or not critical or not all(isinstance(name, str) for name in critical):
        raise UnsoundSeal("it does not list what has to be understood (crit)")
    if len(set(critical)) != len(critical) or not set(critical) <= header.keys() - _NEVER_CRITICAL:
        raise UnsoundSeal("what it says has to be understood (crit) is not there, or goes without saying")
    if "b64" not in critical or ("sigT" in header and "sigT" not in critical):
        raise UnsoundSeal("it does not require b64 and sigT to be understood (crit)")
    if unknown := sorted(set(critical) - _UNDERSTOOD):
        return f"it requires {unknown[0][:40]!r} to be understood, which is not known here"
    if "sigD" in header:
        raise UnsoundSeal("it is over something else than what it comes with (sigD)")
    name = header.get("alg")
    if not isinstance(name, str) or name == "none" or name.startswith("HS"):
        raise UnsoundSeal(f"{str(name)[:20]!r} is no signature by a certificate")
    return None if name in ALGORITHMS else f"its algorithm {name[:20]!r} is not known here"


def _certificates(header: JsonObject) -> tuple[Certificate, ...]:
    """The signer's certificate, held to the digest of it that is signed (section 5.2.2), and the others that it brings.

    Raises:
        UnsoundSeal: the digest is another's.
        UnfitCertificate: there is none, or it may not sign.
    """
    found = read_certificates(header.get("x5c"))
    if header.get("x5t#S256") != b64(found[0].fingerprint(hashes.SHA256())):
        raise UnsoundSeal("its certificate is not the one that it names (x5t#S256)")
    check_fit_to_seal(found[0])
    return found


def _signed_at(header: JsonObject, now: datetime) -> datetime:
    """`sigT`, or `iat` as of JAdES 1.2.1 (sections 5.2.1 and 5.1.11)."""
    if "sigT" in header:
        signed_at = read_moment(header["sigT"])
    elif isinstance(issued := header.get("iat"), int) and not isinstance(issued, bool):
        try:
            signed_at = datetime.fromtimestamp(issued, tz=now.tzinfo)
        except (ValueError, OverflowError, OSError):
            raise UnsoundSeal("it was signed at no time there is (iat)") from None
    else:
        raise UnsoundSeal("it does not say when it was signed (sigT)")
    if signed_at > now + CLOCK_SKEW:
        raise UnsoundSeal(f"it was signed in the future, {signed_at.isoformat()}")
    return signed_at


@dataclass(frozen=True, slots=True)
class SealedDocument:
    """A credential taken out of its seal, which is not verified yet (see `Opened`)."""

    envelope: Envelope
    document: JsonObject

    @classmethod
    def open(cls, submission: JsonObject) -> Self:
        """Take a credential out of its seal.

        Raises:
            NotAnEnvelope: there is none, or it could be read differently.
        """
        envelope = Envelope.open(submission)
        return cls(envelope, envelope.document())

    @property
    def whole(self) -> bool:
        """The seal is over the text as it stands."""
        return True

    @property
    def methods(self) -> tuple[str, ...]:
        """The certificate comes with it: nobody is asked for a key."""
        return ()

    @property
    def holder(self) -> LegalPerson | None:
        """The legal person that its certificate names: only as good as the signature."""
        try:
            return legal_person(read_certificates(self.envelope.header.get("x5c"))[0])
        except UnfitCertificate:
            return None

    def verify(self, keys: Mapping[str, PublicKey], *, now: datetime) -> tuple[ProofResult, ...]:
        """What becomes of its one signature."""
        del keys
        return (verify_seal(self.envelope, now=now),)
