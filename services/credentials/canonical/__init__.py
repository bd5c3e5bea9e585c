"""Canonical forms: the bytes that a signature is over.

`rdfc` is the form of the RDF dataset a document means (RDFC-1.0), `jcs` that of its JSON text (RFC 8785). `KnownShapes`
is `rdfc`, quick for documents like one it has seen.
"""

from credentials.canonical.bounds import NotJson, Unbounded
from credentials.canonical.expansion import pin
from credentials.canonical.faults import NotJsonLd, RelativeIri, UndefinedTerm, Unprotected
from credentials.canonical.jcs import jcs
from credentials.canonical.known import Budget, KnownShapes, NotAtHand, Way
from credentials.canonical.rdfc import rdfc
from credentials.contexts import UnknownContext

__all__ = [
    "Budget",
    "KnownShapes",
    "NotAtHand",
    "NotJson",
    "NotJsonLd",
    "RelativeIri",
    "Unbounded",
    "UndefinedTerm",
    "UnknownContext",
    "Unprotected",
    "Way",
    "jcs",
    "pin",
    "rdfc",
]
