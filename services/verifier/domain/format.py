"""The second check: does it keep the rules of its format?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from credentials.canonical import RelativeIri, Unbounded, UndefinedTerm, UnknownContext, Unprotected
from credentials.contexts import Contexts, shipped
from credentials.data_model import items
from credentials.formats.european_digital_credential_reading import CONTEXT
from credentials.proofs import SHAPES
from credentials.proofs.opened import Opened
from schemas.faults import Malformed
from schemas.values import JsonObject
from verifier.domain.content import Content, is_european
from verifier.domain.report import Finding, found
from verifier.domain.verdicts import Code


def check_format(
    opened: Opened,
    content: Content,
    *,
    protected: bool = False,
    canonicalize: Callable[[JsonObject], bytes] = SHAPES.rdfc,
    contexts: Contexts | None = None,
) -> Finding:
    """That nothing in the document escapes its signature (JSON-LD safe mode), and that it keeps its format's rules.

    The rules of the data model were kept before.

    `protected` says that a signature over what the document means was verified: then nothing of it escaped. From one
    over every byte nothing can; there the vocabularies have to be known, so that its words mean what they do here.
    """
    document = opened.document
    try:
        if opened.whole:
            know_vocabularies(document, shipped() if contexts is None else contexts)
        elif not protected and not _is_unsealed_edc(document):
            canonicalize({name: value for name, value in document.items() if name != "proof"})
    except Malformed as fault:
        return broken_format(fault)
    return _kind(document, content)


def know_vocabularies(document: JsonObject, contexts: Contexts) -> None:
    """Hold a document to vocabularies known here.

    Raises:
        UnknownContext: it uses another.
    """
    for context in items(document.get("@context")):
        # What a European Digital Credential calls things is in no shipped context; its format knows it by heart.
        by_heart = context == CONTEXT and is_european(document)
        if isinstance(context, str) and context not in contexts and not by_heart:
            raise UnknownContext(f"the context {context[:300]} is not one of those known here")


def broken_format(fault: Malformed) -> Finding:
    """The finding for a rule that is broken, or a document that has no canonical form."""
    code, opening = next(
        (row for kind, row in _FAULTS.items() if isinstance(fault, kind)), (Code.FORMAT_INVALID, "It breaks a rule")
    )
    return found(code, f"{opening}: {str(fault).rstrip('.')}.")


_FAULTS: Final[Mapping[type[Malformed], tuple[Code, str]]] = {
    UndefinedTerm: (Code.TERM_UNDEFINED, "Its signature does not protect all of it"),
    RelativeIri: (Code.TERM_UNDEFINED, "Its signature does not protect all of it"),
    Unprotected: (Code.TERM_UNDEFINED, "Its signature does not protect all of it"),
    UnknownContext: (Code.CONTEXT_UNKNOWN, "It uses a vocabulary that is not known here"),
    Unbounded: (Code.TOO_COMPLEX, "It is more work to check than any honest credential"),
}


def _is_unsealed_edc(document: JsonObject) -> bool:
    """Nothing has to be protected by a signature that is not there: that is what is wrong with it."""
    return is_european(document) and "proof" not in document


def _kind(document: JsonObject, content: Content) -> Finding:
    """Which format it is in; a plain credential has rules of its own that nobody here knows."""
    known = content.format
    if known is None:
        names = ", ".join(n for n in items(document["type"]) if n != "VerifiableCredential") or "none in particular"
        return found(
            Code.FORMAT_GENERIC,
            f"It keeps the rules for verifiable credentials; its kind ({names[:200]}) has rules that were not checked.",
            format="W3C Verifiable Credential",
        )
    if content.fault is not None:
        why = str(content.fault).rstrip(".")
        return found(Code.FORMAT_INVALID, f"It is no {known.title}, though it says so: {why}.")
    return found(Code.FORMAT_VALID, f"It keeps the rules of {known.title}.", format=known.title)
