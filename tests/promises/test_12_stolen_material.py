"""Promise 12: no theft but of the documented whole turns what the hub keeps back into people.

Hub database, backup, log key, holder store, pepper and row key: all 64 ways to steal some of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import LargeBinary, String, Text, Uuid

import hub.models  # noqa: F401
from hub.audit.destruction import destroy_requested
from hub.audit.keys import ledger_signer
from hub.audit.service import sequence_events
from hub.base import Base
from hub.custody import client_jwk
from hub.initialising import initialise
from hub.rights.erasing import erase_all
from hub.subjects import opening
from hub.subjects.keys import load_subject_keys
from hub.subjects.models import RegistrationRow
from hub.subjects.opening import unseal_elements
from keys.holder import administration
from keys.holder.administration import Admission
from keys.holder.datakeys.rations import permit_hub
from keys.holder.models import Base as HolderBase
from keys.holder.opening import Holder
from keys.protocol import sodium
from service import clock
from service.database import Database
from service.datakeys.custody import Purpose
from service.datakeys.pool import DataKeyPool
from service.datakeys.releasing import release
from service.datakeys.sealing import key_id_of
from service.keystore import FileKeyStore
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.keys.holder import world
from tests.promises.stolen import Loot, Parts, fewest, point_of, synthetic_bsns
from tests.promises.test_11_erased_is_unreadable import custody_of
from tests.promises.town import settings_of

GUESSES, MANY = 150, 100_000
PARTS = ("hub database", "backup", "log key", "holder store", "pepper", "row key")
WHOLE = {
    frozenset({store, "holder store", key})
    for store in ("hub database", "backup")
    for key in ("pepper", "row key")
}


@dataclass
class Scene:
    """A hub and its key holder after some days of work about persons with a service number."""

    folder: Path
    holder: Holder
    database: Database
    hub_id: str
    victims: frozenset[str]
    about: dict[str, dict[UUID, str]] = field(default_factory=dict)

    def loot(self, backup: Backup | None = None) -> Loot:
        """Gather everything, by the parts that it takes; the backup is of now unless another is given."""
        keys = FileKeyStore(settings_of(self.folder, "").keys)
        holder = frozenset({"holder store"})
        texts: dict[Parts, list[bytes]] = {holder: cells(self.holder.database, HolderBase)}
        now = self.backup()
        for name, copy in (("hub database", now), ("backup", backup or now)):
            texts[frozenset({name})] = copy.texts
            texts[frozenset({name, "holder store", "row key"})] = self.opened(copy.sealed)
        return Loot(
            self.hub_id,
            texts,
            {"pepper": keys.read("pepper.1"), "row key": keys.read("row.1"), "log key": keys.read("ledger")},
            self.evaluation(),
        )

    def evaluation(self) -> bytes:
        """The holder's key for service numbers."""
        return self.holder.shares["bsn", 1].secret

    def backup(self) -> Backup:
        """Copy all that can be read of the hub's store, and what is sealed in it."""
        with self.database.look(SYSTEM) as work:
            rows = work.session.query(RegistrationRow)
            sealed = [(row.id, row.epoch, bytes(row.sealed)) for row in rows]
        return Backup(cells(self.database, Base), sealed)

    def opened(self, rows: list[tuple[UUID, int, bytes]]) -> list[bytes]:
        """Open stored elements with the data keys that the holder still has, and the row key."""
        keys, found = load_subject_keys(FileKeyStore(settings_of(self.folder, "").keys), self.hub_id), []
        with self.database.look(SYSTEM) as work:
            given = release(work.data_keys.custody, [key_id_of(one) for _, _, one in rows], Purpose.RIGHTS)
        for id_, epoch, sealed in rows:
            if secret := given.get(key_id_of(sealed)):
                entries = unseal_elements(keys, id_, epoch=epoch, sealed=sealed, key=secret)
                found += [entry.element for entry in entries]
        return found


@dataclass(frozen=True)
class Backup:
    """A copy of the hub's store: what can be read in it, and what is sealed."""

    texts: list[bytes]
    sealed: list[tuple[UUID, int, bytes]]


def cells(database: Database, base: Any) -> list[bytes]:
    """Read every cell of a store that can hold a trace."""
    found: list[bytes] = []
    with database.look(SYSTEM) as work:
        for table in base.metadata.sorted_tables:
            columns = [one for one in table.c if isinstance(one.type, LargeBinary | String | Text | Uuid)]
            for row in work.session.execute(table.select().with_only_columns(*columns)) if columns else ():
                found += [as_bytes(value) for value in row if value is not None]
    return list(set(found))


def as_bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    return value if isinstance(value, bytes) else value.bytes


