// Blind a token input, check the key holder's proof, unblind: RFC 9497 VOPRF over ristretto255-SHA512.
// The blind never leaves the machine that drew it.

import { ristretto255, ristretto255_hasher, ristretto255_oprf } from "@noble/curves/ed25519.js";

const { voprf } = ristretto255_oprf;
const { Point } = ristretto255;
const INPUT_LIMIT = 512;
const PROOF_BATCH = 32;
const HASH_TO_GROUP = "HashToGroup-OPRFV1-\u0001-ristretto255-SHA512";
const SCHEMES = { bsn: "bsn", household: "household", parent: "household" };

/** The bytes that are hashed to the group for one token. */
export function tokenInput(hubId, tokenType, normalisation, fields) {
  const scheme = SCHEMES[tokenType] ?? "demographic";
  const encoder = new TextEncoder();
  const written = ["dat-hub/v1", hubId, scheme, tokenType, normalisation, ...fields].flatMap((text) => {
    const bytes = encoder.encode(text);
    return [bytes.length >> 8, bytes.length & 0xff, ...bytes];
  });
  if (fields.length === 0 || written.length > INPUT_LIMIT) throw new RangeError("token input out of bounds");
  return Uint8Array.from(written);
}

/** { blind, blinded } with a fresh scalar. */
export function blind(input) {
  return voprf.blind(input);
}

/** The blinded element under a given scalar: for vectors only, where nothing is secret. */
export function blindWith(input, scalar) {
  const point = ristretto255_hasher.hashToCurve(input, { DST: HASH_TO_GROUP });
  return point.multiply(Point.Fn.fromBytes(scalar)).toBytes();
}

/**
 * Check the proofs against the pinned public key and take the blinding off: the pseudonyms.
 * `items` hold input, blind and blinded; `proofs` cover 32 elements each. Throws when any proof is wrong.
 */
export function unblindAll(items, evaluated, proofs, publicKey) {
  const batches = Math.ceil(items.length / PROOF_BATCH);
  if (items.length === 0 || evaluated.length !== items.length || proofs.length !== batches) {
    throw new RangeError("evaluation does not fit what was asked");
  }
  const whole = items.map((item, place) => ({ ...item, evaluated: evaluated[place] }));
  for (let batch = 0; batch < batches; batch += 1) {
    // The library's finalize refuses a wrong proof; its hash is not used, the hub wants the element.
    const part = whole.slice(batch * PROOF_BATCH, (batch + 1) * PROOF_BATCH);
    voprf.finalizeBatch(part, publicKey, proofs[batch]);
  }
  return whole.map(unblind);
}

function unblind(item) {
  const inverse = Point.Fn.inv(Point.Fn.fromBytes(item.blind));
  return Point.fromBytes(item.evaluated).multiply(inverse).toBytes();
}
