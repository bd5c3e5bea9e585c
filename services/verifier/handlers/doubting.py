"""Does a signature count whose key others may have?

Only if the issuer's log shows that the document was sealed before. A date inside it proves nothing: whoever has the key
writes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from credentials.dids import only_method, revocation, service_of
from credentials.issuance_log import SERVICE, NotAttested, SignedStatement, sealed_before
from credentials.keys import PublicKey
from schemas.faults import Malformed, Unavailable
from schemas.values import JsonObject, instant_text
from verifier.domain.report import Finding, found
from verifier.domain.signature import Keys
from verifier.domain.verdicts import Code
from verifier.handlers.working import together
from verifier.ports import DidDocuments, IssuanceLogs

LookUp = Callable[[str], Awaitable[PublicKey | Finding]]
"""The key of a verification method, if its owner lists it for signing, or why there is none."""


class DoubtKeys:
    """Find the keys that do not count for a document, because others may have made its signature."""

    def __init__(self, dids: DidDocuments, logs: IssuanceLogs, key: LookUp) -> None:
        self._dids = dids
        self._logs = logs
        self._key = key

    async def __call__(self, keys: Keys, digest: Callable[[], str], at: datetime) -> dict[str, Finding]:
        """Why some of these keys do not count; those without an entry do. `digest` is that of the document."""
        held = [method for method, key in keys.items() if isinstance(key, PublicKey)]
        doubts = await together([self._doubt(method, digest, at) for method in held])
        return {method: doubt for method, doubt in zip(held, doubts, strict=True) if doubt is not None}

    async def _doubt(self, method: str, digest: Callable[[], str], at: datetime) -> Finding | None:
        did = method.partition("#")[0]
        if only_method(did) is not None:  # the key is the name: it cannot be taken back
            return None
        try:
            document = await self._dids.resolve(did)
            since = revocation(document, method)
        except Unavailable as fault:
            return found(Code.KEY_UNAVAILABLE, f"The key {method[:300]} could not be had: {fault}.", key=method)
        except Malformed as fault:
            return found(Code.SIGNATURE_UNSUPPORTED, f"The key cannot be used here: {fault}.", key=method)
        return None if since is None or since > at else await self._attested(document, method, since, digest)

    async def _attested(
        self, document: JsonObject, method: str, since: datetime, digest: Callable[[], str]
    ) -> Finding | None:
        """None where the log shows that it was sealed before; else why the key does not count."""
        told: dict[str, str | None] = {"key": method, "since": instant_text(since)}
        log = service_of(document, SERVICE)
        if log is None:
            return found(
                Code.KEY_COMPROMISED,
                "Others may have its key, and its issuer keeps no log that would show that it was sealed before.",
                **told,
            )
        told["log"] = log[:500]
        try:
            sealed = await self._ask(method.partition("#")[0], log, await asyncio.to_thread(digest))
        except (Unavailable, Malformed) as fault:
            return found(
                Code.ISSUANCE_LOG_UNAVAILABLE,
                f"Others may have its key since then; its issuer's log did not show when it was sealed: {fault}.",
                **told,
            )
        if sealed is not None and sealed < since:
            return None
        return found(
            Code.KEY_COMPROMISED,
            "Others may have its key since then, and its issuer's log does not show that it was sealed before.",
            **told,
            sealed=instant_text(sealed) if sealed else None,
        )

    async def _ask(self, did: str, log: str, digest: str) -> datetime | None:
        """Before when it was sealed, as the log proves; None when it is not in the log.

        Raises `Unavailable`, or `Malformed` for an answer that proves nothing: what a stolen key says of the log, too.
        """
        answer = await self._logs.fetch(f"{log}/proofs/{digest}")
        signed = SignedStatement.parse(answer.get("statement"))
        if signed.statement.did != did:
            raise NotAttested("the log is another issuer's")
        key = await self._key(signed.method)
        if isinstance(key, Finding):
            raise NotAttested(f"the key of its statement does not count: {key.message}")
        if revocation(await self._dids.resolve(did), signed.method) is not None:
            raise NotAttested("others may have the key of its statement, too")
        return sealed_before(answer, signed.verify(key), digest)
