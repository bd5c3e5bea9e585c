"""What the issuer hears."""

from __future__ import annotations

from chassis.broker import Listener
from issuer.handlers import DecideCorrections, ForeseeIssuance, IssueCredentials, KeepOfferings, StatusLists
from schemas.events import AssessmentCompleted, CompletionCorrected, CredentialStatusChanged, OfferingPublished

COMPLETIONS = "issuer.assessment-completed"


def routes(  # noqa: PLR0913 what it hears is handled by, named by its one caller
    listener: Listener,
    *,
    issue: IssueCredentials,
    correct: DecideCorrections,
    foresee: ForeseeIssuance,
    keep: KeepOfferings,
    status_lists: StatusLists,
) -> Listener:
    """Subscribe."""

    @listener.on(AssessmentCompleted, group=COMPLETIONS, owes_outcome=True, foresee=foresee)
    async def on_assessments_completed(completed: list[AssessmentCompleted]) -> None:
        """Issue the credentials the learners have just earned."""
        await issue(completed)

    @listener.on(CompletionCorrected, group="issuer.completion-corrected")
    async def on_completions_corrected(corrected: list[CompletionCorrected]) -> None:
        """Apply the policy to what platforms say otherwise now."""
        await correct(corrected)

    @listener.on(OfferingPublished, group="issuer.offering-published")
    async def on_offerings_published(published: list[OfferingPublished]) -> None:
        """Keep every version, and decide on what waited for it."""
        await keep(published)

    @listener.on(CredentialStatusChanged, group="issuer.credential-status-changed", broadcast=True)
    async def on_statuses_changed(changed: list[CredentialStatusChanged]) -> None:
        """Another replica may have changed it: no kept status list may say otherwise."""
        for event in changed:
            status_lists.note_url(event.data.status.list, str(event.data.award))

    return listener
