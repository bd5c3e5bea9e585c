"""SD-JWT: a signed token whose holder decides which of its claims to show.

Source: RFC 9901, Selective Disclosure for JSON Web Tokens. What may be hidden is marked in the document itself, with
`Disclosable`; issuing takes it out and leaves its digest, showing puts it back.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Self

import orjson

from credentials import jose
from credentials.canonical.bounds import MAX_DEPTH, Unbounded, check_bounds
from credentials.jose import Algorithm, Jws, NotAToken, b64, from_b64, read_json
from credentials.keys import KeyKind, PrivateKey
from credentials.proofs.data_integrity import WrongKind
from schemas.faults import Malformed
from schemas.values import JsonObject

SALT_BYTES: Final = 16
"""128 bits of randomness in each salt (section 9.3): without them a hidden value could be guessed."""
MOST_DISCLOSURES: Final = 1_000
LONGEST: Final = 1_000_000
"""Characters of the longest SD-JWT read here."""
HASHES: Final[Mapping[str, Callable[[bytes], Any]]] = MappingProxyType(
    {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}
)
"""By the names of the IANA registry; `sha-256` is what is written, and what is meant where none is named."""
DEFAULT_HASH: Final = "sha-256"
_SD, _SD_ALG, _DIGEST = "_sd", "_sd_alg", "..."
RESERVED: Final = frozenset({_SD, _SD_ALG, _DIGEST})

Path = tuple[str | int, ...]
"""Where a claim stands: names, and places in arrays as the issuer wrote them."""


class NotAnSdJwt(Malformed):
    """It breaks a rule of SD-JWT, or cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Disclosable:
    """A claim's value, or an element of an array, that the holder may show or not."""

    value: Any


def disclosed(value: Any) -> Any:  # noqa: ANN401 any JSON, with marks or without
    """A document as it is when all of it is shown: without the marks."""
    if isinstance(value, Disclosable):
        return disclosed(value.value)
    if isinstance(value, dict):
        return {name: disclosed(below) for name, below in value.items()}
    if isinstance(value, list):
        return [disclosed(below) for below in value]
    return value


def digest(disclosure: str, algorithm: str = DEFAULT_HASH) -> str:
    """The digest of a disclosure: over its base64url text, not over what that says (section 4.2.3)."""
    return b64(HASHES[algorithm](disclosure.encode()).digest())


def _random_salts() -> Iterator[str]:
    while True:
        yield b64(secrets.token_bytes(SALT_BYTES))


@dataclass(slots=True)
class _Hiding:
    """One document on its way into a token."""

    salts: Iterator[str]
    decoys: int
    disclosures: list[str] = field(default_factory=list)

    def value(self, value: Any) -> Any:  # noqa: ANN401 any JSON
        if isinstance(value, dict):
            return self.members(value)
        if isinstance(value, list):
            return [self.element(element) for element in value]
        if isinstance(value, Disclosable):
            raise NotAnSdJwt("only a claim or an element of an array can be disclosed by itself")
        return value

    def members(self, value: Mapping[str, Any]) -> JsonObject:
        said: JsonObject = {}
        digests: list[str] = []
        for name, below in value.items():
            if name in RESERVED:
                raise NotAnSdJwt(f"no claim can be called {name!r}")
            if isinstance(below, Disclosable):
                digests.append(self.disclosure(name, self.value(below.value)))
            else:
                said[name] = self.value(below)
        if digests:
            decoys = [digest(next(self.salts)) for _ in range(self.decoys)]
            said[_SD] = sorted(digests + decoys)  # in the order of chance: theirs would tell what is hidden
        return said

    def element(self, element: Any) -> Any:  # noqa: ANN401 any JSON
        if isinstance(element, Disclosable):
            return {_DIGEST: self.disclosure(self.value(element.value))}
        return self.value(element)

    def disclosure(self, *said: Any) -> str:  # noqa: ANN401 a name and a value, or a value
        text = b64(orjson.dumps([next(self.salts), *said]))
        self.disclosures.append(text)
        return digest(text)


