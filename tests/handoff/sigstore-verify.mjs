// Asks npm's @sigstore/verify whether bundles signed by Baton hold, and whether altered ones do not.
// usage: sigstore-verify.mjs FOLDER (with <key>.sigstore.json, <key>.pem, payload.json), @sigstore/verify in NODE_MODULES
import { createRequire } from 'node:module';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const require = createRequire(join(process.env.BATON_NODE_FOLDER, 'package.json'));
const { bundleFromJSON } = require('@sigstore/bundle');
const { toSignedEntity, toTrustMaterial, Verifier } = require('@sigstore/verify');

const emptyRoot = { mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
                    tlogs: [], ctlogs: [], timestampAuthorities: [], certificateAuthorities: [] };

function verify(bundle, pem) {
  const key = { publicKey: createPublicKey(pem), validFor: () => true };
  const verifier = new Verifier(toTrustMaterial(emptyRoot, () => key),
                                { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
  verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
}

function refuses(bundle, pem) {
  try {
    verify(bundle, pem);
    return false;
  } catch {
    return true;
  }
}

const folder = process.argv[2];
const payload = readFileSync(join(folder, 'payload.json'));
let failed = 0;
function check(what, is_good) {
  console.log(`${is_good ? 'ok  ' : 'FAIL'} ${what}`);
  if (!is_good) ++failed;
}

const altered = (bundle, bytes) => {
  const copy = structuredClone(bundle);
  copy.dsseEnvelope.payload = Buffer.from(bytes).toString('base64');
  return copy;
};

for (const name of ['ed25519', 'p256']) {
  const bundle = JSON.parse(readFileSync(join(folder, `${name}.sigstore.json`)));
  const pem = readFileSync(join(folder, `${name}.pem`));
  const other = readFileSync(join(folder, `${name === 'p256' ? 'ed25519' : 'p256'}.pem`));
  verify(bundle, pem);
  check(`${name}: our bundle is accepted`, true);
  check(`${name}: its payload is the handoff's bytes`,
        Buffer.from(bundle.dsseEnvelope.payload, 'base64').equals(payload));
  const text = payload.toString();
  check(`${name}: another verdict is refused`, refuses(altered(bundle, text.replace('proceed', 'caution')), pem));
  check(`${name}: one more byte is refused`, refuses(altered(bundle, text + ' '), pem));
  check(`${name}: another key is refused`, refuses(bundle, other));
}
process.exit(failed === 0 ? 0 : 1);
