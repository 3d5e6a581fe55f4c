"""Make the golden vectors of `nl1` and check that the code still gives them, byte for byte.

    python -m dat_client.identity.vectors          compare with the frozen files
    python -m dat_client.identity.vectors --write  write them anew: only with a new normalisation version

Every implementation, in every language, passes these files. The people and numbers in them are invented.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import fields
from datetime import date
from hashlib import sha512
from itertools import islice
from pathlib import Path

from dat_client.identity import nl1
from dat_client.identity.age import bracket, bracket_ends
from dat_client.identity.person import Person, RefusedPersonError
from dat_client.identity.tokens import TokenFields, household_tokens, person_tokens
from dat_client.identity.vector_people import fictive_people
from keys.protocol import sodium, voprf
from keys.protocol.hashing import hash_to_group
from keys.protocol.tokens import token_input

HERE = Path(__file__).parent
IDENTITY_FILE = HERE / "vectors_nl1.json"
BLINDING_FILE = HERE / "vectors_blinding.json"

ON = date(2026, 1, 1)
HUB_ID = "hub.voorbeeldstad.example"
BLINDED_PEOPLE = 4


def identity_vectors() -> str:
    """Write each fictive person with the refusal or the normalised fields and tokens, one to a line."""
    lines = [json.dumps(_vector(person), ensure_ascii=True) for person in fictive_people()]
    head = json.dumps({"normalisation": nl1.NORMALISATION, "on": ON.isoformat()})[:-1]
    return f'{head}, "vectors": [\n' + ",\n".join(lines) + "\n]}\n"


def _vector(person: Person) -> dict[str, object]:
    given = {field.name: getattr(person, field.name) for field in fields(person)}
    shown = {name: value for name, value in given.items() if value}
    try:
        tokens = person_tokens(person, today=ON)
    except RefusedPersonError as refused:
        return {"person": shown, "refused": refused.reason.value}
    born_on = nl1.parse_birth_date(person.birth_date)
    return {
        "person": shown,
        "surnames": nl1.normalise_surname(person.surname),
        "first_name": nl1.normalise_first_name(person.given_names),
        "bracket": bracket(born_on, ON),
        "bracket_ends": bracket_ends(born_on, ON),
        "tokens": _pairs(tokens),
        "household": _pairs(household_tokens(person, parents=[person], today=ON)),
    }


def _pairs(tokens: tuple[TokenFields, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(token.token_type.value, token.fields) for token in tokens]


def blinding_vectors() -> str:
    """Write inputs blinded, evaluated and unblinded with fixed scalars; the proof alone is not pinned."""
    secret = _scalar("key")
    head = {"hub_id": HUB_ID, "secret": secret.hex(), "public": sodium.multiply_base(secret).hex()}
    tokens = [token for person in islice(fictive_people(), BLINDED_PEOPLE) for token in _all_tokens(person)]
    lines = [json.dumps(_blinding(token, secret, f"blind {place}")) for place, token in enumerate(tokens)]
    return f'{json.dumps(head)[:-1]}, "vectors": [\n' + ",\n".join(lines) + "\n]}\n"


def _all_tokens(person: Person) -> tuple[TokenFields, ...]:
    return person_tokens(person) + household_tokens(person, parents=[person])


def _blinding(token: TokenFields, secret: bytes, label: str) -> dict[str, object]:
    x = token_input(HUB_ID, token.token_type, normalisation=nl1.NORMALISATION, fields=token.fields)
    scalar = _scalar(label)
    blinded = sodium.multiply(scalar, hash_to_group(x, context=voprf.CONTEXT))
    evaluated = sodium.multiply(secret, blinded)
    steps = {"input": x, "blind": scalar, "blinded": blinded, "evaluated": evaluated}
    steps["pseudonym"] = voprf.unblind(scalar, evaluated)
    shown = {name: value.hex() for name, value in steps.items()}
    return {"token_type": token.token_type.value, "fields": token.fields, **shown}


def _scalar(label: str) -> bytes:
    """Give a scalar that anybody can recompute: for vectors only, never for a person."""
    return sodium.reduce_scalar(sha512(f"dat-hub vector: {label}".encode()).digest())


def main() -> int:
    """Compare the frozen files with the code, or write them; 0 when they agree."""
    parser = argparse.ArgumentParser(prog="python -m dat_client.identity.vectors", description=__doc__)
    parser.add_argument("--write", action="store_true", help="freeze anew what the code gives now")
    made = {IDENTITY_FILE: identity_vectors(), BLINDING_FILE: blinding_vectors()}
    if parser.parse_args().write:
        for path, text in made.items():
            path.write_text(text, encoding="ascii")
    differing = [path.name for path, text in made.items() if path.read_text(encoding="ascii") != text]
    sys.stdout.write(f"differs: {', '.join(differing)}\n" if differing else "vectors agree\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