@dataclass(frozen=True, slots=True)
class SdJwtProof:
    """Sealing as an SD-JWT with one algorithm."""

    name: str
    algorithm: Algorithm
    typ: str

    @property
    def key(self) -> KeyKind:
        """The kind of key it signs with."""
        return self.algorithm.key

    @property
    def enveloping(self) -> bool:
        """The document goes inside."""
        return True

    @property
    def media_type(self) -> str:
        """Of the token with its disclosures."""
        return f"application/{self.typ}"

    def secure(  # noqa: PLR0913 what the specification lets an issuer choose
        self,
        document: JsonObject,
        key: PrivateKey,
        verification_method: str,
        created: datetime,
        *,
        salts: Iterator[str] | None = None,
        decoys: int = 0,
    ) -> str:
        """The token of a document, with all its disclosures; `iat` is `created` unless the document says it itself.

        `salts` are taken one for each disclosure, what is inside a disclosed value first, and one for each decoy;
        fresh randomness by default. `decoys` is how many digests of nothing stand beside those of each object.

        Raises:
            WrongKind: the key is of another kind.
            NotAnSdJwt: a claim has one of the names that SD-JWT keeps for itself.
        """
        if key.kind is not self.key:
            raise WrongKind(f"{self.name} signs with {self.key.name}, not {key.kind.name}")
        hiding = _Hiding(salts or _random_salts(), decoys)
        claims = hiding.members({"iat": int(created.timestamp()), **document})
        if hiding.disclosures:
            claims[_SD_ALG] = DEFAULT_HASH
        token = jose.sign({"typ": self.typ, "kid": verification_method}, claims, key)
        return "~".join([token, *hiding.disclosures, ""])


@dataclass(frozen=True, slots=True)
class Revealed:
    """What an SD-JWT says with the disclosures that came with it."""

    claims: JsonObject
    paths: Mapping[str, Path]
    """Where each disclosure's claim stands."""
    hidden: int = 0
    """Digests at the top for which nothing was shown: claims that are there, or decoys."""


@dataclass(frozen=True, slots=True)
class SdJwt:
    """An SD-JWT, taken apart and not verified (section 4)."""

    token: str
    """What the issuer signed."""
    jws: Jws
    disclosures: tuple[str, ...]
    key_binding: str | None = None
    """The holder's own token, where this is a presentation with one."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take the compact form apart.

        Raises:
            NotAnSdJwt, NotAToken: it is none.
            Unbounded: it is longer than any honest one.
        """
        if len(text) > LONGEST:
            raise Unbounded(f"an SD-JWT of more than {LONGEST} characters")
        token, *rest = text.split("~")
        if not rest:
            raise NotAnSdJwt("an SD-JWT has a ~ after its token, and after each disclosure")
        *disclosures, last = rest
        return cls._of(token, disclosures, last or None)

    @classmethod
    def from_json(cls, document: JsonObject) -> Self:
        """Read the JSON serialisation (section 8), flattened or general; of several signatures the first counts.

        Raises:
            NotAnSdJwt, NotAToken, Unbounded: it is none.
        """
        signatures = document.get("signatures", [document])
        first = signatures[0] if isinstance(signatures, list) and signatures else None
        unprotected = first.get("header", {}) if isinstance(first, dict) else None
        if not isinstance(first, dict) or not isinstance(unprotected, dict):
            raise NotAnSdJwt("its signature, or the header of it, is no object")
        parts = (first.get("protected"), document.get("payload"), first.get("signature"))
        disclosures, bound = unprotected.get("disclosures", []), unprotected.get("kb_jwt")
        texts = [*parts, *(disclosures if isinstance(disclosures, list) else [None]), "" if bound is None else bound]
        if not all(isinstance(text, str) and "~" not in text for text in texts):
            raise NotAnSdJwt("one of its parts is no text")
        if sum(map(len, texts)) > LONGEST:
            raise Unbounded(f"an SD-JWT of more than {LONGEST} characters")
        return cls._of(".".join(map(str, parts)), disclosures, bound)

    @classmethod
    def _of(cls, token: str, disclosures: Sequence[str], key_binding: str | None) -> Self:
        if len(disclosures) > MOST_DISCLOSURES:
            raise Unbounded(f"more than {MOST_DISCLOSURES} disclosures")
        return cls(token, Jws.parse(token), tuple(disclosures), key_binding)

    @property
    def presented(self) -> str:
        """The token and the disclosures with it: what a holder's own token is bound to (section 4.3.1)."""
        return "~".join([self.token, *self.disclosures, ""])

    @property
    def text(self) -> str:
        """The compact form."""
        return self.presented + (self.key_binding or "")

    def to_json(self) -> JsonObject:
        """The flattened JSON serialisation (section 8.1)."""
        protected, payload, signature = self.token.split(".")
        bound = {"kb_jwt": self.key_binding} if self.key_binding else {}
        return {
            "payload": payload,
            "protected": protected,
            "signature": signature,
            "header": {"disclosures": list(self.disclosures), **bound},
        }

    def hash_name(self, claims: JsonObject) -> str:
        """The hash its digests are made with.

        Raises:
            NotAnSdJwt: it is none that is known here.
        """
        name = claims.get(_SD_ALG, DEFAULT_HASH)
        if not isinstance(name, str) or name not in HASHES:
            raise NotAnSdJwt(f"its hash algorithm {str(name)[:40]!r} is not known here")
        return name

    def reveal(self) -> Revealed:
        """Put back what its disclosures show, and keep every rule of section 7.1; its signature is not looked at.

        Raises:
            NotAnSdJwt: a rule is broken.
            NotAToken, NotJson, Unbounded: a part cannot be read, or all together is more than any honest credential.
        """
        claims = self.jws.claims()
        name = self.hash_name(claims)
        by_digest = {digest(text, name): text for text in self.disclosures}
        if len(by_digest) != len(self.disclosures):
            raise NotAnSdJwt("a disclosure is there twice")
        revealing = _Revealing(by_digest)
        shown = revealing.members({key: value for key, value in claims.items() if key != _SD_ALG}, ())
        if len(revealing.paths) != len(self.disclosures):
            raise NotAnSdJwt("a disclosure belongs to nothing the issuer signed")
        check_bounds(shown)
        top = sum(len(path) == 1 for path in revealing.paths.values())
        return Revealed(shown, MappingProxyType(revealing.paths), hidden=len(claims.get(_SD, ())) - top)

    def showing(self, shown: Callable[[Path], bool]) -> Self:
        """With only those disclosures whose claims are shown, and those they stand inside of; without key binding.

        Raises as `reveal`.
        """
        paths = self.reveal().paths
        wanted = [path for path in paths.values() if shown(path)]
        kept = [text for text in self.disclosures if any(path[: len(paths[text])] == paths[text] for path in wanted)]
        return type(self)(self.token, self.jws, tuple(kept))


