"""Certificates and electronic seals, made for tests; the keys are made once per process."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from credentials.certificates import ESeal, LegalPerson
from credentials.jose import b64
from tests.builders import NOW

PASSWORD = "open sesame"
IDENTIFIER, HOLDER = "VATIE-1234567X", "University of Example"

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def a_key(kind: str = "ec", which: int = 0) -> Key:
    return _made(kind, which)


@cache
def _made(kind: str, which: int) -> Key:
    del which
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    if kind == "weak":
        return rsa.generate_private_key(65537, 1024)  # noqa: S505 to be refused
    return ec.generate_private_key(ec.SECP256R1() if kind == "ec" else ec.SECP521R1())


@dataclass(frozen=True)
class Authority:
    """Somebody who issues certificates."""

    certificate: x509.Certificate
    key: Key


def a_name(common: str, organisation: str | None = HOLDER, identifier: str | None = IDENTIFIER) -> x509.Name:
    said = [(NameOID.COUNTRY_NAME, "IE"), (NameOID.COMMON_NAME, common)]
    if organisation:
        said.append((NameOID.ORGANIZATION_NAME, organisation))
    if identifier:
        said.append((NameOID.ORGANIZATION_IDENTIFIER, identifier))
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in said])


def a_certificate(  # noqa: PLR0913 what a certificate says, by name
    subject: x509.Name,
    key: Key,
    authority: Authority | None = None,
    *,
    start: datetime = NOW - timedelta(days=30),
    end: datetime = NOW + timedelta(days=700),
    ca: bool = False,
    path_length: int | None = None,
    signs: bool = True,
    extra: x509.ExtensionType | None = None,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=signs and not ca, content_commitment=signs and not ca, key_encipherment=not signs,
        data_encipherment=False, key_agreement=False, key_cert_sign=ca, crl_sign=ca, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.certificate.subject if authority else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
        .add_extension(usage, critical=True)
    )
    if extra is not None:
        builder = builder.add_extension(extra, critical=True)
    return builder.sign(authority.key if authority else key, hashes.SHA256())


@cache
def an_authority(name: str = "Authority of Example") -> Authority:
    key = a_key("ec", hash(name))
    return Authority(a_certificate(a_name(name, name, None), key, ca=True, start=NOW - timedelta(days=3650)), key)


def a_pkcs12(
    kind: str = "ec",
    *,
    subject: x509.Name | None = None,
    authority: Authority | None = None,
    certificate: x509.Certificate | None = None,
    password: str = PASSWORD,
) -> bytes:
    """A seal as an organisation keeps it, issued by `an_authority`."""
    authority = authority or an_authority()
    key = a_key(kind)
    own = certificate or a_certificate(subject or a_name("Seal of Example"), key, authority)
    encryption = BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"seal", key, own, [authority.certificate], encryption)


@cache
def a_seal(kind: str = "ec") -> ESeal:
    return ESeal.from_pkcs12(a_pkcs12(kind), PASSWORD)


def a_seal_of(identifier: str, holder: str) -> ESeal:
    """Somebody else's seal."""
    return ESeal.from_pkcs12(a_pkcs12(subject=a_name("Seal", holder, identifier)), PASSWORD)


def unchecked_seal(key: Key, certificate: x509.Certificate) -> ESeal:
    """A seal that `from_pkcs12` would refuse."""
    x5c = (base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),)
    holder = LegalPerson(IDENTIFIER, HOLDER)
    return ESeal(key, certificate, (), holder, x5c, b64(certificate.fingerprint(hashes.SHA256())))