def stage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """Let three persons be registered by a school and a casemanager, met, and told of."""
    settings = settings_of(folder, "")
    initialise(settings)
    keys, holder = FileKeyStore(settings.keys), world.new_holder(folder / "holder")
    with holder.database.work(OPERATOR) as work:
        administration.admit(work, Admission("hub", organisation := uuid4(), client_jwk(keys)))
        permit_hub(work, organisation, {})
    with world.serve(holder) as http:
        pool = DataKeyPool(custody_of(holder, http, folder / "hub"))
        database = Database(settings.database, data_keys=pool)
        Base.metadata.create_all(database.writer)
        scene = Scene(folder, holder, database, settings.hub_id, frozenset(synthetic_bsns(3)))
        monkeypatch.setattr(builders, "element", lambda bsn, _type: pseudonym(scene, bsn))
        subject_keys = load_subject_keys(keys, settings.hub_id, pool)
        town = builders.town(database, now=clock.now(), keys=subject_keys)
        school = builders.sender(database, "school_attendance", now=town.now)
        for bsn in sorted(scene.victims):
            case_id = town.case(town.anna, {"bsn": bsn})
            signal_id = town.signal(school, {"bsn": bsn})
            scene.about[bsn] = {case_id: "case", signal_id: "signal"}
        town.match()
        town.inbox(town.anna)
        with database.work(SYSTEM) as work:
            sequence_events(work, ledger_signer(keys, settings.hub_id))
        yield scene
        database.close()
    holder.database.close()


def pseudonym(scene: Scene, bsn: str) -> bytes:
    """What a partner and the holder compute together."""
    return sodium.multiply(scene.evaluation(), point_of(bsn, scene.hub_id))


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    yield from stage(tmp_path, monkeypatch)


def attack(scene: Scene, guesses: int) -> dict[str, set[Parts]]:
    return scene.loot().identify(synthetic_bsns(guesses))


def require_only_the_whole(scene: Scene, found: dict[str, set[Parts]]) -> None:
    """Nobody but the victims is ever named, and they by nothing less than the documented sets."""
    assert found.keys() == scene.victims
    for sets in found.values():
        assert fewest(sets) == WHOLE
    for count in range(len(PARTS) + 1):
        for stolen in itertools.combinations(PARTS, count):
            named = {bsn for bsn, sets in found.items() if any(one <= set(stolen) for one in sets)}
            assert bool(named) == any(one <= set(stolen) for one in WHOLE), stolen


def test_no_part_and_no_parts_but_the_whole_name_anybody(scene: Scene) -> None:
    require_only_the_whole(scene, attack(scene, GUESSES))


@pytest.mark.prove
def test_no_parts_but_the_whole_name_anybody_among_a_hundred_thousand(scene: Scene) -> None:
    require_only_the_whole(scene, attack(scene, MANY))


def test_of_who_was_erased_a_backup_from_before_opens_nothing_and_only_a_guess_can_be_tested_in_it(
    scene: Scene,
) -> None:
    """What it says in codes is of a number; to tie that to anybody takes the holder and the pepper."""
    erased, before = min(scene.victims), scene.backup()
    with scene.database.work(SYSTEM) as work:
        erase_all(work, scene.about[erased])
    assert destroy_requested(scene.database)
    found = scene.loot(before).identify(synthetic_bsns(10))
    assert fewest(found.pop(erased)) == {frozenset({"backup", "holder store", "pepper"})}
    require_only_the_whole(replace(scene, victims=scene.victims - {erased}), found)


def forget_pepper(monkeypatch: pytest.MonkeyPatch) -> None:
    make = opening.make_tokens

    def bare(keys: Any, entries: Any) -> Any:
        return make(replace(keys, peppers={1: b""}), entries)

    monkeypatch.setattr(opening, "make_tokens", bare)


def forget_to_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(_keys: Any, _id: Any, entries: Any, *, key: Any) -> bytes:
        return key.id + b"".join(entry.element for entry in entries)

    monkeypatch.setattr(opening, "seal_elements", plain)
    monkeypatch.setattr(Scene, "opened", lambda _scene, _rows: [])  # what is not sealed needs no opening


def forget_holder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.pseudonym", lambda scene, bsn: point_of(bsn, scene.hub_id))


@pytest.mark.parametrize(
    ("mutate", "enough"),
    [
        (forget_pepper, {"hub database", "holder store"}),
        pytest.param(forget_to_seal, {"hub database", "holder store"}, marks=pytest.mark.prove),
        pytest.param(forget_holder, {"hub database", "pepper"}, marks=pytest.mark.prove),
    ],
)
def test_mutant_that_leaves_a_key_out_gives_people_away_for_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutate: Any, enough: set[str]
) -> None:
    mutate(monkeypatch)
    for scene in stage(tmp_path, monkeypatch):
        found = scene.loot().identify(synthetic_bsns(10))
        assert found.keys() == scene.victims
        assert all(frozenset(enough) in fewest(sets) for sets in found.values())