@dataclass(slots=True)
class _Revealing:
    """One token on its way back to a document."""

    by_digest: Mapping[str, str]
    seen: set[str] = field(default_factory=set)
    paths: dict[str, Path] = field(default_factory=dict)

    def value(self, value: Any, path: Path) -> Any:  # noqa: ANN401 any JSON
        if len(path) > MAX_DEPTH:
            raise Unbounded(f"more than {MAX_DEPTH} levels deep")
        if isinstance(value, dict):
            return self.members(value, path)
        if isinstance(value, list):
            return list(self.elements(value, path))
        return value

    def members(self, value: JsonObject, path: Path) -> JsonObject:
        for reserved in (_DIGEST, _SD_ALG):
            if reserved in value:
                raise NotAnSdJwt(f"{reserved!r} stands where it has no meaning")
        shown = {name: self.value(below, (*path, name)) for name, below in value.items() if name != _SD}
        digests = value.get(_SD, [])
        if not isinstance(digests, list):
            raise NotAnSdJwt("_sd is no array")
        for each in digests:
            said = self.disclosure(each, parts=3)
            if said is None:
                continue
            text, (name, below) = said
            if not isinstance(name, str) or name in RESERVED:
                raise NotAnSdJwt(f"a disclosure is called {str(name)[:80]!r}, which no claim can be")
            if name in shown:
                raise NotAnSdJwt(f"{name[:80]!r} is said twice in one place")
            self.paths[text] = (*path, name)
            shown[name] = self.value(below, (*path, name))
        return shown

    def elements(self, values: list[Any], path: Path) -> Iterator[Any]:
        for place, element in enumerate(values):
            if not isinstance(element, dict) or _DIGEST not in element:
                yield self.value(element, (*path, place))
                continue
            if len(element) != 1:
                raise NotAnSdJwt("something stands beside the digest of an element")
            said = self.disclosure(element[_DIGEST], parts=2)
            if said is not None:
                text, (below,) = said
                self.paths[text] = (*path, place)
                yield self.value(below, (*path, place))

    def disclosure(self, each: object, *, parts: int) -> tuple[str, list[Any]] | None:
        """The disclosure of a digest, without its salt; none where it was not shown, or never was one."""
        if not isinstance(each, str):
            raise NotAnSdJwt("a digest is no text")
        if each in self.seen:
            raise NotAnSdJwt("a digest is there twice")
        self.seen.add(each)
        text = self.by_digest.get(each)
        if text is None:
            return None
        try:
            said = read_json(from_b64(text))
        except NotAToken as why:
            raise NotAnSdJwt(f"a disclosure cannot be read: {why}") from None
        if not isinstance(said, list) or len(said) != parts or not isinstance(said[0], str):
            raise NotAnSdJwt(f"a disclosure here has {parts} parts, a salt first")
        return text, said[1:]


TYP: Final = "dc+sd-jwt"
"""The type of an SD-JWT VC (https://datatracker.ietf.org/doc/draft-ietf-oauth-sd-jwt-vc/, section 2.2.1)."""
SD_JWT = SdJwtProof("sd-jwt", algorithm=jose.EDDSA, typ=TYP)
"""SD-JWT VC, with Ed25519."""
SD_JWT_ES256 = SdJwtProof("sd-jwt-es256", algorithm=jose.ES256, typ=TYP)
"""SD-JWT VC, with P-256: what wallets of the European Digital Identity ask for."""
