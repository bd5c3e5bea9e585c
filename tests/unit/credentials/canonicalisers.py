"""Two canonicalisers that are not ours, to hold ours to."""

from __future__ import annotations

import copy
import json
from typing import Any

from pyld import jsonld
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from credentials.contexts import shipped


def as_pyld(document: dict[str, Any]) -> bytes:
    """PyLD: it leaves control characters unescaped, and does not make one of two equal quads."""
    return str(
        jsonld.normalize(
            document,
            {
                "algorithm": "URDNA2015",
                "format": "application/n-quads",
                "rdfDirection": "i18n-datatype",
                "documentLoader": lambda url, _: {
                    "contextUrl": None,
                    "documentUrl": url,
                    "document": copy.deepcopy(shipped()[url]),
                },
            },
        )
    ).encode()


def as_oxigraph(document: dict[str, Any]) -> bytes:
    """Pyoxigraph: it has no loader, so that contexts are put in place; it drops what is no IRI."""
    contexts = document["@context"] if isinstance(document["@context"], list) else [document["@context"]]
    inlined = [shipped()[context]["@context"] if isinstance(context, str) else context for context in contexts]
    dataset = Dataset(parse(json.dumps({**document, "@context": inlined}).encode(), RdfFormat.JSON_LD))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset)).encode()
