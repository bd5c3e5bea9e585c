"""What the bridge hears: what became of the completions it told."""

from __future__ import annotations

from chassis.broker import Listener
from moodle_bridge.handlers import RecordOutcomes
from schemas.events import CompletionParked, CredentialIssued, IssuanceRefused


def subscribe(listener: Listener, *, record: RecordOutcomes) -> None:
    """Hear of outcomes."""

    @listener.on(CredentialIssued, group="bridge.credential-issued")
    async def on_credentials_issued(issued: list[CredentialIssued]) -> None:
        """Remember which completions became credentials."""
        await record(issued)

    @listener.on(IssuanceRefused, group="bridge.issuance-refused")
    async def on_issuances_refused(refused: list[IssuanceRefused]) -> None:
        """Remember which were refused, and why."""
        await record(refused)

    @listener.on(CompletionParked, group="bridge.completion-parked")
    async def on_completions_parked(parked: list[CompletionParked]) -> None:
        """Remember which wait for an operator: they are not told again."""
        await record(parked)
