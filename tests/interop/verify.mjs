/* Digital Bazaar's verifier over what was issued here.
 *
 * stdin:  {"credentials": [credential, …], "documents": {did: DID document, …}}
 * stdout: [{"verified": true | false, "error": "…"}, …], in the order given.
 *
 * Loads nothing but the shipped contexts and the DID documents given.
 */
import {createVerifyCryptosuite as ecdsaJcs} from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import {cryptosuite as ecdsaRdfc} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {createVerifyCryptosuite as eddsaJcs} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {readFileSync} from 'node:fs';
import {isDeepStrictEqual} from 'node:util';
import {verifyCredential} from '@digitalbazaar/vc';

const shipped = new URL('../../services/credentials/contexts/', import.meta.url);
const read = name => JSON.parse(readFileSync(new URL(name, shipped), 'utf8'));
const contexts = new Map(read('manifest.json').contexts.map(({url, file}) => [url, read(file)]));

const {credentials, documents} = JSON.parse(readFileSync(0, 'utf8'));

async function documentLoader(url) {
  const [base, fragment] = url.split('#');
  let document = contexts.get(url) ?? documents[base];
  if(fragment) {
    const method = document?.verificationMethod.find(({id}) => id === url);
    document = method && {'@context': 'https://w3id.org/security/multikey/v1', ...method};
  }
  if(!document) {
    throw new Error(`nothing is known of ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

/* The JCS suites compare the proof's contexts with the document's by identity, so that two equal context objects
 * differ: https://github.com/digitalbazaar/eddsa-jcs-2022-cryptosuite (1.0.0, lib/index.js), and the same for ECDSA.
 * Make equal ones the same. */
function identified(credential) {
  for(const proof of credential.proof) {
    const stated = proof['@context'];
    stated?.forEach((context, index) => {
      if(isDeepStrictEqual(context, credential['@context'][index])) {
        stated[index] = credential['@context'][index];
      }
    });
  }
  return credential;
}

const results = [];
for(const credential of credentials) {
  const {verified, error} = await verifyCredential({
    credential: identified(credential),
    suite: [eddsaRdfc, eddsaJcs(), ecdsaRdfc, ecdsaJcs()].map(cryptosuite => new DataIntegrityProof({cryptosuite})),
    documentLoader,
    // The status list is looked up elsewhere; here the question is the signature.
    checkStatus: async () => ({verified: true}),
    ...(process.env.VERIFY_AT ? {now: new Date(process.env.VERIFY_AT)} : {})
  });
  const causes = error?.errors ?? (error ? [error] : []);
  results.push({verified, error: causes.map(cause => cause.message).join('; ') || null});
}
console.log(JSON.stringify(results));
