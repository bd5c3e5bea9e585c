// Laurel, as `make conformance` runs it: BASE_URL, TOKEN and ISSUERS (the answer of /vc-api/issuers) say where and who.
const base = process.env.BASE_URL;
const headers = {Authorization: `Bearer ${process.env.TOKEN}`};
const issuers = JSON.parse(process.env.ISSUERS);
const did = cryptosuite => Object.keys(issuers).find(id => issuers[id].includes(cryptosuite));

const both = {supports: {vc: ['1.1', '2.0']}};
const p256 = {supportedEcdsaKeyTypes: ['P-256']};
const status = {credentialStatus: {type: 'BitstringStatusListEntry', statusPurpose: 'revocation'}};
const issuer = (cryptosuite, tags, {options = {}, settings = {}} = {}) => ({
  id: did(cryptosuite), endpoint: `${base}/credentials/issue`, headers, tags,
  options: {cryptosuite, ...options}, ...both, ...settings
});
const verifier = (path, tags, settings = {}) => ({
  id: did('eddsa-rdfc-2022'), endpoint: `${base}${path}`, tags, ...both, ...settings
});

module.exports = {
  settings: {enableInteropTests: false, testAllImplementations: false},
  implementations: [{
    name: 'Laurel',
    implementation: 'Laurel',
    issuers: [
      issuer('eddsa-rdfc-2022', ['vc2.0', 'eddsa-rdfc-2022']),
      issuer('vc-jwt-eddsa', ['EnvelopingProof']),
      issuer('eddsa-jcs-2022', ['eddsa-jcs-2022']),
      issuer('ecdsa-rdfc-2019', ['ecdsa-rdfc-2019'], {settings: p256}),
      issuer('ecdsa-jcs-2019', ['ecdsa-jcs-2019'], {settings: p256}),
      issuer('eddsa-rdfc-2022', ['BitstringStatusList'], {options: status})
    ],
    verifiers: [
      verifier('/credentials/verify', [
        'vc2.0', 'EnvelopingProof', 'eddsa-rdfc-2022', 'eddsa-jcs-2022', 'BitstringStatusList'
      ]),
      // The specification's vectors that this suite sends are signed by others than the issuers they name.
      verifier('/proofs/verify', ['ecdsa-rdfc-2019', 'ecdsa-jcs-2019'], p256)
    ],
    vpVerifiers: [verifier('/presentations/verify', ['vc2.0'])]
  }]
};
