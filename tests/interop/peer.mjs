// An independent party for the interoperability tests: @noble/curves' VOPRF over one line of JSON each way.
// Proofs are cut as the protocol cuts them: one for at most 32 elements.
import { createInterface } from "node:readline";
import { ristretto255, ristretto255_oprf } from "@noble/curves/ed25519.js";
import { bytesToHex, hexToBytes } from "@noble/curves/utils.js";

const { voprf } = ristretto255_oprf;
const { Point } = ristretto255;
const BATCH = 32;

const hex = (all) => all.map(bytesToHex);
const bytes = (all) => all.map(hexToBytes);
const cut = (all) => Array.from({ length: Math.ceil(all.length / BATCH) }, (_, i) => all.slice(i * BATCH, (i + 1) * BATCH));

function unblind(scalar, element) {
  return Point.fromBytes(element).multiply(Point.Fn.inv(Point.Fn.fromBytes(scalar))).toBytes();
}

const acts = {
  derive({ seed, info }) {
    const { secretKey, publicKey } = voprf.deriveKeyPair(hexToBytes(seed), hexToBytes(info));
    return { secret: bytesToHex(secretKey), public: bytesToHex(publicKey) };
  },
  blind({ inputs }) {
    const made = bytes(inputs).map((input) => voprf.blind(input));
    return { scalars: hex(made.map((one) => one.blind)), blinded: hex(made.map((one) => one.blinded)) };
  },
  evaluate({ secret, public: publicKey, blinded }) {
    const parts = cut(bytes(blinded)).map((part) =>
      voprf.blindEvaluateBatch(hexToBytes(secret), hexToBytes(publicKey), part));
    return { elements: hex(parts.flatMap((part) => part.evaluated)), proofs: hex(parts.map((part) => part.proof)) };
  },
  finish({ public: publicKey, inputs, scalars, blinded, elements, proofs }) {
    const items = inputs.map((input, i) => ({
      input: hexToBytes(input),
      blind: hexToBytes(scalars[i]),
      blinded: hexToBytes(blinded[i]),
      evaluated: hexToBytes(elements[i]),
    }));
    const outputs = cut(items).flatMap((part, i) =>
      voprf.finalizeBatch(part, hexToBytes(publicKey), hexToBytes(proofs[i])));
    return { outputs: hex(outputs), pseudonyms: hex(items.map((item) => unblind(item.blind, item.evaluated))) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...given } = JSON.parse(line);
  let answer;
  try {
    answer = acts[act](given);
  } catch (error) {
    answer = { refused: String(error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
