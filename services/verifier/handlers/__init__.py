"""What the verifier does: a verb each."""

from verifier.handlers.recording import ForgetStatusLists, RecordStatuses
from verifier.handlers.trusting import ListTrustedIssuers, TrustIssuer, TrustOrganisations
from verifier.handlers.verifying import Sources, VerifyCredential, VerifyForProtocol

__all__ = [
    "ForgetStatusLists",
    "ListTrustedIssuers",
    "RecordStatuses",
    "Sources",
    "TrustIssuer",
    "TrustOrganisations",
    "VerifyCredential",
    "VerifyForProtocol",
]
