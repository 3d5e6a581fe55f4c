// Answer the test's questions to the JavaScript client: one JSON object in, one JSON value out.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const from = (name) => import(pathToFileURL(join(process.env.CLIENT_JS, name)).href);
const { personTokens, RefusedPersonError } = await from("nl1.mjs");
const { blind, tokenInput, unblindAll } = await from("blind.mjs");

const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
const hex = (value) => Buffer.from(value).toString("hex");

function tokens(person) {
  try {
    return personTokens(person);
  } catch (error) {
    if (!(error instanceof RefusedPersonError)) throw error;
    return error.reason;
  }
}

const steps = {
  people: ({ people }) => people.map(tokens),
  input: ({ hubId, tokenType, fields }) => hex(tokenInput(hubId, tokenType, "nl1", fields)),
  blind: ({ inputs }) => inputs.map((input) => {
    const made = blind(bytes(input));
    return { input, blind: hex(made.blind), blinded: hex(made.blinded) };
  }),
  unblind: ({ items, evaluated, proofs, publicKey }) => {
    const made = items.map((item) => Object.fromEntries(Object.entries(item).map(([k, v]) => [k, bytes(v)])));
    return unblindAll(made, evaluated.map(bytes), proofs.map(bytes), bytes(publicKey)).map(hex);
  },
};

const question = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(steps[question.step](question)));
