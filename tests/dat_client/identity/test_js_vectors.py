from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from dat_client.identity.person import Person, RefusedPersonError
from dat_client.identity.tokens import person_tokens
from keys.protocol import sodium, voprf
from keys.protocol.hashing import hash_to_group

ROOT = Path(__file__).parents[3]
CLIENT_JS = ROOT / "dat_client" / "js"
INTEROP = ROOT / "tests" / "interop"
NODE = Path(sys.executable).parent / "node"
HERE = Path(__file__).parent

ODD_CHARACTERS = "aaabeijijstvdnz  --..''’`/ÿĳŀßøłđÉñ·\u00ad\u0301\u00a0\t,0129ЖÆ\ufeff\u2013ǽ王"


def run_node(script: Path, *, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a script with the packages of the interop tests; they must have been installed."""
    assert (INTEROP / "node_modules" / "@noble" / "curves").is_dir(), "run npm ci in tests/interop first"
    environment = {**os.environ, "INTEROP_DIRECTORY": str(INTEROP), "CLIENT_JS": str(CLIENT_JS)}
    command = [str(NODE), "--import", str(HERE / "resolve_noble.mjs"), str(script)]
    return subprocess.run(
        command, input=stdin, env=environment, text=True, encoding="utf-8", capture_output=True, check=False
    )


def ask(step: str, **question: object) -> Any:
    done = run_node(HERE / "steps.mjs", stdin=json.dumps({"step": step, **question}))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_javascript_gives_every_golden_vector() -> None:
    done = run_node(CLIENT_JS / "check_vectors.mjs")

    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    assert answer["differing"] == []
    assert answer["people"] >= 500
    assert answer["blindings"] >= 40


def odd_person(draw: random.Random) -> Person:
    def text(longest: int) -> str:
        return "".join(draw.choice(ODD_CHARACTERS) for _ in range(draw.randrange(longest)))

    particle = draw.choice(("", "van ", "v.d. ", "'s-", "Uijt den ", "el-", "De La "))
    return Person(
        surname=particle + text(18),
        given_names=text(10),
        birth_date=draw.choice(("20110423", "23-4-2011", "2000-02-29", "19000229", "20110000", text(9))),
        sex=draw.choice(("M", "V", "O", "")),
        bsn=draw.choice((None, "", "000009994", "123456789", text(10))),
        postcode=draw.choice(("1234 AB", "1234ab", "", text(7))),
        house_number=draw.choice(("12", "012-A", "12 hs", "", text(5))),
        house_addition=draw.choice(("", "bis", text(4))),
    )


def answer_of(person: Person) -> object:
    try:
        return [[token.token_type.value, list(token.fields)] for token in person_tokens(person)]
    except RefusedPersonError as refused:
        return refused.reason.value


def test_both_languages_agree_on_people_that_nobody_wrote_down() -> None:
    draw = random.Random(1)
    people = [odd_person(draw) for _ in range(4000)]

    answers = ask("people", people=[asdict(person) for person in people])

    assert answers == [answer_of(person) for person in people]
    assert sum(isinstance(answer, list) for answer in answers) > 900


@pytest.fixture(scope="module")
def key_pair() -> tuple[bytes, bytes]:
    return voprf.generate_key_pair()


def blinded_in_javascript(count: int) -> list[dict[str, str]]:
    return list(ask("blind", inputs=[f"person {place}".encode().hex() for place in range(count)]))


def test_what_javascript_blinds_is_evaluated_here_and_unblinded_there(key_pair: tuple[bytes, bytes]) -> None:
    secret, public = key_pair
    items = blinded_in_javascript(voprf.PROOF_BATCH + 2)
    made = voprf.evaluate(secret, public, [bytes.fromhex(item["blinded"]) for item in items])

    pseudonyms = ask(
        "unblind",
        items=items,
        evaluated=[element.hex() for element in made.elements],
        proofs=[proof.hex() for proof in made.proofs],
        publicKey=public.hex(),
    )

    wanted = [hash_to_group(bytes.fromhex(item["input"]), context=voprf.CONTEXT) for item in items]
    assert pseudonyms == [sodium.multiply(secret, element).hex() for element in wanted]


@pytest.mark.parametrize("spoiled", ["evaluated", "proofs", "publicKey", "order", "identity", "missing"])
def test_javascript_refuses_an_evaluation_that_is_not_proven(
    key_pair: tuple[bytes, bytes], spoiled: str
) -> None:
    secret, public = key_pair
    items = blinded_in_javascript(2)
    made = voprf.evaluate(secret, public, [bytes.fromhex(item["blinded"]) for item in items])
    other_secret, other_public = voprf.generate_key_pair()
    elements = [element.hex() for element in made.elements]
    alien = sodium.multiply(other_secret, bytes.fromhex(items[1]["blinded"])).hex()
    question: dict[str, object] = {
        "items": items,
        "evaluated": elements,
        "proofs": [proof.hex() for proof in made.proofs],
        "publicKey": public.hex(),
    }
    changes: dict[str, dict[str, object]] = {
        "evaluated": {"evaluated": [elements[0], alien]},
        "proofs": {"proofs": [bytes(64).hex()]},
        "publicKey": {"publicKey": other_public.hex()},
        "order": {"evaluated": elements[::-1]},
        "identity": {"evaluated": [elements[0], bytes(32).hex()]},
        "missing": {"proofs": []},
    }

    done = run_node(HERE / "steps.mjs", stdin=json.dumps({"step": "unblind", **question, **changes[spoiled]}))

    assert done.returncode != 0
    assert done.stdout == ""
