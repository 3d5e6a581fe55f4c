"""Whatever may stand in the log has plain words, for whoever asks about it: hub/questions/texts.toml."""

from __future__ import annotations

from hub.app import create_hub_api
from hub.audit.events import AuditEvent
from hub.questions.texts import LANGUAGES, find_word


def codes(kind: type[AuditEvent]) -> set[str]:
    """Every code that an event may have."""
    found = {kind.code} if hasattr(kind, "code") and kind.__module__.startswith("hub.") else set()
    return found.union(*(codes(one) for one in kind.__subclasses__()))


def test_everything_that_may_happen_has_plain_words_in_both_languages() -> None:
    create_hub_api()
    known = codes(AuditEvent)
    assert {"signal.accepted", "log.read", "rights.searched"} <= known
    assert [one for one in sorted(known) if not all(find_word(one, to) for to in LANGUAGES)] == []
