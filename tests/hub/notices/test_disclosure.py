"""What a notice shows at each level."""

from __future__ import annotations

import pytest

from hub.notices.policy import Disclosed, Sender, disclose, needs_verification

SENDER = Sender(domain="education", name="De Linde", contact="Zorgteam, 030-0000000")


@pytest.mark.parametrize(
    ("level", "shown"),
    [
        (0, Disclosed()),
        (1, Disclosed(partner="education")),
        (2, Disclosed(partner="De Linde")),
        (3, Disclosed(partner="De Linde", reporter_contact="Zorgteam, 030-0000000")),
    ],
)
def test_each_level_shows_one_thing_more(level: int, shown: Disclosed) -> None:
    assert disclose(level, SENDER) == shown


def test_nothing_is_shown_of_a_sender_that_is_gone() -> None:
    assert disclose(3, None) == Disclosed()


@pytest.mark.parametrize(("agreed", "needed"), [({"bsn"}, False), ({"bsn", "F"}, False), ({"F", "H"}, True)])
def test_only_the_service_number_spares_the_verification(agreed: set[str], *, needed: bool) -> None:
    assert needs_verification(frozenset(agreed)) is needed
