"""A folder of evidence instead of the web: what is not in it could not be had."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.x509 import Certificate

from credentials.data_model import items
from credentials.jose import Jws
from credentials.proofs import Sealed
from credentials.status import ReadStatusList
from schemas.faults import Malformed, Unavailable
from schemas.values import JsonObject
from verifier.adapters.anchors import ListedAnchors
from verifier.domain.reading import parse_sealed, read
from verifier.domain.report import Finding
from verifier.domain.status import KnownState
from verifier.domain.trust import TrustedIssuer
from verifier.handlers import Sources, VerifyCredential
from verifier.ports import FetchedList

_LARGEST = 4_000_000


class Folder:
    """What a folder and the folders below it hold in `*.json` and `*.jwt` files, found by their `id`.

    Two files that claim one id cancel each other out: which one counts is not for file names to decide. A folder says
    what was published, never whom to trust: it may have come with the credential.
    """

    def __init__(self, folder: Path) -> None:
        self._found: dict[str, tuple[Sealed, datetime]] = {}
        twice: set[str] = set()
        for path in sorted([*folder.rglob("*.json"), *folder.rglob("*.jwt")]):
            sealed = _read(path)
            if sealed is None:
                continue
            name = _id(sealed)
            if isinstance(name, str):
                if name in self._found and self._found[name][0] != sealed:
                    twice.add(name)
                self._found[name] = (sealed, datetime.fromtimestamp(path.stat().st_mtime, UTC))
        for name in twice:
            del self._found[name]

    async def resolve(self, did: str, *, fresh: bool = False) -> JsonObject:
        """The DID document of this id."""
        del fresh
        document, _ = self._get(did, "the DID document")
        if isinstance(document, str):
            raise Unavailable("the DID document in the folder is a token")
        return document

    async def fetch(self, url: str, *, as_token: bool = False) -> FetchedList:
        """The status list of this id, as of when its file was written."""
        return FetchedList(*self._get(_token(url) if as_token else url, "the status list"), from_its_address=False)

    def _get(self, name: str, what: str) -> tuple[Sealed, datetime]:
        if name not in self._found:
            raise Unavailable(f"{what} is not in the folder")
        return self._found[name]


def is_evidence(path: Path) -> bool:
    """Whether a file is one that others are verified by: a DID document, or a status list."""
    sealed = _read(path)
    if isinstance(sealed, dict) and "verificationMethod" in sealed:
        return True
    return sealed is not None and _is_status_list(sealed)


def _is_status_list(sealed: Sealed) -> bool:
    if isinstance(sealed, str):
        try:
            ReadStatusList.of(Jws.parse(sealed))
        except Malformed:
            pass
        else:
            return True
    opened = read(sealed)
    types = () if isinstance(opened, Finding) else items(opened.document.get("type"))
    return any(str(name).endswith(("StatusListCredential", "StatusList2021Credential")) for name in types)


class Listed:
    """The issuers somebody relies on, given once."""

    def __init__(self, trusted: Iterable[TrustedIssuer]) -> None:
        self._trusted = {issuer.did: issuer for issuer in trusted}

    async def find(self, did: str) -> TrustedIssuer | None:
        """The issuer's entry, if it has one."""
        return self._trusted.get(did)


def engine(
    folder: Path, trusted: Iterable[TrustedIssuer] = (), anchors: tuple[Certificate, ...] = ()
) -> VerifyCredential:
    """A verifier without a house or a network: DID documents and status lists come from a folder."""
    evidence = Folder(folder)
    return VerifyCredential(
        Sources(
            dids=evidence,
            status_lists=evidence,
            credentials=NothingFetched(),
            resources=NothingFetched(),
            trust=Listed(trusted),
            known=NothingKnown(),
            counts=NothingCounted(),
            anchors=ListedAnchors(anchors),
            logs=NoLogs(),
        )
    )


class NothingKnown:
    """No events are heard here."""

    async def of(self, credential: str) -> KnownState | None:
        """Nothing."""
        del credential
        return None

    async def find(self, status_list: str, index: int) -> KnownState | None:
        """Nothing."""
        del status_list, index
        return None


class NoLogs:
    """No log is asked here."""

    async def fetch(self, url: str) -> JsonObject:
        """Nothing."""
        raise Unavailable(f"{url} is not asked: this verification is offline")


class NothingFetched:
    """No address is asked here."""

    async def fetch(self, url: str) -> bytes:
        """Nothing."""
        raise Unavailable(f"{url} is not asked: this verification is offline")


class NothingCounted:
    """Nobody counts here."""

    def count(self, report: object, milliseconds: float) -> None:
        """Nothing."""


def _read(path: Path) -> Sealed | None:
    try:
        if path.stat().st_size > _LARGEST:
            return None
        return parse_sealed(path.read_bytes(), _LARGEST)
    except (OSError, Malformed):
        return None


def _token(url: str) -> str:
    return f"{url} as a token"


def _id(sealed: Sealed) -> object:
    """What it calls itself; a token's credential is asked. A list for tokens has the address of one that is not."""
    if isinstance(sealed, dict):
        return sealed.get("id")
    try:
        return _token(ReadStatusList.of(Jws.parse(sealed)).url)
    except Malformed:
        pass
    opened = read(sealed)
    return None if isinstance(opened, Finding) else opened.document.get("id")
