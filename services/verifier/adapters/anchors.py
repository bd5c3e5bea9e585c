"""Authorities whose certificates are relied on, from a PEM file."""

from __future__ import annotations

from pathlib import Path

from cryptography.x509 import Certificate

from credentials.certificates import read_anchors


class ListedAnchors:
    """A list that was given once."""

    def __init__(self, certificates: tuple[Certificate, ...] = ()) -> None:
        self._certificates = certificates

    @classmethod
    def read(cls, path: Path | None) -> ListedAnchors:
        """Those of a PEM file; none without a file.

        Raises:
            OSError: the file cannot be read.
            UnfitCertificate: it holds no certificates.
        """
        return cls(read_anchors(path.read_bytes()) if path else ())

    async def anchors(self) -> tuple[Certificate, ...]:
        """The authorities on the list."""
        return self._certificates
