"""What a change does once its second person has approved it: one effect a kind."""

from __future__ import annotations

from hub.arrangements.versions import adopt as adopt_arrangement
from hub.changes.service import ChangeKind, Effects
from hub.consent.versions import adopt
from hub.informing.excepting import approve_exception
from hub.rights.deciding import approve_erasure

EFFECTS: Effects = {
    ChangeKind.POLICY_SET: adopt,
    ChangeKind.NOTICE_EXCEPTION: approve_exception,
    ChangeKind.ARRANGEMENT: adopt_arrangement,
    ChangeKind.ERASURE: approve_erasure,
}
