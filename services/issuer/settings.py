"""The issuer's own few knobs: `LAUREL_ISSUER_…` in the environment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.knobs import AS_JSON, COMMA_SEPARATED, Knobs, Span, among
from credentials.formats import FORMATS
from credentials.proofs import PROOFS
from issuer.domain.correcting import Case
from schemas.events import Effect


class IssuerSettings(Knobs):
    """How this issuer seals, and how long things take."""

    model_config = SettingsConfigDict(env_prefix="LAUREL_ISSUER_")

    format: Annotated[str, among(FORMATS)] = "open-badges-3"
    """What a credential is composed as."""
    proofs: Annotated[tuple[Annotated[str, among(PROOFS)], ...], *COMMA_SEPARATED, Field(min_length=1)] = (
        "eddsa-rdfc-2022",
    )
    """What secures it, comma separated; several proofs stand side by side on the one credential."""
    certificate: Path | None = None
    """The PKCS#12 file of the e-seal that `jades` seals with."""
    certificate_password: SecretStr | None = None
    """What that file is locked with."""
    pkcs11_module: Path | None = None
    """The PKCS#11 library of the token (the HSM) that organisations' keys are in; None keeps them here, wrapped by the
    master key."""
    pkcs11_token: str | None = None
    """The token's label."""
    pkcs11_pin: SecretStr | None = None
    """What its user logs in with."""
    suspension: bool = False
    """Whether Open Badges get a second status, so that they can be suspended: their JSON schema allows only one."""
    corrections: Annotated[dict[Case, Effect], *AS_JSON, Field(default_factory=dict)]
    """What else corrections lead to than `domain.correcting` says: `{"learner-deleted": "review"}`."""
    patience: Span = timedelta(hours=1)
    """How long a completion waits for its offering to appear."""
    sweep: Span = timedelta(seconds=10)
    """How often it is looked whether one has waited long enough."""
    claim_validity: Span = timedelta(days=30)
    """How long a claim link works."""
    status_validity: Span = timedelta(minutes=15)
    """How long a status list may be relied on once fetched."""
    lease: Annotated[int, Field(ge=1, le=131_072)] = 1000
    """Places of a status list that a process takes at once."""
    vc_api_key: Annotated[int, Field(ge=1)] = 1
    """Which keys sign what is issued by VC-API: counted up, they are new ones."""
    replica: str | None = None
    """This process's name, the same after a restart and never another's at the same time; None is host and port."""

    @model_validator(mode="after")
    def _names_a_whole_token(self) -> Self:
        named = {name: getattr(self, name) for name in ("pkcs11_module", "pkcs11_token", "pkcs11_pin")}
        missing = [f"LAUREL_ISSUER_{name.upper()}" for name, value in named.items() if value is None]
        if 0 < len(missing) < len(named):
            raise ValueError(f"a token needs its module, its label and its PIN; lacking: {', '.join(missing)}")
        return self
