// Run the golden vectors: `node check_vectors.mjs [folder]` prints one JSON object and exits 0 when all agree.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { blind, blindWith, tokenInput } from "./blind.mjs";
import * as nl1 from "./nl1.mjs";

const folder = process.argv[2] ?? join(import.meta.dirname, "..", "identity");
const read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const hex = (bytes) => Buffer.from(bytes).toString("hex");

function answer(person, on) {
  try {
    const tokens = nl1.personTokens(person, { today: on });
    const born = nl1.parseBirthDate(person.birth_date);
    return {
      person,
      surnames: nl1.normaliseSurname(person.surname),
      first_name: nl1.normaliseFirstName(person.given_names ?? ""),
      bracket: nl1.bracket(born, on),
      bracket_ends: nl1.bracketEnds(born, on),
      tokens,
      household: nl1.householdTokens(person, { parents: [person], today: on }),
    };
  } catch (error) {
    if (!(error instanceof nl1.RefusedPersonError)) throw error;
    return { person, refused: error.reason };
  }
}

function blindsAlike(vector, hubId) {
  const input = tokenInput(hubId, vector.token_type, nl1.NORMALISATION, vector.fields);
  const fresh = blind(input);
  return hex(input) === vector.input
    && hex(blindWith(input, Buffer.from(vector.blind, "hex"))) === vector.blinded
    && hex(blindWith(input, fresh.blind)) === hex(fresh.blinded);
}

const identity = read("vectors_nl1.json");
const blinding = read("vectors_blinding.json");
const differing = identity.vectors.flatMap((vector, place) =>
  isDeepStrictEqual(answer(vector.person, identity.on), vector) ? [] : [`person ${place}`]);
differing.push(...blinding.vectors.flatMap((vector, place) =>
  blindsAlike(vector, blinding.hub_id) ? [] : [`blinding ${place}`]));
if (identity.normalisation !== nl1.NORMALISATION) differing.push("normalisation");

console.log(JSON.stringify({ people: identity.vectors.length, blindings: blinding.vectors.length, differing }));
process.exitCode = differing.length === 0 ? 0 : 1;
