"""The shipped contexts come from packages; here they are held to what the W3C and 1EdTech publish."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from credentials.contexts import CREDENTIALS_V2, known_digests, manifest, shipped
from credentials.formats.elm import TERMS

PUBLISHED = {
    "https://www.w3.org/2018/credentials/v1": "credentials-v1.jsonld",
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.jsonld",
    "https://www.w3.org/ns/credentials/status/v1": "credentials-status-v1.jsonld",
    "https://www.w3.org/ns/did/v1": "did-v1.jsonld",
    "https://w3id.org/security/data-integrity/v1": "data-integrity-v1.jsonld",
    "https://w3id.org/security/data-integrity/v2": "data-integrity-v2.jsonld",
    "https://w3id.org/security/multikey/v1": "multikey-v1.jsonld",
    "https://w3id.org/vc/status-list/2021/v1": "status-list-2021-v1.jsonld",
    "https://purl.imsglobal.org/spec/clr/v2p0/context.json": "clr-v2p0.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": "ob-v3p0-context.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "ob-v3p0-context-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "ob-v3p0-context-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-v3p0-extensions.json",
}


def test_every_shipped_context_is_compared() -> None:
    assert PUBLISHED.keys() == shipped().keys()


@pytest.mark.parametrize(("url", "name"), PUBLISHED.items())
def test_a_shipped_context_is_the_published_one_as_json(reference_data: Path, url: str, name: str) -> None:
    published = (reference_data / "contexts" / name).read_bytes()
    assert shipped()[url] == json.loads(published)
    assert hashlib.sha256(published).hexdigest() in {known.sha256 for known in known_digests(url)}


def test_both_revisions_of_the_credentials_context_are_known_by_digest(reference_data: Path) -> None:
    files = ["credentials-v2.jsonld", "credentials-v2.2024-07-20.jsonld"]
    digests = {hashlib.sha384((reference_data / "contexts" / name).read_bytes()).hexdigest() for name in files}
    assert digests <= {known.sha384 for known in known_digests(CREDENTIALS_V2)}


def test_every_shipped_file_is_among_the_known_digests_of_its_address() -> None:
    for context in manifest().contexts:
        assert context.sha256 in {known.sha256 for known in known_digests(context.url)}


def test_inline_terms_have_the_names_and_meanings_of_the_commissions_context(reference_data: Path) -> None:
    theirs = json.loads((reference_data / "contexts" / "edc-ap.jsonld").read_bytes())["@context"]
    prefixes = {**theirs, "elm": "http://data.europa.eu/snb/model/elm/"}

    def full(meaning: Any) -> tuple[str, Any, Any]:  # noqa: ANN401 a term definition
        definition = meaning if isinstance(meaning, dict) else {"@id": meaning}
        return (iri(definition["@id"]), iri(definition.get("@type")), definition.get("@container"))

    def iri(name: str | None) -> str | None:
        prefix, colon, rest = (name or "").partition(":")
        return prefixes[prefix] + rest if colon and prefix in prefixes else name

    renamed = {"summary": "description"}
    differing = {term for term, meaning in TERMS.items() if full(meaning) != full(theirs[renamed.get(term, term)])}
    assert differing == set()
