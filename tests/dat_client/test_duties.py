"""What is late, to be put right or asked again, as the client fetches it, with own file numbers."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from dat_client import Client
from dat_client.cli import run
from tests.dat_client.world import CANARY, World

LATER = "2026-12-02"


def file(client: Client) -> UUID:
    """A request of the canary's, under an own file number."""
    return client.file_request(
        CANARY, kind="access", identification="digid", filed_by="subject", reference="DOSSIER-3"
    )


def test_lists_come_back_with_the_own_file_numbers(client: Client, world: World) -> None:
    known = str(file(client))
    world.hub.lists["rights-deadlines"] = {
        "deadlines": [
            {
                "requestId": known, "kind": "access", "clock": "answer", "controller": "police",
                "organisationId": str(uuid4()), "dueDate": LATER, "daysLate": 3,
            }
        ]
    }  # fmt: skip
    world.hub.lists["rights-corrections"] = {
        "corrections": [
            {
                "correctionId": str(uuid4()), "registrationId": known, "registrationKind": "signal",
                "dueDate": LATER, "replacedBy": None,
            }
        ]
    }  # fmt: skip
    world.hub.lists["consent-tasks"] = {
        "consentTasks": [
            {"taskId": str(uuid4()), "aboutKind": "consent", "aboutId": known, "endedBracket": "12-15"}
        ]
    }
    world.hub.lists["archive-answers"] = {"archiveAnswers": [{"signalId": known, "answeredDate": LATER}]}
    found = (
        client.list_deadlines(within_days=7),
        client.list_corrections(),
        client.list_consent_tasks(),
        client.list_archive_answers(),
    )
    assert [one.reference for (one,) in found] == ["DOSSIER-3"] * 4


@pytest.mark.parametrize(
    "line",
    [
        "rights overdue", "rights corrections", "rights contradictions", "rights mine",
        "consent tasks", "signals archive",
        "policy list", "policy waiting", f"policy decisions {UUID(int=1)}",
    ],
)  # fmt: skip
def test_each_command_reads_its_list(
    client: Client, world: World, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    names = {
        "rights-deadlines": "deadlines", "rights-corrections": "corrections",
        "authority-contradictions": "contradictions", "consent-tasks": "consentTasks",
        "archive-answers": "archiveAnswers", "policy-sets": "policySets", "change-proposals": "changes",
        "own-record": "acts", "decisions": "decisions",
    }  # fmt: skip
    for path, name in names.items():
        world.hub.lists[path] = {name: []}
    assert run(["--home", str(client.home), *line.split()]) == 0
    assert "Traceback" not in capsys.readouterr().err
