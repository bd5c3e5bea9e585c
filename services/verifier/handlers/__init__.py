"""What the verifier does: a verb each."""

from verifier.handlers.examining import Language
from verifier.handlers.presenting import VerifyPresentation, VerifyProofs
from verifier.handlers.recording import ForgetStatusLists, RecordStatuses
from verifier.handlers.trusting import ListTrustedIssuers, TrustIssuer, TrustOrganisations
from verifier.handlers.verifying import Sources, VerifyCredential, VerifyForProtocol

__all__ = [
    "ForgetStatusLists",
    "Language",
    "ListTrustedIssuers",
    "RecordStatuses",
    "Sources",
    "TrustIssuer",
    "TrustOrganisations",
    "VerifyCredential",
    "VerifyForProtocol",
    "VerifyPresentation",
    "VerifyProofs",
]
