"""Certificates of organisations: electronic seals, who they name, and whether somebody known vouches for them.

Sources: RFC 5280, section 6; ETSI EN 319 412-1, section 5.1.4, and 412-3 (legal persons' certificates). Whether a
certificate was revoked is not asked here.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import ExtensionOID, NameOID

from credentials.jose import b64
from schemas.faults import Malformed, Misconfigured
from schemas.vocabularies import COUNTRIES

MOST: Final = 10
"""Certificates that one signature may bring."""
SMALLEST_RSA: Final = 2048
_LONGEST: Final = 20_000
"""Characters of one certificate."""
_UNDERSTOOD: Final = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)
"""Critical extensions that may stand in a certificate; any other might forbid what is about to be concluded."""


class NotASeal(Misconfigured):
    """The file holds no electronic seal that can be used, or the password is wrong: found at start-up."""


class UnfitCertificate(Malformed):
    """It is no certificate, or none that may make such signatures."""


@dataclass(frozen=True, slots=True)
class LegalPerson:
    """Who a certificate names."""

    identifier: str
    """`organizationIdentifier` (2.5.4.97), as `VATIE-1234567X`: the register, the country, the number."""
    name: str
    """`organizationName`."""
    country: str | None = None
    """By its EU code, where it is one."""


def legal_person(certificate: x509.Certificate) -> LegalPerson:
    """The organisation that a certificate names.

    Raises:
        UnfitCertificate: it names none, or more than one.
    """
    try:
        subject = certificate.subject
    except ValueError as why:
        raise UnfitCertificate(f"the certificate's subject cannot be read: {why}") from None
    identifiers = subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    names = subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    if len(identifiers) != 1 or len(names) != 1:
        raise UnfitCertificate("the certificate does not name one organisation, with its identifier (2.5.4.97)")
    country = next((str(found.value) for found in subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)), "")
    known = next((known.code for known in COUNTRIES if known.notation == country), None)
    return LegalPerson(str(identifiers[0].value), str(names[0].value), known)


@dataclass(frozen=True, slots=True)
class ESeal:
    """An organisation's certificate with its private key, which never shows in a representation."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    """Who vouches for it, in order."""
    holder: LegalPerson
    x5c: tuple[str, ...] = field(repr=False)
    """The certificates as a JWS header has them."""
    thumbprint: str
    """The SHA-256 of the certificate, base64url."""

    @classmethod
    def from_pkcs12(cls, content: bytes, password: str | None = None) -> Self:
        """The seal in a PKCS#12 file.

        Raises:
            NotASeal: another password, no key of a kind that seals (RSA from 2048 bits, P-256), or a certificate that
                does not name one organisation.
        """
        try:
            loaded = pkcs12.load_pkcs12(content, password.encode() if password else None)
        except ValueError as why:
            raise NotASeal(f"the PKCS#12 file cannot be read, or has another password: {why}") from None
        key, own = loaded.key, loaded.cert
        if own is None or key is None:
            raise NotASeal("the PKCS#12 file holds no key with its certificate")
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or (
            isinstance(key, ec.EllipticCurvePrivateKey) and not isinstance(key.curve, ec.SECP256R1)
        ):
            raise NotASeal("the key in the PKCS#12 file is neither RSA nor P-256")
        certificate = own.certificate
        try:
            check_fit_to_seal(certificate)
            holder = legal_person(certificate)
        except UnfitCertificate as why:
            raise NotASeal(str(why)) from None
        chain = tuple(further.certificate for further in loaded.additional_certs)
        x5c = tuple(base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in (certificate, *chain))
        return cls(key, certificate, chain, holder, x5c, b64(certificate.fingerprint(hashes.SHA256())))

    def valid_at(self, moment: datetime) -> bool:
        """Whether the certificate is in date."""
        return in_date(self.certificate, moment)

    @property
    def period(self) -> str:
        """When it is in date, for a reader."""
        own = self.certificate
        return f"from {own.not_valid_before_utc:%Y-%m-%d %H:%M} to {own.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"


