"""What the issuer does: a verb each."""

from issuer.handlers.announcing import every_organisation, every_replacement, every_status
from issuer.handlers.correcting import DecideCorrections, ReviewCorrections
from issuer.handlers.erasing import EraseLearner, Erasure
from issuer.handlers.foreseeing import ForeseeIssuance
from issuer.handlers.forms import Choice, FormsOfAward, OpenedForm, WantedForm
from issuer.handlers.issuing import IssueCredentials
from issuer.handlers.issuing_directly import DirectCompletion, IssueDirectly
from issuer.handlers.judging import JudgeCompletions, Judgement, Prognosis, Prospect
from issuer.handlers.organisations import (
    OrganisationDraft,
    RegisterOrganisation,
    RotateKey,
    StayAtOrigin,
    TellOrganisations,
)
from issuer.handlers.projecting import KeepOfferings
from issuer.handlers.recording import RecordStack
from issuer.handlers.refusals import ReviewRefusals
from issuer.handlers.reissuing import Comparison, ReissueCorrected
from issuer.handlers.revoking import ReinstateCredential, RevokeCredential, SuspendCredential
from issuer.handlers.status import ListForm, PublishedList, StatusLists
from issuer.handlers.superseding import SupersedeCredentials
from issuer.handlers.telling import ClaimLink, MintClaim, OpenedCredential, ReadCredential, TellOutcome

__all__ = [
    "Choice",
    "ClaimLink",
    "Comparison",
    "DecideCorrections",
    "DirectCompletion",
    "EraseLearner",
    "Erasure",
    "ForeseeIssuance",
    "FormsOfAward",
    "IssueCredentials",
    "IssueDirectly",
    "JudgeCompletions",
    "Judgement",
    "KeepOfferings",
    "ListForm",
    "MintClaim",
    "OpenedCredential",
    "OpenedForm",
    "OrganisationDraft",
    "Prognosis",
    "Prospect",
    "PublishedList",
    "ReadCredential",
    "RecordStack",
    "RegisterOrganisation",
    "ReinstateCredential",
    "ReissueCorrected",
    "ReviewCorrections",
    "ReviewRefusals",
    "RevokeCredential",
    "RotateKey",
    "StatusLists",
    "StayAtOrigin",
    "SupersedeCredentials",
    "SuspendCredential",
    "TellOrganisations",
    "TellOutcome",
    "WantedForm",
    "every_organisation",
    "every_replacement",
    "every_status",
]
