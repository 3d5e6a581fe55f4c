"""Terms of keeping as they hold now: the packaged ones, and what a covenant chose in the policy set."""

from __future__ import annotations

from hub.consent.policy_set import PolicySet
from hub.consent.versions import policy_in_force
from hub.retention.terms import Terms, default_terms
from service.work import Work


def keeping_in_force(work: Work) -> Terms:
    """Return how long each class of data is kept under the policy set in force. Source: domain.md 5.3."""
    return keeping_of(policy_in_force(work))


def keeping_of(rules: PolicySet) -> Terms:
    """Return how long each class of data is kept under a policy set."""
    chosen = {row.rule: row for row in rules.keeping}
    kept = [
        rule.model_copy(update={"days": row.days, "source": row.source, "status": row.status})
        if (row := chosen.get(rule.code))
        else rule
        for rule in default_terms().rules
    ]
    return default_terms().model_copy(update={"rules": kept})