def in_date(certificate: x509.Certificate, moment: datetime) -> bool:
    """Whether a certificate was in date at a moment."""
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def read_certificates(x5c: object) -> tuple[x509.Certificate, ...]:
    """The certificates of a JWS header, the signer's first (RFC 7515, section 4.1.6).

    Raises:
        UnfitCertificate: there is none, there are too many, or one cannot be read.
    """
    if not isinstance(x5c, list) or not x5c or len(x5c) > MOST:
        raise UnfitCertificate(f"it brings no certificates, or more than {MOST} (x5c)")
    return tuple(map(_read_certificate, x5c))


def _read_certificate(text: object) -> x509.Certificate:
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise UnfitCertificate("a certificate is not written as text, or is too long (x5c)")
    try:
        return x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error) as why:
        raise UnfitCertificate(f"a certificate cannot be read (x5c): {why}") from None


def read_anchors(content: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file.

    Raises:
        UnfitCertificate: there is none in it.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(content))
    except ValueError as why:
        raise UnfitCertificate(f"there are no certificates in this file: {why}") from None


def check_fit_to_seal(certificate: x509.Certificate) -> None:
    """Hold a certificate to what may make a signature that lasts.

    Raises:
        UnfitCertificate: its key is too weak or of an unknown kind, or it is for something else.
    """
    try:
        key = certificate.public_key()
        usage = _extension(certificate, x509.KeyUsage)
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension) as why:
        raise UnfitCertificate(f"the certificate cannot be read: {why}") from None
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < SMALLEST_RSA:
            raise UnfitCertificate(f"the certificate's key has {key.key_size} bits, fewer than {SMALLEST_RSA}")
    elif not isinstance(key, ec.EllipticCurvePublicKey):
        raise UnfitCertificate("the certificate's key is neither RSA nor on an elliptic curve")
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise UnfitCertificate("the certificate is not for signing")


E = TypeVar("E", bound=x509.ExtensionType)


def _extension(certificate: x509.Certificate, kind: type[E]) -> E | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


class Vouched(StrEnum):
    """Whether somebody known vouches for a certificate."""

    ANCHORED = "anchored"
    UNKNOWN = "unknown"
    """The certificates end at somebody who is not on the list, or break off before."""


@dataclass(frozen=True, slots=True)
class ChainResult:
    """Where a chain of certificates ends."""

    outcome: Vouched
    authority: str
    """The name of the anchor, or of whoever the last certificate says it is from."""


def chain_to_anchor(
    certificate: x509.Certificate,
    further: Sequence[x509.Certificate],
    anchors: Iterable[x509.Certificate],
    at: datetime,
) -> ChainResult:
    """Follow a certificate to one on a list, through those that came with it; each in date at that moment.

    A certificate that is itself on the list needs nobody else to vouch for it.
    """
    trusted, left = tuple(anchors), list(further)
    current = certificate
    if _sound(certificate):
        for depth in range(MOST):
            if current in trusted or any(_issued(anchor, current, depth, at) for anchor in trusted):
                anchor = current if current in trusted else next(a for a in trusted if _issued(a, current, depth, at))
                return ChainResult(Vouched.ANCHORED, _name(anchor.subject))
            following = next((one for one in left if _issued(one, current, depth, at)), None)
            if following is None:
                break
            left.remove(following)
            current = following
    return ChainResult(Vouched.UNKNOWN, _name(current.issuer))


def _issued(authority: x509.Certificate, certificate: x509.Certificate, below: int, at: datetime) -> bool:
    """Whether an authority that may do so issued a certificate; `below` counts the authorities already passed."""
    try:
        constraints, usage = _extension(authority, x509.BasicConstraints), _extension(authority, x509.KeyUsage)
        if constraints is None or not constraints.ca or (usage is not None and not usage.key_cert_sign):
            return False
        if constraints.path_length is not None and below > constraints.path_length:
            return False
        if not in_date(authority, at) or not _sound(authority):
            return False
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.DuplicateExtension):
        return False
    return True


def _sound(certificate: x509.Certificate) -> bool:
    try:
        return all(not found.critical or found.oid in _UNDERSTOOD for found in certificate.extensions)
    except (ValueError, x509.DuplicateExtension):
        return False


def _name(name: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for found in name.get_attributes_for_oid(oid):
            return str(found.value)[:200]
    return name.rfc4514_string()[:200]
