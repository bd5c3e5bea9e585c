"""An organisation's signing keys: which there are, and what to do when one was stolen."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from issuer.ports import Clock, Compromise, Keyring, OrganisationKey, Organisations, RegisteredOrganisation
from schemas.faults import Conflict, Malformed, NotFound
from schemas.values import Frozen, Instant, Iri, ShortText, Text


class KeyState(StrEnum):
    """What a key is still good for."""

    SIGNING = "signing"
    KEPT = "kept"
    """It signs no more; what it signed goes on verifying."""
    COMPROMISED = "compromised"
    """What it signed counts only if the issuance log shows that it was sealed before."""


class KeyStanding(Frozen):
    """A key, and how it stands."""

    verification_method: Iri
    kind: ShortText
    state: KeyState
    created: Instant
    token: ShortText | None = None
    """The PKCS#11 token that has it; None for one that rests here, wrapped by the master key."""
    since: Instant | None = None
    """From when on others may have it."""
    reason: Text | None = None


class MarkedKey(Frozen):
    """A key that was reported."""

    verification_method: Iri
    since: Instant
    replaced_by: Iri | None
    """The key that signs instead from now on; None when it did not sign any more."""


class SignedLists(Protocol):
    """Signed things that are kept ready."""

    def forget_organisation(self, organisation: str) -> None:
        """They are to be signed anew."""
        ...


class ListKeys:
    """Every key an organisation ever signed with."""

    def __init__(self, organisations: Organisations) -> None:
        self._organisations = organisations

    async def __call__(self, organisation: str) -> tuple[KeyStanding, ...]:
        """The oldest first. Raises `NotFound`."""
        registered = await _registered(self._organisations, organisation)
        return tuple(
            KeyStanding(
                verification_method=_method(registered, key),
                kind=key.kind.name,
                state=_state(registered, key),
                created=key.created,
                token=key.place.token if key.place else None,
                since=key.compromised.since if key.compromised else None,
                reason=key.compromised.reason if key.compromised else None,
            )
            for key in registered.keys
        )


class ReportCompromise:
    """Mark a key that others may have: no date that it signed counts any more."""

    def __init__(self, organisations: Organisations, keyring: Keyring, lists: SignedLists, *, clock: Clock) -> None:
        """Wire it. `lists` are those signed and kept, which the stolen key may have signed."""
        self._organisations = organisations
        self._keyring = keyring
        self._lists = lists
        self._clock = clock

    async def __call__(self, organisation: str, fragment: str, since: datetime, reason: str) -> MarkedKey:
        """Marked, and replaced where it was in use, in one write.

        Raises `NotFound`, `Malformed` for a moment to come, `Conflict` when it is marked from that moment or an
        earlier one already (a later one would give back to a thief what was taken), or another changes the keys now.
        """
        now = self._clock()
        if since > now:
            raise Malformed(f"since: {since:%Y-%m-%d %H:%M} UTC lies in the future")
        registered = await _registered(self._organisations, organisation)
        key = next((key for key in registered.keys if key.fragment == fragment), None)
        if key is None:
            raise NotFound(f"{organisation} has no key {fragment}")
        if key.compromised is not None and key.compromised.since <= since:
            raise Conflict(f"{fragment} is marked since {key.compromised.since:%Y-%m-%d %H:%M} UTC already")
        marked = key.model_copy(update={"compromised": Compromise(since=since, reason=reason, reported=now)})
        keys = tuple(marked if each is key else each for each in registered.keys)
        new: OrganisationKey | None = None
        if _signs(registered, key):
            new = await self._keyring.make(organisation, f"key-{len(keys) + 1}", key.kind, now)
            keys = (*keys, new)
        await self._organisations.replace(registered.model_copy(update={"keys": keys}))
        self._lists.forget_organisation(organisation)
        return MarkedKey(
            verification_method=_method(registered, key),
            since=since,
            replaced_by=_method(registered, new) if new else None,
        )


async def _registered(organisations: Organisations, organisation: str) -> RegisteredOrganisation:
    registered = await organisations.get(organisation)
    if registered is None:
        raise NotFound(f"there is no organisation {organisation}")
    return registered


def _method(registered: RegisteredOrganisation, key: OrganisationKey) -> str:
    return f"{registered.organisation.did}#{key.fragment}"


def _signs(registered: RegisteredOrganisation, key: OrganisationKey) -> bool:
    return key is registered.newest(key.kind)


def _state(registered: RegisteredOrganisation, key: OrganisationKey) -> KeyState:
    if key.compromised is not None:
        return KeyState.COMPROMISED
    return KeyState.SIGNING if _signs(registered, key) else KeyState.KEPT
