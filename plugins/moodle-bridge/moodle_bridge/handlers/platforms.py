"""Which platforms may deliver, and whether a delivery is theirs."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from chassis.access import Forbidden, Unauthenticated
from chassis.documents import Page
from chassis.together import Together
from moodle_bridge.domain.webhook import TOLERANCE, Doubt, Signed, doubt, secret_text
from moodle_bridge.handlers.reopening import ReopenAllowed
from moodle_bridge.ports import (
    Clock,
    Contact,
    Contacts,
    Platforms,
    RegisteredPlatform,
    Secrets,
    SharedSecret,
    Untold,
    UntoldPlatforms,
)
from schemas.events import DIRECT
from schemas.faults import Conflict, NotFound
from schemas.values import instant_text

NAMED_TOGETHER = 200
"""Deliveries whose platforms are looked up at a time."""


class NotGenuine(Unauthenticated):
    """A delivery we do not take for the platform's. The answer tells the server's time, for a clock that is wrong."""

    def __init__(self, detail: str, now: datetime) -> None:
        super().__init__(detail)
        self.members = {"server_time": instant_text(now)}


class UnknownPlatform(NotGenuine):
    """No platform of this name is registered."""


class HeadersMissing(NotGenuine):
    """The Standard Webhooks headers are not all there, or not of their form."""


class WrongSignature(NotGenuine):
    """The signature is not over this body with the platform's secret."""


class WrongSecret(NotGenuine):
    """No platform of this name has this secret, or nobody was named."""


class StaleTimestamp(NotGenuine):
    """The delivery was signed too long ago, or in the future."""


class PlatformDisabled(Forbidden):
    """The platform is known, and may not deliver for now."""


class PlatformExists(Conflict):
    """A platform of this name is registered already."""


class RecognisePlatform:
    """Tell whose delivery it is, by its signature."""

    def __init__(self, platforms: Platforms, secrets: Secrets, contacts: Contacts, clock: Clock) -> None:
        self._platforms = platforms
        self._secrets = secrets
        self._contacts = contacts
        self._clock = clock
        self._named = Together(self._all_named, most=NAMED_TOGETHER)

    async def __call__(self, name: str, signed: Signed) -> RegisteredPlatform:
        """The platform. Raises a `NotGenuine` that says why, `PlatformDisabled`, or `Unavailable`."""
        now = self._clock()
        platform = await self._named(name) if name else None
        if platform is None:
            raise UnknownPlatform("no platform of this name is registered: see the header laurel-platform", now)
        why = doubt(signed, self._current(platform, now), now)
        if why in {None, Doubt.TIMESTAMP_STALE}:  # it is the platform, whatever its clock says
            self._contacts.note(platform.id, now, float(signed.timestamp) - int(now.timestamp()))
        match why:
            case Doubt.HEADERS_MISSING:
                raise HeadersMissing(
                    "webhook-id (a UUID), webhook-timestamp (Unix seconds) and webhook-signature (v1,…) are needed", now
                )
            case Doubt.SIGNATURE_WRONG:
                raise WrongSignature(
                    "the signature does not fit this body and the platform's secret: is the secret the current one?",
                    now,
                )
            case Doubt.TIMESTAMP_STALE:
                raise StaleTimestamp(
                    f"the delivery was signed at {signed.timestamp}, more than {TOLERANCE.seconds} s from the server's "
                    f"{int(now.timestamp())}: is the sender's clock right?",
                    now,
                )
            case None:
                pass
        return _enabled(platform)

    async def by_secret(self, name: str, secret: str) -> RegisteredPlatform:
        """The platform of this name that shows its secret. Raises `WrongSecret`, `PlatformDisabled`, `Unavailable`."""
        now = self._clock()
        platform = await self._named(name) if name else None
        current = [secret_text(one) for one in self._current(platform, now)] if platform else []
        fits = [hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), one.encode()) for one in current]
        if platform is None or not any(fits):
            raise WrongSecret("no platform of this name has this secret: Basic authentication is platform:secret", now)
        self._contacts.note(platform.id, now, None)
        return _enabled(platform)

    async def _all_named(self, names: Sequence[str]) -> list[RegisteredPlatform | None]:
        found = await self._platforms.get_many(set(names))
        return [found.get(name) for name in names]

    def _current(self, platform: RegisteredPlatform, now: datetime) -> list[bytes]:
        return current_secrets(platform, self._secrets, now)


