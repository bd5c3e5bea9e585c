# ruff: noqa: ANN401 the cases hold any JSON
"""The test cases of the SD-JWT reference implementation, as data: what is issued, shown, and then expected.

Their YAML marks what can be disclosed with the tag `!sd`, on values and on names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from credentials.jose import from_b64
from credentials.keys import P256, SigningKey
from credentials.proofs.sd_jwt import Disclosable, SdJwt
from credentials.proofs.sd_jwt import Path as ClaimPath


class _Loader(yaml.SafeLoader):
    pass


@dataclass(frozen=True)
class _Marked:
    """A name or a value with the tag; hashable by its text, so that it can be a name."""

    value: Any

    def __hash__(self) -> int:
        return hash(str(self.value))


def _marked(loader: _Loader, node: yaml.Node) -> _Marked:
    if isinstance(node, yaml.ScalarNode):
        implicit = node.style is None
        tag = loader.resolve(yaml.ScalarNode, node.value, (implicit, not implicit))
        return _Marked(loader.construct_object(yaml.ScalarNode(tag, node.value)))  # type: ignore[no-untyped-call]
    if isinstance(node, yaml.SequenceNode):
        return _Marked(loader.construct_sequence(node, deep=True))
    assert isinstance(node, yaml.MappingNode)
    return _Marked(loader.construct_mapping(node, deep=True))


_Loader.add_constructor("!sd", _marked)


def _document(value: Any) -> Any:
    """The marks where we have them: around values."""
    if isinstance(value, _Marked):
        return Disclosable(_document(value.value))
    if isinstance(value, dict):
        return {
            str(name.value) if isinstance(name, _Marked) else name: Disclosable(_document(below))
            if isinstance(name, _Marked)
            else _document(below)
            for name, below in value.items()
        }
    if isinstance(value, list):
        return [_document(below) for below in value]
    return value


def frame(document: Any) -> Any:
    """The same marks as the disclosure frame of `@sd-jwt/core`."""
    inner = document.value if isinstance(document, Disclosable) else document
    if not isinstance(inner, dict | list):
        return None
    entries = list(inner.items() if isinstance(inner, dict) else enumerate(inner))
    marked = [name for name, below in entries if isinstance(below, Disclosable)]
    below_it = {str(name): said for name, below in entries if (said := frame(below))}
    return {**({"_sd": marked} if marked else {}), **below_it} or None


@dataclass(frozen=True)
class Case:
    """One specification."""

    name: str
    document: Any
    show: Any
    expected: Any
    settings: dict[str, Any]
    header: dict[str, Any]
    bound: bool
    json: bool

    @property
    def issuer(self) -> SigningKey:
        keys = self.settings["key_settings"]
        jwk = keys.get("issuer_key") or keys["issuer_keys"][0]
        return SigningKey.from_private(from_b64(jwk["d"]), P256)

    @property
    def holder(self) -> SigningKey:
        return SigningKey.from_private(from_b64(self.settings["key_settings"]["holder_key"]["d"]), P256)

    def shown(self, token: SdJwt) -> SdJwt:
        """What its holder shows: `True` for one claim, an object or array for what is inside it too."""
        return token.showing(lambda path: bool(_asked(self.show, path)))


def _asked(show: Any, path: ClaimPath) -> Any:
    for step in path:
        if isinstance(show, dict):
            show = show.get(step)
        elif isinstance(show, list):
            show = show[step] if isinstance(step, int) and step < len(show) else None
        else:
            return None
    return show


def cases(folder: Path) -> Iterator[Case]:
    """Every specification of a folder."""
    settings = yaml.safe_load((folder / "settings.yml").read_text())
    for file in sorted(folder.glob("*/specification.yml")):
        said = yaml.load(file.read_text(), _Loader)  # noqa: S506 a safe loader, with one more tag
        yield Case(
            name=file.parent.name,
            document=_document(said["user_claims"]),
            show=said.get("holder_disclosed_claims") or {},
            expected=said.get("expect_verified_user_claims"),
            settings={**settings, **said.get("settings_override", {}), "key_settings": settings["key_settings"]},
            header=said.get("extra_header_parameters", {}),
            bound=bool(said.get("key_binding")),
            json=said.get("serialization_format") == "json",
        )
