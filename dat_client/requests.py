"""Citizens' requests: filed at a desk, handled by officers, advised upon by who registered something."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from dat_client.answers import RequestStatus, RightsAsked, RightsTold, read_answer
from dat_client.connection import Connection
from dat_client.errors import AnswerError
from dat_client.facts import GivenBy
from dat_client.files import write_private
from dat_client.identity.person import Person
from dat_client.posting import add_pending, post_registration
from dat_client.preparing import Draft, prepare
from dat_client.signals import require_message
from dat_client.store import Kind

RequestKind = Literal["access", "objection", "rectification", "erasure", "restriction"]
Identification = Literal["digid", "document_at_desk"]
Authority = Literal["none", "parental", "guardian", "curator", "mentor"]
Advice = Literal["justified", "unjustified", "wrong_person", "reason_gone", "another_person"]
Ability = Literal["able", "not_able"]
Judged = Literal["confirmed", "rejected"]
Comparison = Literal["with_reporter", "own_file"]
Extension = Literal["complex", "many_requests", "several_police_units"]
Decision = Literal["granted", "rejected"]
Controller = Literal["municipality", "partner", "police"]
Language = Literal["nl", "en"]


class RequestActs(Connection):
    """What a desk, its officers, and an organisation that is asked can do."""

    def file_request(
        self,
        person: Person,
        *,
        kind: RequestKind,
        identification: Identification,
        filed_by: GivenBy,
        authority: Authority = "none",
        authority_holders: int = 0,
        holders_asking: int = 0,
        ability: Ability = "able",
        reference: str | None = None,
    ) -> UUID:
        """File a request of a person whose identity was verified, and give its id.

        Args:
            authority_holders: how many hold authority over a minor; `holders_asking` of them ask.
            ability: whether a professional attests that the person can weigh this themselves.

        Raises:
            ProblemError: At this age others ask, or ask along.
        """
        draft = Draft(
            person=person,
            facts={
                "kind": kind,
                "identification": identification,
                "filedBy": filed_by,
                "authority": authority,
                "authorityHolders": authority_holders,
                "holdersAsking": holders_asking,
                "ability": ability,
            },
            reporter=self.get_reporter(None),
            reference=reference,
        )
        message = require_message(prepare(self, [draft], purpose="rights")[0])
        add_pending(self, Kind.REQUEST, [(message, reference, None)])
        return post_registration(self, Kind.REQUEST, message)[0]

    def take_up_objection(
        self,
        objection_id: UUID,
        *,
        identification: Identification,
        filed_by: GivenBy,
        bracket: str,
        bracket_ends: str | None,
        authority: Authority = "none",
        authority_holders: int = 0,
        holders_asking: int = 0,
        ability: Ability = "able",
    ) -> RequestStatus:
        """Handle an objection that was heard elsewhere as a request, once its person was identified."""
        body = {
            "identification": identification,
            "filedBy": filed_by,
            "authority": authority,
            "authorityHolders": authority_holders,
            "holdersAsking": holders_asking,
            "ability": ability,
            "bracket": bracket,
            "bracketEnds": bracket_ends,
        }
        return self._status(self.hub.post(f"/objections/{objection_id}/request", body))

    def acknowledge_told(self, telling_id: UUID) -> None:
        """Say that the own organisation knows what became of something, and acts on it."""
        self.hub.post(f"/rights-tellings/{telling_id}/acknowledgement", {})

    def list_requests(self) -> list[RequestStatus]:
        """List the requests of the own desk, with the own file numbers."""
        return [self._status(item) for item in _items(self.hub.get("/rights-requests"), "requests")]

    def search_request(self, request_id: UUID) -> RequestStatus | None:
        """Search what is kept; None where another municipality's desk answers for all of it."""
        found = self.hub.post(f"/rights-requests/{request_id}/search", {}).get("request")
        return self._status(found) if found else None

    def forward_request(self, request_id: UUID, organisation_id: UUID) -> RequestStatus:
        """Send a request to the desk that is responsible."""
        return self._act(request_id, "forwarding", organisationId=str(organisation_id))

    def extend_request(self, request_id: UUID, reason: Extension) -> RequestStatus:
        """Take longer, once, for a reason."""
        return self._act(request_id, "extension", reason=reason)

    def ask_advice(self, request_id: UUID) -> RequestStatus:
        """Ask the organisations concerned for advice."""
        return self._act(request_id, "advice-request")

    def judge_finding(
        self, request_id: UUID, finding_id: UUID, judged: Judged, *, compared: Comparison
    ) -> RequestStatus:
        """Say whether a doubtful finding is the requester's; until then it is in no answer."""
        return self._act(request_id, f"findings/{finding_id}/judgement", verdict=judged, compared=compared)

    def decide_request(
        self, request_id: UUID, outcome: Decision, *, ground: str, only: Sequence[UUID] = ()
    ) -> RequestStatus:
        """Decide, or propose it where something is erased: `change_id` then waits for a second officer.

        Args:
            only: the findings that it is about, for rectification and erasure; none for all of them.
        """
        part = {"findingIds": [str(one) for one in only]} if only else {}
        return self._act(request_id, "decision", outcome=outcome, ground=ground, **part)

    def approve_change(self, change_id: UUID) -> None:
        """Approve, as the second person, what a colleague proposed."""
        self.hub.post(f"/change-proposals/{change_id}/approval", {})

    def save_letter(
        self, request_id: UUID, path: Path, *, language: Language = "nl", part: Controller | None = None
    ) -> None:
        """Save the answer to a request for access as a PDF that only its owner may read.

        Args:
            part: what one controller answers for only, as the police do for theirs.
        """
        query = {"language": language, **_part(part)}
        write_private(path, self.hub.get_file(f"/rights-requests/{request_id}/letter", **query))

    def read_report(self, request_id: UUID, *, part: Controller | None = None) -> Any:
        """Give the answer to a request for access as data."""
        return self.hub.get(f"/rights-requests/{request_id}/report", **_part(part))

    def list_told(self, request_id: UUID | None = None) -> list[RightsTold]:
        """List who was told what became of a request, or what the own organisation is told."""
        path = f"/rights-requests/{request_id}/tellings" if request_id else "/rights-tellings"
        told = [read_answer(RightsTold, item) for item in _items(self.hub.get(path), "tellings")]
        return [one.model_copy(update={"reference": self._reference_of(one.about)}) for one in told]

    def list_asked(self) -> list[RightsAsked]:
        """List for which of the own registrations advice is asked, with the own file numbers."""
        asked = [read_answer(RightsAsked, one) for one in _items(self.hub.get("/rights-advices"), "advices")]
        return [
            one.model_copy(update={"reference": self._reference_of(one.registration_id)}) for one in asked
        ]

    def give_advice(self, advice_id: UUID, advice: Advice) -> None:
        """Give the advice of the own organisation."""
        self.hub.post(f"/rights-advices/{advice_id}/advice", {"advice": advice})

    def _act(self, request_id: UUID, act: str, **body: object) -> RequestStatus:
        return self._status(self.hub.post(f"/rights-requests/{request_id}/{act}", body))

    def _status(self, content: Any) -> RequestStatus:
        status = read_answer(RequestStatus, content)
        return status.model_copy(update={"reference": self._reference_of(status.request_id)})

    def _reference_of(self, remote_id: UUID) -> str | None:
        post = self.store.find_by_remote_id(remote_id)
        return post.reference if post else None


def _items(page: Any, name: str) -> list[Any]:
    if not isinstance(page, dict) or not isinstance(page.get(name), list):
        raise AnswerError
    return list(page[name])


def _part(part: Controller | None) -> dict[str, str]:
    return {"controller": part} if part else {}
