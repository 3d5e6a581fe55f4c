"""Versions of the policy set: put in force by two persons, from a day on, without a restart."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from hub.approving import EFFECTS
from hub.changes.kinds import RULES as CHANGE_RULES
from hub.changes.service import Change, ChangeReason, approve
from hub.consent import versions
from hub.consent.commands import policy_app
from hub.consent.comparing import compare
from hub.consent.errors import PolicyBrokenError, PolicyInvalidError, PolicyMissingError, PolicyMovedError
from hub.consent.loading import DEFAULT, default_document, default_policy, parse_policy
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from keys.protocol.encoding import canonical_json
from service.database import Database
from service.work import OPERATOR, SYSTEM, Work
from tests import builders


@dataclass(frozen=True)
class Office:
    """The people who may change the rules."""

    database: Database
    now: datetime
    manager: Staff
    officer: Staff

    def propose(self, document: dict[str, Any], *, days: int = 0, by: Staff | None = None) -> Change:
        """Propose a policy set that holds from so many days on."""
        with self.database.work(builders.staff_caller(by or self.manager), now=self.now) as work:
            begins = self.now.date() + timedelta(days=days)
            return versions.propose_policy(
                work, document, in_force_on=begins, reason=ChangeReason.LAW_CHANGED
            )

    def approve(self, change: Change, *, after: timedelta = timedelta()) -> None:
        """Approve it."""
        with self.database.work(builders.staff_caller(self.officer), now=self.now + after) as work:
            approve(work, change.id, effects=EFFECTS)

    def act(self, staff: Staff, what: Callable[[Work], Any]) -> Any:
        """Do something in somebody's name."""
        with self.database.work(builders.staff_caller(staff), now=self.now) as work:
            return what(work)

    def hash_in_force(self, *, after: timedelta = timedelta()) -> str:
        """Say by which rules is decided, some time from now."""
        with self.database.work(SYSTEM, now=self.now + after) as work:
            return versions.policy_in_force(work).hash


@pytest.fixture
def office(hub_database: Database, now: datetime) -> Office:
    """A municipality with the packaged policy set in force."""
    team = builders.admit_partner(hub_database, "municipal_team", now=now)
    manager, officer = (
        builders.authorise_staff(hub_database, team, role, now=now, contact=None)
        for role in ("covenant_manager", "privacy_officer")
    )
    with hub_database.work(OPERATOR, now=now - timedelta(days=30)) as work:
        versions.load_first(work)
    return Office(hub_database, now, manager, officer)


def without(code: str, *, ends: str = "2026-11-17") -> dict[str, Any]:
    """The packaged set, with one legal basis ended in one row."""
    document = deepcopy(default_document())
    next(row for row in document["bases"] if row["code"] == code)["valid_to_on"] = ends
    return document


def test_con_01_a_draft_is_laid_down_by_the_operator_and_proposed_by_a_person_with_a_key(
    office: Office,
) -> None:
    document = without("JW_7_1_4_1", ends="2026-12-31")
    with office.database.work(OPERATOR, now=office.now) as work:
        draft, again = (versions.lay_draft(work, document) for _ in range(2))
    assert draft.hash == again.hash

    def propose(hash_: str) -> Callable[[Work], Change]:
        on, reason = office.now.date(), ChangeReason.LAW_CHANGED
        return lambda work: versions.propose_draft(work, hash_, in_force_on=on, reason=reason)

    reporter = builders.sender(office.database, "school", now=office.now).reporter
    with pytest.raises(RoleNotAllowedError):
        office.act(reporter, propose(draft.hash))
    with pytest.raises(PolicyMissingError):
        office.act(office.manager, propose("0" * 32))
    found = office.act(office.manager, lambda work: versions.find_document(work, draft.hash))
    assert parse_policy(found).hash == draft.hash
    change = office.act(office.manager, propose(draft.hash))
    assert office.hash_in_force() == default_policy().hash
    office.approve(change)
    assert office.hash_in_force(after=timedelta(seconds=10)) == draft.hash


def test_the_packaged_set_is_the_first_version_and_is_loaded_once(office: Office) -> None:
    with office.database.work(OPERATOR, now=office.now) as work:
        versions.load_first(work)
        found = versions.list_versions(work)
    assert [(one.version, one.hash, one.change_id) for one in found] == [(1, default_policy().hash, None)]
    assert office.hash_in_force() == default_policy().hash


def test_con_01_a_new_version_holds_from_its_day_and_needs_no_restart(office: Office) -> None:
    document = without("JW_7_1_4_1")
    assert office.hash_in_force() == default_policy().hash
    change = office.propose(document, days=2)
    assert office.hash_in_force(after=timedelta(days=2)) == default_policy().hash
    office.approve(change)
    assert office.hash_in_force() == default_policy().hash
    assert office.hash_in_force(after=timedelta(days=1)) == default_policy().hash
    assert office.hash_in_force(after=timedelta(days=2)) == parse_policy(document).hash
    with office.database.look(SYSTEM, now=office.now) as work:
        row = versions.list_versions(work)[-1]
        assert (row.version, row.change_id) == (2, change.id)
        assert versions.find_policy(work, default_policy().hash).hash == default_policy().hash


def test_another_process_hears_of_a_new_version_within_seconds(office: Office) -> None:
    """What another process keeps is a copy: forgetting happens in the one that approved."""
    other = Database(office.database.url.render_as_string(hide_password=False))
    document = without("NO_OBJECTION")

    def seen(after: timedelta) -> str:
        with other.look(SYSTEM, now=office.now + after) as work:
            return versions.policy_in_force(work).hash

    assert seen(timedelta()) == default_policy().hash
    kept = dict(versions._known)
    office.approve(office.propose(document))
    versions._known.update(kept)
    assert seen(versions.FRESH - timedelta(microseconds=1)) == default_policy().hash
    assert seen(versions.FRESH) == parse_policy(document).hash
    other.close()


