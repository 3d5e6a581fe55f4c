"""Who posted a signal: who brought it, or else who weighed it. Only they chose to post. Source: SIG-12."""

from __future__ import annotations

from sqlalchemy import func

from hub.signals.models import SignalRow, SignalSubmissionRow

BROUGHT = SignalSubmissionRow.signal_id == SignalRow.id
"""To join what was brought with, from outside: most signals are not."""
POSTING_ORGANISATION = func.coalesce(SignalSubmissionRow.organisation_id, SignalRow.organisation_id)
POSTING_STAFF = func.coalesce(SignalSubmissionRow.staff_id, SignalRow.reporter_id)
