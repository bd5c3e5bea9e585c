/* `jose`, over tokens that were issued here, and as an issuer for us to read.
 *
 * stdin:  [{"do": "verify", "token", "key", "typ", "at"} | {"do": "issue", "claims", "header", "key"}
 *          | {"do": "thumbprint", "key"}, …], keys as JWK, private ones where they sign
 * stdout: [{"header", "claims"} | {"token"} | {"thumbprint"} | {"error"}, …], in the order given.
 */
import {CompactSign, calculateJwkThumbprint, importJWK, jwtVerify} from 'jose';
import {readFileSync} from 'node:fs';

const algorithms = {Ed25519: 'EdDSA', 'P-256': 'ES256'};
const of = jwk => importJWK(jwk, algorithms[jwk.crv]);

const tasks = {
  async verify({token, key, typ, at}) {
    const options = {algorithms: [algorithms[key.crv]], typ, currentDate: new Date(at)};
    const {payload, protectedHeader} = await jwtVerify(token, await of(key), options);
    return {header: protectedHeader, claims: payload};
  },
  async issue({claims, header, key}) {
    const payload = new TextEncoder().encode(JSON.stringify(claims));
    const signing = new CompactSign(payload).setProtectedHeader({alg: algorithms[key.crv], ...header});
    return {token: await signing.sign(await of(key))};
  },
  async thumbprint({key}) {
    return {thumbprint: await calculateJwkThumbprint(key)};
  }
};

const results = [];
for(const {do: name, ...task} of JSON.parse(readFileSync(0, 'utf8'))) {
  results.push(await tasks[name](task).catch(error => ({error: `${error.name}: ${error.message}`})));
}
console.log(JSON.stringify(results));