def test_of_versions_the_one_with_the_latest_day_that_has_come_holds(office: Office) -> None:
    january, december = without("WPG_ADULT"), without("NO_OBJECTION")
    office.approve(office.propose(january, days=40))
    office.approve(office.propose(december, days=10))
    expected = [default_policy().hash, parse_policy(december).hash, parse_policy(january).hash]
    assert [office.hash_in_force(after=timedelta(days=days)) for days in (9, 39, 40)] == expected


def test_a_version_is_never_in_force_on_a_day_before_its_approval(office: Office) -> None:
    change = office.propose(without("JW_7_1_4_1"), days=1)
    office.approve(change, after=timedelta(days=5))
    assert office.hash_in_force(after=timedelta(days=4)) == default_policy().hash
    assert office.hash_in_force(after=timedelta(days=5)) != default_policy().hash
    with pytest.raises(PolicyInvalidError) as refused:
        office.propose(without("WPG_ADULT"), days=-1)
    assert refused.value.places == ("/inForceDate",)


def test_what_was_proposed_on_top_of_another_set_is_not_adopted(office: Office) -> None:
    first, second = office.propose(without("JW_7_1_4_1")), office.propose(without("WPG_ADULT"))
    office.approve(first)
    with pytest.raises(PolicyMovedError):
        office.approve(second)


def test_a_set_that_is_there_already_is_no_proposal(office: Office) -> None:
    with pytest.raises(PolicyInvalidError):
        office.propose(default_document())


def test_only_those_who_may_propose(office: Office, now: datetime) -> None:
    anna = builders.authorise_staff(
        office.database, builders.admit_partner(office.database, "municipal_team", now=now), "casemanager",
        now=now, contact=None,
    )  # fmt: skip
    with pytest.raises(RoleNotAllowedError):
        office.propose(without("JW_7_1_4_1"), by=anna)


def test_a_stored_set_that_was_changed_decides_nothing(office: Office) -> None:
    document = without("JW_7_1_4_1", ends="2026-11-16")
    office.approve(office.propose(document))
    # A whole and lawful set, only not the one that two persons agreed on.
    other = canonical_json(without("WPG_ADULT"))
    with office.database.writer.begin() as connection:
        broken = text("UPDATE policy_set SET document = :written WHERE version = 2")
        connection.execute(broken, {"written": other})
    versions._sets.clear()
    with pytest.raises(PolicyBrokenError):
        office.hash_in_force()
    versions._sets.clear()


def test_an_unknown_hash_is_missing(office: Office) -> None:
    with pytest.raises(PolicyMissingError), office.database.look(SYSTEM, now=office.now) as work:
        versions.find_policy(work, "0" * 32)


def test_every_kind_of_change_has_an_effect() -> None:
    assert EFFECTS.keys() == CHANGE_RULES.keys()


def test_what_differs_is_said_by_place_and_order_says_nothing() -> None:
    before, after = default_document(), without("JW_7_1_4_1")
    after["bases"] = after["bases"][::-1]
    after["terms"][0]["length"] = 6
    found = {one.place: (one.before, one.after) for one in compare(before, after)}
    assert found == {
        "/bases/JW_7_1_4_1 2015-01-01/valid_to_on": (None, "2026-11-17"),
        "/terms/signal_months/length": (12, 6),
    }
    assert compare(before, deepcopy(before)) == []


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (lambda one: one["bases"][3].pop("level"), ("/bases/3/level",)),
        (lambda one: one["bases"][3].update(secret_remark="Jan"), ("/bases/3",)),
        (lambda one: one["bases"][0].update(partner_kinds=["stranger"]), ("/bases/0/partner_kinds",)),
        (lambda one: one["partners"][2].update(feedback=["data_processing"]), ("/partners/2/feedback",)),
        (lambda one: one["bases"].append(dict(one["bases"][0])), ("/bases/0", "/bases/6")),
        (lambda one: one["profiles"][1].update(data_processing=["help"]), ("/profiles/1",)),
        (lambda one: one["terms"].pop(), ("/terms",)),
    ],
)
def test_a_set_that_is_wrong_is_refused_at_its_places(change: Any, places: tuple[str, ...]) -> None:
    document = deepcopy(default_document())
    change(document)
    with pytest.raises(PolicyInvalidError) as refused:
        parse_policy(document)
    assert refused.value.places == places


def test_the_command_line_proposes_compares_and_lists(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAT_HUB_DATABASE_URL", office.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("COLUMNS", "240")
    monkeypatch.setenv("DAT_HUB_DATA", str(tmp_path))
    (tmp_path / "data-keys").mkdir(mode=0o700)
    file = tmp_path / "policy.toml"
    file.write_text(DEFAULT.read_text("utf-8").replace('"2026-1"]', '"2026-1", "2026-2"]'), "utf-8")
    run = CliRunner().invoke
    begins = (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011 - the command line looks at the clock
    options = ["--reason", "law_changed", "--from", begins, "--by", str(office.manager.id)]
    proposed = run(policy_app, ["propose", str(file), *options])
    assert proposed.exit_code == 0, proposed.output
    assert "/text_versions" in run(policy_app, ["diff", str(file)]).output
    assert default_policy().hash in run(policy_app, ["versions"]).output
    assert default_policy().hash in run(policy_app, ["show"]).output
    file.write_text(file.read_text("utf-8").replace('kind = "police"', 'kind = "school"'), "utf-8")
    refused = run(policy_app, ["propose", str(file), *options])
    assert refused.exit_code == 2
    assert "/partners" in refused.output
