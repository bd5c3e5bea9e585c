"""TLS without anybody in front: a certificate of one's own, and trust in it where one's own house is asked."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from chassis.knobs import usable
from chassis.secrets import write_once

VALIDITY = timedelta(days=825)
FILE = "tls.pem"


class TlsSettings(Protocol):
    """What of the settings is needed here."""

    @property
    def tls_certificate(self) -> Path | None:
        """The certificate this process shows, if it speaks TLS itself."""
        ...


class OwnTlsSettings(TlsSettings, Protocol):
    """What of the settings is needed to show it."""

    @property
    def tls_key(self) -> Path | None:
        """Its key, where that does not lie beside it."""
        ...


def self_signed(var: Path, base_url: str) -> Path:
    """A certificate that nobody else vouches for, with its key: `var/tls.pem`, for its owner's eyes only.

    For the evaluation house alone. It is for this origin's host and for the loopback; made once, and made anew once it
    is for another host or has expired.
    """
    file = var / FILE
    host = urlsplit(base_url).hostname or "localhost"
    if file.exists() and not _serves(x509.load_pem_x509_certificate(file.read_bytes()), host):
        file.unlink()
    if not file.exists():
        write_once(file, _made(host))
    return file


def trust(settings: TlsSettings) -> ssl.SSLContext:
    """Whom to trust when one's own house is asked: the usual authorities, and the certificate it shows itself."""
    context = ssl.create_default_context()
    if settings.tls_certificate is not None:
        context.load_verify_locations(cafile=settings.tls_certificate)
    return context


def check_certificate(settings: OwnTlsSettings) -> None:
    """Raises `Misconfigured` where a certificate is to be shown and cannot be."""
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None:
        return
    if key is not None:
        with usable("LAUREL_TLS_KEY", key):
            key.open("rb").close()
    with usable("LAUREL_TLS_CERTIFICATE", certificate):
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")  # never asks for one


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _serves(certificate: x509.Certificate, host: str) -> bool:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return _name(host) in list(names) and certificate.not_valid_after_utc > datetime.now(UTC)


def _made(host: str) -> bytes:
    key = generate_private_key(SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Laurel, self-signed")])
    names = dict.fromkeys([_name(host), _name("localhost"), _name("127.0.0.1"), _name("::1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALIDITY)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
