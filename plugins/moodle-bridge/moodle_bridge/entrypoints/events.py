"""What the bridge hears: what became of the completions it told."""

from __future__ import annotations

from chassis.broker import Listener
from moodle_bridge.handlers import RecordDecisions, RecordHolding, RecordOutcomes, ReopenAllowed, TellCorrections
from schemas.events import (
    CompletionParked,
    CorrectionDecided,
    CredentialIssued,
    CredentialStatusChanged,
    IssuanceRefused,
)


def hear_outcomes(
    listener: Listener,
    *,
    record: RecordOutcomes,
    record_holding: RecordHolding,
    reopen: ReopenAllowed,
    correct: TellCorrections,
) -> None:
    """Hear what became of completions, after which corrections of them can be told."""

    @listener.on(CredentialIssued, group="bridge.credential-issued")
    async def on_credentials_issued(issued: list[CredentialIssued]) -> None:
        """Remember which completions became credentials."""
        await record(issued)
        await record_holding.catch_up({event.data.award for event in issued if event.data.replaces})
        await correct({event.data.completion for event in issued})

    @listener.on(IssuanceRefused, group="bridge.issuance-refused")
    async def on_issuances_refused(refused: list[IssuanceRefused]) -> None:
        """Remember which were refused, and why."""
        await record(refused)
        await reopen.refused(refused)
        await correct({event.data.completion for event in refused})

    @listener.on(CompletionParked, group="bridge.completion-parked")
    async def on_completions_parked(parked: list[CompletionParked]) -> None:
        """Remember which wait for an operator: they are not told again."""
        await record(parked)


def hear_changes(listener: Listener, *, record_holding: RecordHolding, record_decisions: RecordDecisions) -> None:
    """Hear what happened to what was decided."""

    @listener.on(CorrectionDecided, group="bridge.correction-decided")
    async def on_corrections_decided(decided: list[CorrectionDecided]) -> None:
        """Remember what the issuer made of corrections: they are not told again."""
        await record_decisions(decided)

    @listener.on(CredentialStatusChanged, group="bridge.credential-status-changed")
    async def on_statuses_changed(changed: list[CredentialStatusChanged]) -> None:
        """Remember which credentials hold no more, or again."""
        await record_holding(changed)
