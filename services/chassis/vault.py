"""Personal data under a key per learner, so that erasing the key erases the person everywhere, Kafka included."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from secrets import token_bytes
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.documents import Document, Documents, Schema
from chassis.secrets import KEY_BYTES, NONCE_BYTES, MasterKey
from schemas.faults import Conflict, Malformed, NotFound
from schemas.values import SealedData

CACHED_KEYS = 4096
CACHED_SECONDS = 60.0
"""How long a process may still read a person that another one erased."""

_ATTEMPTS = 5


class Erased(NotFound):
    """The learner's key is gone, and with it what was sealed."""


class LearnerKey(Document):
    """A learner's key, wrapped by the master key; what stays of it after an erasure is that there was one."""

    wrapped: bytes | None
    erasures: int = 0


LEARNER_KEYS = Schema("learner_keys", LearnerKey)


class Vault:
    """Seals and opens with AES-256-GCM; the learner's id is authenticated along, so that data cannot change owner.

    Nothing new is sealed for a learner who was erased, unless the world brings the learner back (`returning`): then
    under a new key, and what was sealed before stays erased.
    """

    def __init__(self, documents: Documents, master: MasterKey) -> None:
        self._keys = documents.collection(LEARNER_KEYS)
        self._master = master
        self._cache: OrderedDict[UUID, tuple[float, AESGCM, int]] = OrderedDict()

    async def seal(self, learner: UUID, plaintext: bytes, *, returning: bool = False) -> SealedData:
        """The plaintext under the learner's key, which is made if need be.

        Raises `Erased` when the learner was erased, unless they may be `returning`.
        """
        (sealed,) = await self.seal_many(((learner, plaintext),), returning=returning)
        return sealed

    async def seal_many(
        self, items: Sequence[tuple[UUID, bytes]], *, returning: bool = False
    ) -> tuple[SealedData, ...]:
        """As `seal`, for many in a constant number of round trips; in order."""
        ciphers = await self._ciphers_to_seal({learner for learner, _ in items}, returning=returning)
        return tuple(_seal(ciphers[learner], learner, plaintext) for learner, plaintext in items)

    async def open(self, sealed: SealedData) -> bytes:
        """What was sealed. Raises `Erased`, or `Malformed` when it was changed or sealed elsewhere."""
        (opened,) = await self.open_many((sealed,))
        if isinstance(opened, Erased):
            raise opened
        return opened

    async def open_many(self, sealed: Sequence[SealedData]) -> list[bytes | Erased]:
        """As `open`, for many in one round trip; an erased one is a value, so that the others can be read."""
        ciphers = await self._ciphers_to_open({one.learner for one in sealed})
        opened: list[bytes | Erased] = []
        for one in sealed:
            cipher, erasures = ciphers.get(one.learner, (None, 0))
            if cipher is None:
                opened.append(Erased("the learner was erased"))
                continue
            try:
                opened.append(cipher.decrypt(one.nonce, one.ciphertext, one.learner.bytes))
            except InvalidTag:
                if not erasures:
                    raise Malformed("the sealed data was changed, or was sealed elsewhere") from None
                opened.append(Erased("the learner was erased since"))
        return opened

    async def erase(self, learner: UUID) -> bool:
        """Forget the learner's key; whether there was one. Erasing whom we never knew, or twice, does no harm."""
        self._cache.pop(learner, None)
        for _ in range(_ATTEMPTS):
            stored = await self._keys.get(str(learner))
            if stored is None or stored.wrapped is None:
                return False
            erased = stored.model_copy(update={"wrapped": None, "erasures": stored.erasures + 1})
            if not await self._keys.replace_many([erased]):
                self._cache.pop(learner, None)
                return True
        raise Conflict("the learner's key kept changing while it was being erased; nothing was erased")

    async def _ciphers_to_open(self, learners: set[UUID]) -> dict[UUID, tuple[AESGCM, int]]:
        ciphers = self._cached(learners)
        if missing := learners - ciphers.keys():
            for key in (await self._keys.get_many(map(str, missing))).values():
                if key.wrapped is not None:
                    ciphers[UUID(key.id)] = self._unwrapped(key, key.wrapped)
        return ciphers

    async def _ciphers_to_seal(self, learners: set[UUID], *, returning: bool) -> dict[UUID, AESGCM]:
        ciphers = await self._ciphers_to_open(learners)
        for _ in range(_ATTEMPTS):
            missing = learners - ciphers.keys()
            if not missing:
                return {learner: cipher for learner, (cipher, _) in ciphers.items()}
            ciphers |= await self._make(missing, returning=returning)
            # Another process may have been first with some: its key is the key.
            ciphers |= await self._ciphers_to_open(learners - ciphers.keys())
        raise Conflict("the learner's key kept being erased while it was being used")

    async def _make(self, learners: Iterable[UUID], *, returning: bool) -> dict[UUID, tuple[AESGCM, int]]:
        """Keys for those that have none; by learner, where nobody else made one."""
        keys = {str(learner): token_bytes(KEY_BYTES) for learner in learners}
        fresh = {id_: LearnerKey(id=id_, wrapped=self._master.wrap(key, _purpose(id_))) for id_, key in keys.items()}
        there = await self._keys.insert_many(tuple(fresh.values()))
        if there:
            erased = [key for key in (await self._keys.get_many(there)).values() if key.wrapped is None]
            if erased and not returning:
                raise Erased("the learner was erased")
            await self._keys.replace_many([key.model_copy(update={"wrapped": fresh[key.id].wrapped}) for key in erased])
        return {UUID(id_): self._kept(UUID(id_), keys[id_], 0) for id_ in fresh.keys() - there}

    def _unwrapped(self, key: LearnerKey, wrapped: bytes) -> tuple[AESGCM, int]:
        return self._kept(UUID(key.id), self._master.unwrap(wrapped, _purpose(key.id)), key.erasures)

    def _kept(self, learner: UUID, key: bytes, erasures: int) -> tuple[AESGCM, int]:
        cipher = AESGCM(key)
        self._cache[learner] = (time.monotonic() + CACHED_SECONDS, cipher, erasures)
        while len(self._cache) > CACHED_KEYS:
            self._cache.popitem(last=False)
        return cipher, erasures

    def _cached(self, learners: Iterable[UUID]) -> dict[UUID, tuple[AESGCM, int]]:
        now = time.monotonic()
        found: dict[UUID, tuple[AESGCM, int]] = {}
        for learner in learners:
            entry = self._cache.get(learner)
            if entry is not None:
                until, cipher, erasures = entry
                if until > now:
                    self._cache.move_to_end(learner)
                    found[learner] = (cipher, erasures)
                else:
                    del self._cache[learner]
        return found


def _purpose(learner: str) -> str:
    return f"learner {learner}"


def _seal(cipher: AESGCM, learner: UUID, plaintext: bytes) -> SealedData:
    nonce = token_bytes(NONCE_BYTES)
    return SealedData(learner=learner, nonce=nonce, ciphertext=cipher.encrypt(nonce, plaintext, learner.bytes))
