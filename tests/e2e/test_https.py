"""A house over https with a certificate of its own making, as `laurel up --tls-self-signed` starts it."""

from __future__ import annotations

import json
import ssl
import subprocess
from pathlib import Path

import httpx2

from tests.conformance.w3c import house
from tests.e2e.houses import LAUREL, environment, free_port


def test_it_issues_and_verifies_and_reaches_its_own_status_lists_over_https(tmp_path: Path) -> None:
    with house(tmp_path) as told:
        trust = ssl.create_default_context(cafile=tmp_path / "tls.pem")
        headers = {"authorization": f"Bearer {told['TOKEN']}"}
        with httpx2.Client(base_url=told["BASE_URL"], headers=headers, verify=trust, trust_env=False) as http:
            credential = {
                "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
                "type": ["VerifiableCredential", "RelationshipCredential"],
                "issuer": min(json.loads(told["ISSUERS"])),
                "credentialSubject": {"id": "did:example:subject"},
            }
            body = {"credential": credential, "options": {"credentialStatus": {"statusPurpose": "revocation"}}}
            answer = http.post("/credentials/issue", json=body)
            assert answer.status_code == 201, answer.text
            sealed = answer.json()["verifiableCredential"]
            assert sealed["credentialStatus"]["statusListCredential"].startswith(told["BASE_URL"])
            verified = http.post("/credentials/verify", json={"verifiableCredential": sealed})
            assert verified.status_code == 200, verified.text
            # What lets the VC-API read the examples' context changes nothing for the house's own decisions.
            decided = http.post("/api/v1/verifications", json={"credential": sealed}).json()
            assert decided["checks"][1]["code"] == "context-unknown"
        asked = environment(LAUREL_URL=told["BASE_URL"], LAUREL_VAR=str(tmp_path))
        known = subprocess.run([LAUREL, "trust", "list"], env=asked, capture_output=True, text=True, check=False)
        assert known.returncode == 0, known.stderr


def test_production_and_an_origin_without_https_are_refused(tmp_path: Path) -> None:
    key = "A" * 43 + "="
    for wrong in (
        {"LAUREL_PRODUCTION": "true", "LAUREL_MASTER_KEY": key},
        {"LAUREL_BASE_URL": "http://laurel.example"},
    ):
        settings = environment(LAUREL_VAR=str(tmp_path), LAUREL_PORT=str(free_port()), **wrong)
        command = [LAUREL, "up", "verifier", "--tls-self-signed"]
        ended = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode == 1
        assert "--tls-self-signed" in ended.stderr
