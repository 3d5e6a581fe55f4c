// Normalisation `nl1` and the token fields of a person, written from the rules in docs and protocol,
// not from the Python code: the golden vectors judge both. No build step, no dependency.

export const NORMALISATION = "nl1";

const MAX_LETTERS = 64;
const EARLIEST_YEAR = 1850;

const PARTICLES = new Set([
  // Dutch, Frisian, Low German
  "a", "aan", "af", "boven", "by", "d", "de", "den", "der", "des", "die", "gen", "het", "in", "of", "onder", "op",
  "over", "s", "t", "te", "ten", "ter", "tho", "thoe", "thor", "to", "toe", "tot", "uit", "uyt", "v", "van", "ver",
  "voor",
  // German
  "am", "auf", "aus", "dem", "im", "m", "unter", "vom", "von", "vor", "zu", "zum", "zur",
  // Romance
  "da", "dal", "dalla", "das", "deca", "degli", "dei", "del", "della", "di", "do", "don", "dos", "du", "i", "l", "la",
  "las", "le", "les", "lo", "los",
  // Arabic and Hebrew
  "al", "ben", "bin", "el",
  // run together
  "vande", "vanden", "vander", "vd",
]);

const SPELLED_OUT = new Map(Object.entries({
  ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ħ: "h", ŧ: "t", ŋ: "n", ĸ: "k",
  ə: "e", ƒ: "f", ɓ: "b", ɗ: "d", ƙ: "k", ɛ: "e", ɔ: "o", ǥ: "g", ʒ: "z",
}));
const DASHES = new Set("-\u2010\u2012\u2013\u2014\u2015\u2212");
const UNSEEN = new Set("·\u00ad\u200b\u200c\u200d\u2060\ufeff");
const BLANK = /[ \t\r\n\u00a0]/g;

export class RefusedPersonError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

function refuse(reason) {
  throw new RefusedPersonError(reason);
}

function isMark(character) {
  return character >= "\u0300" && character <= "\u036f";
}

/** Letters a-z, '-', '.' and spaces: one character of the decomposed text at a time. */
function fold(text) {
  let out = "";
  for (const character of Array.from(text.normalize("NFKD")).filter((c) => !isMark(c)).join("").toLowerCase()) {
    if (UNSEEN.has(character)) continue;
    if (DASHES.has(character)) out += "-";
    else if (SPELLED_OUT.has(character)) out += SPELLED_OUT.get(character);
    else out += /^[a-z.]$/.test(character) ? character : " ";
  }
  return out.split("ij").join("y");
}

function words(text) {
  return text.split(" ").filter((word) => word !== "");
}

function joinName(list) {
  const telling = list.findIndex((word) => !PARTICLES.has(word));
  return list.slice(telling < 0 ? list.length - 1 : telling).join("").slice(0, MAX_LETTERS);
}

/** The alternatives of a surname: none, one, or the first and the last part of a double name. */
export function normaliseSurname(text) {
  const parts = fold(text).replaceAll(".", " ").split("-").map(words).filter((part) => part.length > 0);
  if (parts.length === 0) return [];
  const named = parts.filter((part) => part.some((word) => !PARTICLES.has(word)));
  const names = (named.length > 0 ? named : [parts.flat()]).map(joinName);
  const [first, last] = [names[0], names[names.length - 1]];
  return first === last ? [first] : [first, last];
}

/** The first of the official first names; only its initial when a point follows it. */
export function normaliseFirstName(text) {
  for (const word of words(fold(text))) {
    // A point ends a word as a space does, but tells that it was an abbreviation.
    const pieces = word.split(".");
    for (const [place, piece] of pieces.entries()) {
      const letters = piece.replaceAll("-", "").slice(0, MAX_LETTERS);
      if (letters !== "") return place < pieces.length - 1 ? letters[0] : letters;
    }
  }
  return "";
}

/** Soundex after Knuth, with c, k, s and z alike as initials, and v as f. */
export function soundCode(surname) {
  if (surname === "") return "";
  const alike = { c: "s", k: "s", z: "s", v: "f" };
  const letters = (alike[surname[0]] ?? surname[0]) + surname.slice(1).replace(/[hw]/g, "");
  const digits = Array.from(letters, (letter) => {
    const group = ["bfpv", "cgjkqsxz", "dt", "l", "mn", "r"].findIndex((members) => members.includes(letter));
    return group < 0 ? "-" : String(group + 1);
  }).join("");
  const tail = digits.replace(/([1-6])\1+/g, "$1").slice(1).replaceAll("-", "");
  return (letters[0] + tail + "000").slice(0, 4);
}

/** '1234AB', or null. */
export function normalisePostcode(text) {
  const bare = text.replace(BLANK, "");
  return /^[1-9][0-9]{3}[A-Za-z]{2}$/.test(bare) && bare.length === 6 ? bare.toUpperCase() : null;
}

/** [number, addition], or null without a number. */
export function normaliseHouse(number, addition = "") {
  const written = number.replace(/^[ \t\r\n\u00a0]+/, "");
  const digits = /^[0-9]*/.exec(written)[0];
  const value = digits.replace(/^0+/, "");
  if (value === "" || value.length > 5) return null;
  const rest = Array.from((written.slice(digits.length) + addition).normalize("NFKD"));
  return [value, rest.filter((c) => !isMark(c)).join("").toLowerCase().replace(/[^a-z0-9]/g, "")];
}

/** Nine digits that pass the eleven test, or null. */
export function normaliseBsn(text) {
  const digits = text.replace(BLANK, "").replaceAll(".", "");
  if (digits.length < 8 || digits.length > 9 || /[^0-9]/.test(digits) || /^0+$/.test(digits)) return null;
  const bsn = digits.padStart(9, "0");
  let sum = -Number(bsn[8]);
  for (let place = 0; place < 8; place += 1) sum += Number(bsn[place]) * (9 - place);
  return sum % 11 === 0 ? bsn : null;
}

