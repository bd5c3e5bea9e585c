/* The SD-JWT library of the OpenWallet Foundation Labs, over what was issued here, and as an issuer for us to read.
 *
 * stdin:  [{"do": "verify", "token", "key", "holder", "nonce", "at"} | {"do": "issue", "claims", "frame", "key", "typ"}
 *          | {"do": "present", "token", "frame", "holder", "payload"}, …], keys as JWK, private ones where they sign
 * stdout: [{"claims", "kb", "error"} | {"token", "error"}, …], in the order given.
 */
import {createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {SDJwtInstance} from '@sd-jwt/core';

const algorithms = {Ed25519: {name: 'EdDSA', hash: null}, 'P-256': {name: 'ES256', hash: 'sha256'}};
const of = jwk => algorithms[jwk.crv];
const hasher = (data, alg) => createHash(alg.replace('-', '')).update(data).digest();

function signer(jwk) {
  const key = createPrivateKey({key: jwk, format: 'jwk'});
  return data => sign(of(jwk).hash, Buffer.from(data), {key, dsaEncoding: 'ieee-p1363'}).toString('base64url');
}
function verifier(jwk) {
  const key = createPublicKey({key: jwk, format: 'jwk'});
  return (data, signature) =>
    verify(of(jwk).hash, Buffer.from(data), {key, dsaEncoding: 'ieee-p1363'}, Buffer.from(signature, 'base64url'));
}
const library = config => new SDJwtInstance({
  hasher, hashAlg: 'sha-256', saltGenerator: length => randomBytes(length).toString('base64url'), ...config
});

const tasks = {
  async verify({token, key, holder, nonce, at}) {
    const instance = library({verifier: verifier(key), kbVerifier: holder && verifier(holder)});
    const options = {currentDate: at, ...(nonce ? {keyBindingNonce: nonce} : {})};
    const {payload, kb} = await instance.verify(token, options);
    return {claims: payload, kb: kb?.payload ?? null};
  },
  async issue({claims, frame, key, typ}) {
    const instance = library({signer: signer(key), signAlg: of(key).name});
    return {token: await instance.issue(claims, frame, {header: {typ}})};
  },
  async present({token, frame, holder, payload}) {
    const instance = library(holder ? {kbSigner: signer(holder), kbSignAlg: of(holder).name} : {});
    return {token: await instance.present(token, frame, holder ? {kb: {payload}} : undefined)};
  }
};

const results = [];
for(const task of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    results.push({error: null, ...await tasks[task.do](task)});
  } catch(error) {
    results.push({error: `${error.message}` || 'refused'});
  }
}
console.log(JSON.stringify(results));