def current_secrets(platform: RegisteredPlatform, secrets: Secrets, now: datetime) -> list[bytes]:
    """Those that are still good. Raises `Unavailable`."""
    return [
        secrets.unwrap(platform.id, secret.wrapped)
        for secret in platform.secrets
        if secret.expires is None or now < secret.expires
    ]


def _enabled(platform: RegisteredPlatform) -> RegisteredPlatform:
    if not platform.enabled:
        raise PlatformDisabled("this platform is disabled: ask whoever runs Laurel")
    return platform


class RegisterPlatform:
    """Let a learning platform deliver completions for an organisation."""

    def __init__(self, platforms: Platforms, secrets: Secrets, clock: Clock) -> None:
        self._platforms = platforms
        self._secrets = secrets
        self._clock = clock

    async def __call__(
        self, name: str, organisation: str, offerings: Sequence[str] | None
    ) -> tuple[RegisteredPlatform, str]:
        """The platform, and its secret: here and never again. Raises `PlatformExists`."""
        if name == DIRECT:
            raise PlatformExists(f"{DIRECT} is the name under which providers issue at their own word: choose another")
        now = self._clock()
        plain, wrapped = self._secrets.make(name)
        platform = RegisteredPlatform(
            id=name,
            organisation=organisation,
            offerings=None if offerings is None else tuple(offerings),
            secrets=(SharedSecret(wrapped=wrapped, created=now),),
            registered=now,
        )
        if await self._platforms.insert_many([platform]):
            raise PlatformExists(f"a platform {name} is registered already; its secret can be changed, not shown")
        return platform, secret_text(plain)


class RotateSecret:
    """Give a platform a new secret, and let the old one work until it is in place."""

    def __init__(self, platforms: Platforms, secrets: Secrets, clock: Clock, overlap: timedelta) -> None:
        self._platforms = platforms
        self._secrets = secrets
        self._clock = clock
        self._overlap = overlap

    async def __call__(self, platform: RegisteredPlatform) -> tuple[RegisteredPlatform, str]:
        """The platform, and its new secret. Of the older ones only the last goes on working, for the overlap."""
        now = self._clock()
        plain, wrapped = self._secrets.make(platform.id)
        until = now + self._overlap
        last = platform.secrets[-1]
        last = last.model_copy(update={"expires": min(until, last.expires or until)})
        secrets = (last, SharedSecret(wrapped=wrapped, created=now))
        return await self._platforms.replace(platform.model_copy(update={"secrets": secrets})), secret_text(plain)


class ChangePlatform:
    """Disable a platform or let it deliver again; change what it may award, and by which statements."""

    def __init__(self, platforms: Platforms, untold: UntoldPlatforms, reopen: ReopenAllowed) -> None:
        self._platforms = platforms
        self._untold = untold
        self._reopen = reopen

    async def __call__(self, platform: RegisteredPlatform, change: Mapping[str, object]) -> RegisteredPlatform:
        """The platform as it is now; what was refused because of what it might not award is told again.

        Raises `Conflict` when somebody else changed it at the same moment, `Unavailable` with perhaps a part done: say
        it again.
        """
        wanted = platform.model_copy(update=change)
        if wanted.webhook != platform.webhook:
            await self._untold.delete_many([platform.id])
        changed = await self._platforms.replace(wanted)
        await self._reopen.changed(changed)
        return changed


class ListPlatforms:
    """Read which platforms there are, when they were last heard of, and which take no outcomes."""

    def __init__(self, platforms: Platforms, contacts: Contacts, untold: UntoldPlatforms) -> None:
        self._platforms = platforms
        self._contacts = contacts
        self._untold = untold

    async def __call__(self, organisation: str | None, after: str | None, limit: int) -> Page[RegisteredPlatform]:
        """One page of them; None is every organisation's."""
        where = {} if organisation is None else {"organisation": organisation}
        return await self._platforms.find(where, after=after, limit=limit)

    async def contacts(self, platforms: Sequence[RegisteredPlatform]) -> Mapping[str, Contact]:
        """By platform, of those that were ever heard of."""
        return await self._contacts.of([platform.id for platform in platforms])

    async def untold(self, platforms: Sequence[RegisteredPlatform]) -> Mapping[str, Untold]:
        """By platform, of those that take no outcomes where they want to be told."""
        found = await self._untold.get_many([one.id for one in platforms if one.webhook])
        return {one.id: found[one.id] for one in platforms if one.id in found and found[one.id].webhook == one.webhook}

    async def one(self, name: str) -> RegisteredPlatform:
        """This one. Raises `NotFound`."""
        platform = await self._platforms.get(name)
        if platform is None:
            raise NotFound(f"there is no platform {name}")
        return platform
