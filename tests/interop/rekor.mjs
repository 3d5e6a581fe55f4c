// Judge proofs of our log with npm's @sigstore/verify, as it judges entries of Sigstore's own log.
// Reads one JSON array of cases, {key, name, leaf, index, size, root, hashes, checkpoint}, and prints a verdict for each.
import { createPublicKey } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

const require = createRequire(import.meta.url);
// The package shows whole bundles of signed software only; this is the part of it that judges a log's entry.
const { verifyTLogInclusion } = require(join(dirname(require.resolve("@sigstore/verify")), "tlog", "index.js"));
const { TransparencyLogEntry } = createRequire(require.resolve("@sigstore/verify"))("@sigstore/protobuf-specs");

function publicKey(raw) {
  const prefix = Buffer.from("302a300506032b6570032100", "hex"); // RFC 8410
  return createPublicKey({ key: Buffer.concat([prefix, raw]), format: "der", type: "spki" });
}

function judge(one) {
  const typed = Buffer.from(one.key.split("+").slice(2).join("+"), "base64");
  const log = {
    baseURL: one.name,
    logID: Buffer.from(one.key.split("+")[1], "hex"),
    publicKey: publicKey(typed.subarray(1)),
    validFor: { start: new Date(0), end: new Date(8.64e15) },
  };
  const entry = TransparencyLogEntry.fromJSON({
    logIndex: one.index,
    logId: { keyId: log.logID.toString("base64") },
    canonicalizedBody: one.leaf,
    inclusionProof: {
      logIndex: one.index,
      rootHash: one.root,
      treeSize: one.size,
      hashes: one.hashes,
      checkpoint: { envelope: one.checkpoint },
    },
  });
  try {
    verifyTLogInclusion(entry, [log]);
    return "OK";
  } catch (error) {
    return error.message;
  }
}

console.log(JSON.stringify(JSON.parse(await text(process.stdin)).map(judge)));
