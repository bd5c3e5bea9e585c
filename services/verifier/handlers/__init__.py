"""What the verifier does: a verb each."""

from verifier.handlers.examining import Language
from verifier.handlers.presenting import VerifyPresentation, VerifyProofs
from verifier.handlers.recording import ForgetStatusLists, RecordStatuses
from verifier.handlers.trusting import DistrustIssuer, ListTrustedIssuers, TrustIssuer, TrustOrganisations
from verifier.handlers.verifying import Sources, VerifyCredential, VerifyForProtocol
from verifier.handlers.verifying_many import VerifyMany

__all__ = [
    "DistrustIssuer",
    "ForgetStatusLists",
    "Language",
    "ListTrustedIssuers",
    "RecordStatuses",
    "Sources",
    "TrustIssuer",
    "TrustOrganisations",
    "VerifyCredential",
    "VerifyForProtocol",
    "VerifyMany",
    "VerifyPresentation",
    "VerifyProofs",
]