function daysIn(year, month) {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** 'yyyymmdd' of a date written as 'yyyymmdd', 'yyyy-mm-dd' or 'dd-mm-yyyy'; else a refusal. */
export function parseBirthDate(text) {
  const bare = text.replace(BLANK, "");
  if (bare === "") refuse("unknown_birth_date");
  const pieces = bare.split("-");
  const shape = pieces.map((piece) => (/^[0-9]+$/.test(piece) ? piece.length : "x")).join("-");
  let parts;
  if (shape === "8") parts = [bare.slice(0, 4), bare.slice(4, 6), bare.slice(6)];
  else if (shape === "4-2-2") parts = pieces;
  else if (/^[12]-[12]-4$/.test(shape)) parts = pieces.reverse();
  else refuse("unreadable_birth_date");
  const [year, month, day] = parts.map(Number);
  if (year === 0 || month === 0 || day === 0) refuse("unknown_birth_date");
  if (year < EARLIEST_YEAR || month > 12 || day > daysIn(year, month)) refuse("impossible_birth_date");
  return String(year * 10000 + month * 100 + day);
}

function compactDay(isoDay) {
  return isoDay.replaceAll("-", "");
}

function factsOf(person, today) {
  const surnames = normaliseSurname(person.surname ?? "");
  if (surnames.length === 0) refuse("no_name");
  const born = parseBirthDate(person.birth_date ?? "");
  if (today !== undefined && born > compactDay(today)) refuse("future_birth_date");
  return {
    surnames,
    born,
    firstName: normaliseFirstName(person.given_names ?? ""),
    sex: ["M", "V"].includes(person.sex) ? person.sex : null,
    postcode: normalisePostcode(person.postcode ?? ""),
    house: normaliseHouse(person.house_number ?? "", person.house_addition ?? ""),
  };
}

const RECIPES = {
  A: (f) => [f.surname, f.born, f.sex],
  B: (f) => [f.sound, f.born, f.initial],
  C: (f) => [f.sound, f.born, f.sex],
  D: (f) => [f.born, f.sex, f.postcode, f.number],
  E: (f) => [f.sound, f.initial, f.sex, f.postcode, f.number, f.year],
  F: (f) => [f.name, f.born, f.digits],
  G: (f) => [f.surname.slice(0, 4), f.name?.slice(0, 3), f.year, ...f.dayAndMonth],
  H: (f) => [f.sound, f.name, f.born],
};

/**
 * The token inputs of a person as [type, fields], for the schemes that the partner may use.
 * Throws RefusedPersonError; its reason is all that it tells.
 */
export function personTokens(person, { schemes = ["bsn", "demographic"], today } = {}) {
  const facts = factsOf(person, today);
  const tokens = [];
  if (schemes.includes("bsn") && (person.bsn ?? "").replace(BLANK, "") !== "") {
    tokens.push(["bsn", [normaliseBsn(person.bsn) ?? refuse("bad_bsn")]]);
  }
  if (schemes.includes("demographic")) tokens.push(...matchKeys(facts));
  const types = new Set(tokens.map(([type]) => type));
  if (types.size < 2 && !types.has("bsn")) refuse("too_few_keys");
  return tokens;
}

function matchKeys(facts) {
  const shared = {
    ...facts,
    initial: facts.firstName[0],
    name: facts.firstName.length > 1 ? facts.firstName : null,
    number: facts.house?.[0],
    digits: facts.postcode?.slice(0, 4),
    year: facts.born.slice(0, 4),
    dayAndMonth: [facts.born.slice(4, 6), facts.born.slice(6)].sort(),
  };
  const seen = new Map();
  for (const [type, recipe] of Object.entries(RECIPES)) {
    for (const surname of facts.surnames) {
      const fields = recipe({ ...shared, surname, sound: soundCode(surname) });
      if (fields.every(Boolean)) seen.set(JSON.stringify([type, fields]), [type, fields]);
    }
  }
  return [...seen.values()];
}

/** The household's token inputs: the address, and each parent that is known well enough. */
export function householdTokens(person, { parents = [], today } = {}) {
  const postcode = normalisePostcode(person.postcode ?? "");
  const house = normaliseHouse(person.house_number ?? "", person.house_addition ?? "");
  const tokens = postcode && house ? [["household", [postcode, ...house]]] : [];
  for (const parent of parents) {
    try {
      const { surnames, born, sex } = factsOf(parent, today);
      if (sex) tokens.push(...surnames.map((surname) => ["parent", [surname, born, sex]]));
    } catch (error) {
      if (!(error instanceof RefusedPersonError)) throw error;
    }
  }
  return tokens;
}

const BRACKETS = [["0-11", 12], ["12-15", 16], ["16-17", 18], ["18-22", 23]];

function currentBracket(birthDate, on) {
  const [born, day] = [Number(compactDay(birthDate)), Number(compactDay(on))];
  if (born > day) refuse("future_birth_date");
  return BRACKETS.find(([, end]) => day < born + end * 10000);
}

/** The age bracket on an ISO day. */
export function bracket(birthDate, on) {
  return currentBracket(birthDate, on)?.[0] ?? "23+";
}

/** The quarter in which the person leaves the bracket, or null for the last one. */
export function bracketEnds(birthDate, on) {
  const current = currentBracket(birthDate, on);
  if (!current) return null;
  const day = compactDay(birthDate);
  return `${Number(day.slice(0, 4)) + current[1]}-Q${Math.ceil(Number(day.slice(4, 6)) / 3)}`;
}
