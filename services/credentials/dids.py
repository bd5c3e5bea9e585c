"""Decentralised identifiers: did:key, did:jwk, did:web, and the documents they resolve to.

Sources: DID Core 1.0; did:key, did:jwk and did:web methods (drafts). Fetching a did:web document is the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from urllib.parse import quote, unquote, urlsplit

import orjson

from credentials.jose import b64, from_b64, from_jwk, read_object, to_jwk
from credentials.keys import NotAKey, PublicKey
from schemas.faults import Malformed, NotFound
from schemas.values import JsonObject, instant_text

DID_CONTEXT = "https://www.w3.org/ns/did/v1"
MULTIKEY_CONTEXT = "https://w3id.org/security/multikey/v1"
JWK_CONTEXT = "https://w3id.org/security/jwk/v1"

ISSUER_PURPOSES = ("assertionMethod", "authentication")
"""What the keys in documents composed here may be used for."""

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(%3A[0-9]{1,5})?", re.IGNORECASE)
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


class NotADid(Malformed):
    """The text is no DID of the method expected, or not one that can be resolved safely."""


class WrongPurpose(Malformed):
    """The key is in the DID document, but not for this use."""


class WrongController(Malformed):
    """The DID document, or the key in it, belongs to somebody else."""


def did_key(public: PublicKey) -> str:
    """The did:key of a public key."""
    return f"did:key:{public.multikey}"


def did_key_method(did: str) -> str:
    """The id of the one verification method of a did:key."""
    return f"{did}#{did.removeprefix('did:key:')}"


def resolve_did_key(did: str) -> JsonObject:
    """The document of a did:key; it is all in the name.

    Raises:
        NotADid, NotAKey, NotMultibase: it is no did:key of a kind known here.
    """
    if not did.startswith("did:key:"):
        raise NotADid(f"{did[:80]} is no did:key")
    fragment = did.removeprefix("did:key:")
    return did_document(did, [(fragment, PublicKey.from_multikey(fragment))])


def did_jwk(public: PublicKey) -> str:
    """The did:jwk of a public key."""
    return f"did:jwk:{b64(orjson.dumps(to_jwk(public), option=orjson.OPT_SORT_KEYS))}"


def resolve_did_jwk(did: str) -> JsonObject:
    """The document of a did:jwk: its one key, under `#0`. A key for encryption (`use: enc`) signs nothing.

    Raises:
        NotADid, NotAKey: it is no did:jwk of a kind known here.
    """
    if not did.startswith("did:jwk:"):
        raise NotADid(f"{did[:80]} is no did:jwk")
    try:
        jwk = read_object(from_b64(did.removeprefix("did:jwk:")))
    except Malformed as why:
        raise NotADid(f"{did[:80]} cannot be read: {why}") from None
    from_jwk(jwk)
    method = {"id": f"{did}#0", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}
    purposes = ("keyAgreement",) if jwk.get("use") == "enc" else ISSUER_PURPOSES
    return {
        "@context": [DID_CONTEXT, JWK_CONTEXT],
        "id": did,
        "verificationMethod": [method],
        **{purpose: ["#0"] for purpose in purposes},
    }


SELF_CONTAINED: Mapping[str, Callable[[str], JsonObject]] = MappingProxyType(
    {"did:key:": resolve_did_key, "did:jwk:": resolve_did_jwk}
)
"""The methods whose documents are all in the name: nobody has to be asked."""


def resolve_here(did: str) -> JsonObject | None:
    """The document of a DID that carries it in its name, None for one that somebody must be asked about.

    Raises:
        NotADid, NotAKey, NotMultibase: it should carry it, and what it carries cannot be read.
    """
    return next((resolve(did) for method, resolve in SELF_CONTAINED.items() if did.startswith(method)), None)


def only_method(did: str) -> str | None:
    """The id of the one verification method of a DID that has no more than one; None for others."""
    if did.startswith("did:key:"):
        return did_key_method(did)
    return f"{did}#0" if did.startswith("did:jwk:") else None


def web_did(base_url: str, organisation: str) -> str:
    """The did:web of an organisation hosted at an origin.

    Raises:
        NotADid: the origin has a path or no host, or the organisation's name needs escaping.
    """
    parts = urlsplit(base_url)
    if not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise NotADid(f"{base_url!r} is not the origin of a did:web")
    did = f"did:web:{quote(parts.netloc, safe='')}:organisations:{organisation}"
    web_did_url(did)
    return did


def web_did_url(did: str) -> str:
    """Where the document of a did:web is: always https; whoever serves it at home over http maps its own origin.

    Raises:
        NotADid: no did:web, or one whose host or path is not plainly that.
    """
    method, _, rest = did.partition("did:web:")
    host, *path = rest.split(":")
    if method or not _HOST.fullmatch(host) or not all(_SEGMENT.fullmatch(segment) for segment in path):
        raise NotADid(f"{did[:200]!r} is no did:web that can be fetched")
    return f"https://{unquote(host)}/{'/'.join(path) if path else '.well-known'}/did.json"


def did_document(
    did: str,
    keys: Sequence[tuple[str, PublicKey]],
    *,
    revoked: Mapping[str, datetime] | None = None,
    services: Mapping[str, str] | None = None,
) -> JsonObject:
    """The document of a DID with these keys, each under its fragment.

    A rotated key stays in, so that what it signed keeps verifying; so does one that was stolen, and is `revoked` from
    that moment on (Controlled Identifiers 1.0, section 2.2). `services` are addresses, by their type.
    """
    methods = [
        {
            "id": f"{did}#{fragment}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": public.multikey,
            **({"revoked": instant_text(revoked[fragment])} if revoked and fragment in revoked else {}),
        }
        for fragment, public in keys
    ]
    offered = [
        {"id": f"{did}#{kind}", "type": kind, "serviceEndpoint": address} for kind, address in (services or {}).items()
    ]
    ids = [method["id"] for method in methods]
    return {
        "@context": [DID_CONTEXT, MULTIKEY_CONTEXT],
        "id": did,
        "verificationMethod": methods,
        **{purpose: list(ids) for purpose in ISSUER_PURPOSES},
        **({"service": offered} if offered else {}),
    }


def revocation(document: JsonObject, method_id: str) -> datetime | None:
    """From when on a verification method must not be relied on, if its owner says so.

    Raises:
        NotADid: it is said in a way that cannot be read.
    """
    did, _, _ = method_id.partition("#")
    for member in ("verificationMethod", *ISSUER_PURPOSES):
        stated = document.get(member)
        for method in stated if isinstance(stated, list) else [stated]:
            if isinstance(method, dict) and _absolute(method.get("id"), did) == method_id and "revoked" in method:
                try:
                    moment = datetime.fromisoformat(method["revoked"])
                except (TypeError, ValueError):
                    moment = None
                if moment is None or moment.tzinfo is None:
                    raise NotADid(f"{method_id} is revoked from a moment that cannot be read")
                return moment
    return None


def service_of(document: JsonObject, kind: str) -> str | None:
    """The address of a service of this type (DID Core 1.0, section 5.4), if the document names one."""
    stated = document.get("service")
    for service in stated if isinstance(stated, list) else [stated]:
        if isinstance(service, dict) and service.get("type") == kind:
            address = service.get("serviceEndpoint")
            return address if isinstance(address, str) else None
    return None


def verification_key(document: JsonObject, method_id: str, purpose: str = "assertionMethod") -> PublicKey:
    """The key that a DID document names for a purpose (Controlled Identifiers 1.0, section 3.3).

    Raises:
        NotFound: the document has no such verification method.
        WrongController: the document or the method is another's.
        WrongPurpose: the method is not listed under the purpose.
        NotAKey, NotMultibase: the method holds no key of a kind known here.
    """
    did, _, _ = method_id.partition("#")
    if document.get("id") != did:
        raise WrongController(f"the document is of {str(document.get('id'))[:200]!r}, not of {did!r}")
    listed = document.get(purpose)
    listed = listed if isinstance(listed, list) else [listed]
    embedded = [entry for entry in listed if isinstance(entry, dict)]
    stated = document.get("verificationMethod")
    stated = stated if isinstance(stated, list) else [stated]
    for method in [*embedded, *stated]:
        if isinstance(method, dict) and _absolute(method.get("id"), did) == method_id:
            break
    else:
        raise NotFound(f"{did} has no verification method {method_id}")
    if method not in embedded and method_id not in {_absolute(entry, did) for entry in listed}:
        raise WrongPurpose(f"{method_id} is not listed under {purpose}")
    if method.get("controller") != did:
        raise WrongController(f"{method_id} is controlled by {str(method.get('controller'))[:200]!r}")
    return _stated_key(method, method_id)


def _stated_key(method: JsonObject, method_id: str) -> PublicKey:
    """The key of a verification method, written as Multikey or as JWK (Controlled Identifiers 1.0, section 2.2)."""
    multikey, jwk = method.get("publicKeyMultibase"), method.get("publicKeyJwk")
    if multikey is not None and jwk is not None:
        raise NotAKey(f"{method_id} states its key twice")
    if jwk is not None:
        if isinstance(jwk, dict) and jwk.get("use", "sig") != "sig":
            raise NotAKey(f"{method_id} is a key for {str(jwk['use'])[:40]}")
        return from_jwk(jwk)
    if not isinstance(multikey, str):
        raise NotAKey(f"{method_id} ({str(method.get('type'))[:80]}) has neither publicKeyMultibase nor publicKeyJwk")
    return PublicKey.from_multikey(multikey)


def _absolute(reference: object, did: str) -> str | None:
    if not isinstance(reference, str):
        return None
    return f"{did}{reference}" if reference.startswith("#") else reference
