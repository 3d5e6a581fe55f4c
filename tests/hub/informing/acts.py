"""What is done around one signal before and instead of telling the person, for tests of other rooms."""

from __future__ import annotations

from uuid import UUID

from hub.approving import EFFECTS
from hub.changes.service import approve
from hub.informing.excepting import ask_exception
from hub.informing.overriding import ask_override
from hub.informing.schemas import NewSubjectNotice
from hub.informing.service import attest_notice
from hub.partners.values import Staff
from service.clock import dutch_date
from tests import builders
from tests.builders import Sender, Town, staff_caller


def ask_later(town: Town, school: Sender, signal_id: UUID, *, code: str = "investigation") -> UUID:
    """The reporter asks that the person need not be told yet."""
    with town.database.work(staff_caller(school.reporter), now=town.now) as work:
        return ask_exception(work, signal_id, code=code).id


def tell_later(town: Town, school: Sender, signal_id: UUID, *, code: str = "investigation") -> UUID:
    """Two people of a school decide that the person is told later."""
    change_id = ask_later(town, school, signal_id, code=code)
    second = builders.authorise_staff(town.database, school.partner, "partner_coordinator", now=town.now)
    with town.database.work(staff_caller(second), now=town.now) as work:
        approve(work, change_id, effects=EFFECTS)
    return change_id


def tell(town: Town, school: Sender, signal_id: UUID) -> None:
    """The school attests that young person and parents were told today."""
    said = {
        "givenDate": dutch_date(town.now),
        "givenTo": ["subject", "representative"],
        "authorityHolders": 2,
    }
    with town.database.work(school.caller, now=town.now) as work:
        attest_notice(work, signal_id, NewSubjectNotice.model_validate(said))


def open_in_spite(town: Town, signal_id: UUID, *, by: Staff | None = None) -> UUID:
    """A casemanager opens a signal on a coded ground."""
    with town.database.work(staff_caller(by or town.anna), now=town.now) as work:
        return ask_override(work, signal_id, ground="vital_interest").id
