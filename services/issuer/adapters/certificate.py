"""The certificate of an electronic seal, from its file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from credentials.certificates import ESeal, NotASeal


def load_seal(path: Path | None, password: str | None, now: datetime) -> ESeal:
    """The seal in a PKCS#12 file.

    Raises:
        NotASeal: no file was named, it cannot be read, it is no organisation's seal, or its certificate is out of date.
    """
    if path is None:
        raise NotASeal("jades seals with a certificate: name its PKCS#12 file in LAUREL_ISSUER_CERTIFICATE")
    try:
        seal = ESeal.from_pkcs12(path.read_bytes(), password)
    except OSError as why:
        raise NotASeal(f"the certificate cannot be read: {why}") from None
    if not seal.valid_at(now):
        raise NotASeal(f"the certificate of {seal.holder.name} is valid {seal.period}")
    return seal
