"""Lay the tables of the hub."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import service.database
from service.eventlog.tables import insert_only_ddl

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "address_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_review")),
    )
    with op.batch_alter_table("address_review", schema=None) as batch_op:
        batch_op.create_index("ix_address_review_own", ["organisation_id", "reviewed_at"], unique=False)

    op.create_table(
        "alarm",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("measured", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("raised_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("seen_by", sa.Uuid(), nullable=True),
        sa.Column("seen_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_because", sa.String(length=20), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alarm")),
        sa.UniqueConstraint("id", name=op.f("uq_alarm_id")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index("ix_alarm_state", ["state", "raised_at"], unique=False)

    op.create_table(
        "archive_answer",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("asked_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("shown_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("signal_id", name=op.f("pk_archive_answer")),
    )
    with op.batch_alter_table("archive_answer", schema=None) as batch_op:
        batch_op.create_index("ix_archive_answer_own", ["organisation_id", "asked_at"], unique=False)

    op.create_table(
        "arrangement",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("adopted_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("applied_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_arrangement")),
        sa.UniqueConstraint("name", "hash", name=op.f("uq_arrangement_name_hash")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("arrangement", sa.String(length=32), nullable=True),
        sa.Column("rule", sa.String(length=32), nullable=True),
        sa.Column("assigned_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("viewed_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_match", ["match_id"], unique=False)
        batch_op.create_index("ix_assignment_staff", ["staff_id", "ended_at"], unique=False)

    op.create_table(
        "audit_actor",
        sa.Column("key_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_audit_actor")),
    )
    with op.batch_alter_table("audit_actor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_actor_tag"), ["tag"], unique=False)

    op.create_table(
        "audit_cosigned",
        sa.Column("shard", sa.String(length=8), nullable=False),
        sa.Column("witness", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("cosigned_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shard", "witness", name=op.f("pk_audit_cosigned")),
    )
    op.create_table(
        "audit_event",
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("leaf", sa.LargeBinary(length=1024), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_event")),
    )
    op.create_table(
        "audit_head",
        sa.Column("shard", sa.String(length=8), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shard", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_leaf",
        sa.Column("shard", sa.String(length=8), nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("shard", "idx", name=op.f("pk_audit_leaf")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_leaf_event_id")),
    )
    with op.batch_alter_table("audit_leaf", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_leaf_leaf_hash"), ["leaf_hash"], unique=False)

    op.create_table(
        "audit_line",
        sa.Column("shard", sa.String(length=8), nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("hour", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=6), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("legal_basis", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("actor_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("recorded_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("shard", "idx", name=op.f("pk_audit_line")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_line_event_id")),
    )
    with op.batch_alter_table("audit_line", schema=None) as batch_op:
        batch_op.create_index("ix_audit_line_actor", ["actor_key", "hour", "shard", "idx"], unique=False)
        batch_op.create_index("ix_audit_line_code", ["code", "hour", "shard", "idx"], unique=False)
        batch_op.create_index("ix_audit_line_hour", ["hour", "shard", "idx"], unique=False)
        batch_op.create_index(
            "ix_audit_line_organisation", ["organisation_id", "hour", "shard", "idx"], unique=False
        )

    op.create_table(
        "audit_node",
        sa.Column("shard", sa.String(length=8), nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("shard", "level", "idx", name=op.f("pk_audit_node")),
    )
    op.create_table(
        "audit_pending",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_pending")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_pending_event_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit_private",
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("recorded_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.LargeBinary(), nullable=True),
        sa.Column("subject", sa.LargeBinary(), nullable=True),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_private")),
    )
    op.create_table(
        "audit_subject",
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("thing_id", "event_id", name=op.f("pk_audit_subject")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("audit_subject", schema=None) as batch_op:
        batch_op.create_index("ix_audit_subject_event", ["event_id"], unique=False)

    op.create_table(
        "audit_wanted",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_wanted")),
    )
    op.create_table(
        "case_transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("from_team_id", sa.Uuid(), nullable=False),
        sa.Column("from_staff_id", sa.Uuid(), nullable=False),
        sa.Column("to_team_id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("offered_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("new_case_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_transfer")),
    )
    with op.batch_alter_table("case_transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_transfer_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_case_transfer_to", ["to_team_id", "state"], unique=False)

    op.create_table(
        "caseload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("casemanager", sa.Uuid(), nullable=False),
        sa.Column("legal_basis", sa.String(length=24), nullable=False),
        sa.Column("bracket", sa.String(length=8), nullable=False),
        sa.Column("bracket_ends", sa.String(length=8), nullable=True),
        sa.Column("opened_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("active_until", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("key_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caseload")),
        sa.UniqueConstraint("organisation_id", "key_hash", name=op.f("uq_caseload_organisation_id_key_hash")),
    )
    with op.batch_alter_table("caseload", schema=None) as batch_op:
        batch_op.create_index("ix_caseload_own", ["team_id", "id"], unique=False)

    op.create_table(
        "change_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("payload_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("rejected_for", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_proposal")),
    )
    with op.batch_alter_table("change_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_proposal_about"), ["about"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_proposal_state"), ["state"], unique=False)

    op.create_table(
        "chore_run",
        sa.Column("chore", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chore", "slot", name=op.f("pk_chore_run")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("partner_kinds", sa.String(length=400), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=False),
        sa.Column("given_by", sa.String(length=16), nullable=False),
        sa.Column("given_how", sa.String(length=8), nullable=False),
        sa.Column("authority_attested", sa.Boolean(), nullable=False),
        sa.Column("authority_holders", sa.SmallInteger(), nullable=False),
        sa.Column("holders_consented", sa.SmallInteger(), nullable=False),
        sa.Column("organisations", sa.String(length=400), nullable=False),
        sa.Column("recipient", sa.Uuid(), nullable=True),
        sa.Column("exception", sa.String(length=16), nullable=True),
        sa.Column("text_version", sa.String(length=24), nullable=False),
        sa.Column("bracket", sa.String(length=5), nullable=False),
        sa.Column("bracket_ends", sa.String(length=7), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lapses_on", sa.Date(), nullable=False),
        sa.Column("lapsed_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("organisation_id", "key_hash", name=op.f("uq_consent_organisation_id_key_hash")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_lapses_on"), ["lapses_on"], unique=False)
        batch_op.create_index(
            "ix_consent_named",
            ["valid_from_on"],
            unique=False,
            postgresql_where=sa.text("recipient IS NOT NULL"),
            sqlite_where=sa.text("recipient IS NOT NULL"),
        )

    op.create_table(
        "consent_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("about_kind", sa.String(length=8), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("ended_bracket", sa.String(length=5), nullable=False),
        sa.Column("opened_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_task")),
    )
    with op.batch_alter_table("consent_task", schema=None) as batch_op:
        batch_op.create_index("ix_consent_task_about", ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_task_consent_id"), ["consent_id"], unique=False)
        batch_op.create_index("ix_consent_task_own", ["organisation_id", "answered_at"], unique=False)

    op.create_table(
        "consult",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("colleague", sa.Uuid(), nullable=False),
        sa.Column("asked_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consult")),
    )
    with op.batch_alter_table("consult", schema=None) as batch_op:
        batch_op.create_index("ix_consult_match", ["match_id", "colleague"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("recipient_kind", sa.String(length=32), nullable=False),
        sa.Column("college_id", sa.Uuid(), nullable=True),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("police_origin", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.String(length=1000), nullable=False),
        sa.Column("policy_hash", sa.String(length=32), nullable=False),
        sa.Column("consent_texts", sa.String(length=120), nullable=False),
        sa.Column("decided_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_signal_id"), ["signal_id"], unique=False)

    op.create_table(
        "declared_caseload",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("declared_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_declared_caseload")),
    )
    op.create_table(
        "desk_day",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "used_on", "purpose", name=op.f("pk_desk_day")),
    )
    op.create_table(
        "destroyed_key",
        sa.Column("key_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(length=255), nullable=False),
        sa.Column("destroyed_at", sa.String(length=20), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "thing_id", name=op.f("pk_destroyed_key")),
    )
    with op.batch_alter_table("destroyed_key", schema=None) as batch_op:
        batch_op.create_index("ix_destroyed_key_thing_id", ["thing_id"], unique=False)

    op.create_table(
        "destruction",
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("requested_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("thing_id", name=op.f("pk_destruction")),
    )
    with op.batch_alter_table("destruction", schema=None) as batch_op:
        batch_op.create_index("ix_destruction_requested_at", ["requested_at"], unique=False)

    op.create_table(
        "emergency_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("opened_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closes_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("informed_on", sa.Date(), nullable=True),
        sa.Column("postponed_until_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_override")),
    )
    with op.batch_alter_table("emergency_override", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_emergency_override_signal_id"), ["signal_id"], unique=False)

    op.create_table(
        "escalation",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("taken_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("match_id", "step", name=op.f("pk_escalation")),
    )
    op.create_table(
        "evaluation_hour",
        sa.Column("hour", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("evaluated", sa.Integer(), nullable=False),
        sa.Column("posted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "organisation_id", name=op.f("pk_evaluation_hour")),
    )
    op.create_table(
        "excluded_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excluded_address")),
    )
    with op.batch_alter_table("excluded_address", schema=None) as batch_op:
        batch_op.create_index("uq_excluded_address_key", ["organisation_id", "key_hash"], unique=True)

    op.create_table(
        "follow_up",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("case_lead", sa.Uuid(), nullable=True),
        sa.Column("subject_leads", sa.Boolean(), nullable=False),
        sa.Column("aligned_on", sa.Date(), nullable=True),
        sa.Column("contacted_on", sa.Date(), nullable=True),
        sa.Column("jointly_considered_on", sa.Date(), nullable=True),
        sa.Column("looks_arranged", sa.Boolean(), nullable=False),
        sa.Column("effect", sa.String(length=12), nullable=True),
        sa.Column("gathered_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("of_household", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index("ix_follow_up_open", ["closed_at", "opened_at"], unique=False)
        batch_op.create_index("ix_follow_up_opened", ["opened_at"], unique=False)

    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("giver", sa.Uuid(), nullable=False),
        sa.Column("colleague", sa.Uuid(), nullable=False),
        sa.Column("offered_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.create_index("ix_hand_over_match", ["match_id", "state"], unique=False)

    op.create_table(
        "honey_token",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("seeded_by", sa.Uuid(), nullable=False),
        sa.Column("seeded_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_honey_token")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_honey_token_key_hash")),
    )
    op.create_table(
        "household",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("leadless_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("called_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_table(
        "household_lead",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("offered_to", sa.Uuid(), nullable=True),
        sa.Column("ended_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=24), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_lead")),
    )
    with op.batch_alter_table("household_lead", schema=None) as batch_op:
        batch_op.create_index(
            "uq_household_lead",
            ["household_id"],
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "household_match",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_household_match")),
    )
    with op.batch_alter_table("household_match", schema=None) as batch_op:
        batch_op.create_index("ix_household_match", ["household_id"], unique=False)

    op.create_table(
        "inquiry",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("legal_basis", sa.String(length=24), nullable=False),
        sa.Column("opened_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("child_heard_on", sa.Date(), nullable=True),
        sa.Column("child_not_heard", sa.String(length=12), nullable=True),
        sa.Column("parents_involved_on", sa.Date(), nullable=True),
        sa.Column("parents_not_involved", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_inquiry")),
        sa.UniqueConstraint("signal_id", name=op.f("uq_inquiry_signal_id")),
    )
    op.create_table(
        "inquiry_clock",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("due_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("met_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("missed_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("match_id", "code", name=op.f("pk_inquiry_clock")),
    )
    with op.batch_alter_table("inquiry_clock", schema=None) as batch_op:
        batch_op.create_index("ix_inquiry_clock_due", ["met_at", "missed_at", "due_at"], unique=False)

    op.create_table(
        "intake_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("waiting_since", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_item")),
        sa.UniqueConstraint("match_id", name=op.f("uq_intake_item_match_id")),
    )
    with op.batch_alter_table("intake_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_intake_item_accepted",
            ["accepted_at"],
            unique=False,
            postgresql_where=sa.text("accepted_at IS NOT NULL"),
            sqlite_where=sa.text("accepted_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_intake_item_taken", ["accepted_by", "state", "waiting_since", "id"], unique=False
        )
        batch_op.create_index(
            "ix_intake_item_team", ["team_id", "state", "waiting_since", "id"], unique=False
        )

    op.create_table(
        "logbook_delivery",
        sa.Column("shard", sa.String(length=8), nullable=False),
        sa.Column("confirmed", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shard", name=op.f("pk_logbook_delivery")),
    )
    op.create_table(
        "mail_rhythm",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("rhythm", sa.String(length=12), nullable=False),
        sa.Column("chosen_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_mail_rhythm")),
    )
    op.create_table(
        "match_index",
        sa.Column("idx", sa.LargeBinary(length=16), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("idx", "registration_id", name=op.f("pk_match_index")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match_queue",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("queued_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_match_queue")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("match_queue", schema=None) as batch_op:
        batch_op.create_index("ix_match_queue_queued_at", ["queued_at"], unique=False)

    op.create_table(
        "match_viewer",
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("seen_on", sa.String(length=16), nullable=False),
        sa.Column("first_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("match_id", "staff_id", "seen_on", name=op.f("pk_match_viewer")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("signal_id", sa.Uuid(), nullable=True),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("reporter", sa.Uuid(), nullable=True),
        sa.Column("contact_on", sa.Date(), nullable=True),
        sa.Column("signal_kind", sa.String(length=16), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("police_origin", sa.Boolean(), nullable=False),
        sa.Column("agreed", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("queued_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("told_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("told_level", sa.SmallInteger(), nullable=True),
        sa.Column("told_before", sa.SmallInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("match_id", "recipient", "kind", name=op.f("uq_notice_match_id_recipient_kind")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_due", ["state", "due_at"], unique=False)
        batch_op.create_index(
            "ix_notice_new",
            ["recipient"],
            unique=False,
            postgresql_where=sa.text("state = 'new'"),
            sqlite_where=sa.text("state = 'new'"),
        )
        batch_op.create_index("ix_notice_recipient", ["recipient", "id"], unique=False)
        batch_op.create_index(
            "ix_notice_seen",
            ["seen_at"],
            unique=False,
            postgresql_where=sa.text("seen_at IS NOT NULL"),
            sqlite_where=sa.text("seen_at IS NOT NULL"),
        )

    op.create_table(
        "notice_exception",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("approved_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_notice_exception")),
    )
    with op.batch_alter_table("notice_exception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_exception_signal_id"), ["signal_id"], unique=False)

    op.create_table(
        "notice_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("leased_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_mail")),
    )
    with op.batch_alter_table("notice_mail", schema=None) as batch_op:
        batch_op.create_index("ix_notice_mail_due", ["state", "due_at"], unique=False)
        batch_op.create_index(
            "uq_notice_mail_waiting",
            ["recipient"],
            unique=True,
            postgresql_where=sa.text("state = 'waiting'"),
            sqlite_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=11), nullable=False),
        sa.Column("scope", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("settled_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint(
            "organisation_id", "key_hash", name=op.f("uq_objection_organisation_id_key_hash")
        ),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_state"), ["state"], unique=False)
        batch_op.create_index(
            "ix_objection_unsettled",
            ["id"],
            unique=False,
            postgresql_where=sa.text("lifted_at IS NOT NULL AND settled_at IS NULL"),
            sqlite_where=sa.text("lifted_at IS NOT NULL AND settled_at IS NULL"),
        )

    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("oin", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("domain", sa.String(length=32), nullable=False),
        sa.Column("may_signal", sa.Boolean(), nullable=False),
        sa.Column("may_receive", sa.Boolean(), nullable=False),
        sa.Column("decision_reference", sa.String(length=80), nullable=True),
        sa.Column("addendum", sa.String(length=80), nullable=True),
        sa.Column("told_at_most", sa.SmallInteger(), nullable=True),
        sa.Column("own_bases", sa.String(length=200), nullable=True),
        sa.Column("own_brackets", sa.String(length=40), nullable=True),
        sa.Column("hears_back", sa.Boolean(), nullable=False),
        sa.Column("admitted_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("live_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("oin", name=op.f("uq_organisation_oin")),
    )
    op.create_table(
        "person_match",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("agreed", sa.String(length=32), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("police_origin", sa.Boolean(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("checked_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("judged_by", sa.Uuid(), nullable=True),
        sa.Column("judged_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_match")),
        sa.UniqueConstraint("signal_id", "other_id", name=op.f("uq_person_match_signal_id_other_id")),
    )
    with op.batch_alter_table("person_match", schema=None) as batch_op:
        batch_op.create_index("ix_person_match_checked", ["state", "checked_at"], unique=False)
        batch_op.create_index("ix_person_match_other", ["other_id"], unique=False)
        batch_op.create_index("ix_person_match_team", ["team_id", "state", "created_at", "id"], unique=False)

    op.create_table(
        "policy_draft",
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("laid_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_policy_draft")),
    )
    op.create_table(
        "policy_set",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("adopted_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy_set")),
        sa.UniqueConstraint("hash", name=op.f("uq_policy_set_hash")),
    )
    op.create_table(
        "quota_day",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("extra", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "what", "used_on", name=op.f("pk_quota_day")),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("active_from", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("active_until", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("quarantine", sa.String(length=24), nullable=True),
        sa.Column("epoch", sa.SmallInteger(), nullable=False),
        sa.Column("tokens", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
    )
    op.create_table(
        "retention_place",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Uuid(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "place", name=op.f("pk_retention_place")),
    )
    op.create_table(
        "retention_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("released_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_release")),
    )
    with op.batch_alter_table("retention_release", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_release_rule"), ["rule"], unique=False)

    op.create_table(
        "retention_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("ran_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("braked", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    with op.batch_alter_table("retention_run", schema=None) as batch_op:
        batch_op.create_index("ix_retention_run_rule", ["rule", "ran_at"], unique=False)

    op.create_table(
        "rights_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_correction")),
        sa.UniqueConstraint(
            "request_id", "registration_id", name=op.f("uq_rights_correction_request_id_registration_id")
        ),
    )
    with op.batch_alter_table("rights_correction", schema=None) as batch_op:
        batch_op.create_index("ix_rights_correction_own", ["organisation_id", "due_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_rights_correction_registration_id"), ["registration_id"], unique=False
        )

    op.create_table(
        "rights_desk",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_rights_desk")),
    )
    op.create_table(
        "rights_finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("controller", sa.String(length=12), nullable=False),
        sa.Column("verdict", sa.String(length=9), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("advise_by", sa.Date(), nullable=True),
        sa.Column("advice", sa.String(length=14), nullable=True),
        sa.Column("advised_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("judged_by", sa.Uuid(), nullable=True),
        sa.Column("judged_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("compared", sa.String(length=13), nullable=True),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_finding")),
        sa.UniqueConstraint(
            "request_id", "registration_id", name=op.f("uq_rights_finding_request_id_registration_id")
        ),
    )
    with op.batch_alter_table("rights_finding", schema=None) as batch_op:
        batch_op.create_index("ix_rights_finding_advice", ["organisation_id", "advise_by"], unique=False)
        batch_op.create_index("ix_rights_finding_registration", ["registration_id"], unique=False)

    op.create_table(
        "rights_forwarding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("forwarded_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_forwarding")),
    )
    with op.batch_alter_table("rights_forwarding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rights_forwarding_request_id"), ["request_id"], unique=False)

    op.create_table(
        "rights_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=13), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("received_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("identification", sa.String(length=16), nullable=False),
        sa.Column("filed_by", sa.String(length=14), nullable=False),
        sa.Column("authority", sa.String(length=8), nullable=False),
        sa.Column("authority_holders", sa.SmallInteger(), nullable=False),
        sa.Column("holders_asking", sa.SmallInteger(), nullable=False),
        sa.Column("ability", sa.String(length=8), nullable=False),
        sa.Column("bracket", sa.String(length=5), nullable=False),
        sa.Column("bracket_ends", sa.String(length=7), nullable=True),
        sa.Column("received_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extension", sa.String(length=20), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("ground", sa.String(length=20), nullable=True),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.Column("searched_by", sa.Uuid(), nullable=True),
        sa.Column("searched_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_request")),
        sa.UniqueConstraint(
            "received_by",
            "key_hash",
            "organisation_id",
            name=op.f("uq_rights_request_received_by_key_hash_organisation_id"),
        ),
        sa.UniqueConstraint(
            "root_id", "organisation_id", name=op.f("uq_rights_request_root_id_organisation_id")
        ),
    )
    with op.batch_alter_table("rights_request", schema=None) as batch_op:
        batch_op.create_index("ix_rights_request_own", ["organisation_id", "received_at", "id"], unique=False)

    op.create_table(
        "rights_telling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("effect", sa.String(length=11), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("queued_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("told_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_telling")),
        sa.UniqueConstraint(
            "request_id",
            "organisation_id",
            "staff_id",
            "about",
            name=op.f("uq_rights_telling_request_id_organisation_id_staff_id_about"),
        ),
    )
    with op.batch_alter_table("rights_telling", schema=None) as batch_op:
        batch_op.create_index("ix_rights_telling_own", ["organisation_id", "queued_at", "id"], unique=False)

    op.create_table(
        "sample_review",
        sa.Column("disclosure_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("disclosure_id", name=op.f("pk_sample_review")),
    )
    op.create_table(
        "sender_feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("considered_on", sa.Date(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("given_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender_feedback")),
        sa.UniqueConstraint("match_id", "signal_id", name=op.f("uq_sender_feedback_match_id_signal_id")),
    )
    with op.batch_alter_table("sender_feedback", schema=None) as batch_op:
        batch_op.create_index("ix_sender_feedback_sender", ["organisation_id", "given_at"], unique=False)

    op.create_table(
        "signal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("contact_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("legal_basis", sa.String(length=32), nullable=False),
        sa.Column("bracket", sa.String(length=5), nullable=False),
        sa.Column("bracket_ends", sa.String(length=7), nullable=True),
        sa.Column("subject_notice", sa.String(length=9), nullable=False),
        sa.Column("has_decision_reference", sa.Boolean(), nullable=False),
        sa.Column("received_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("active_until", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("reason", sa.String(length=11), nullable=True),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("exception_code", sa.String(length=32), nullable=True),
        sa.Column("exception_until_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("residence", sa.String(length=6), nullable=True),
        sa.Column("residence_from", sa.String(length=11), nullable=True),
        sa.Column("notice_given_on", sa.Date(), nullable=True),
        sa.Column("notice_given_to", sa.String(length=22), nullable=True),
        sa.Column("authority_holders", sa.SmallInteger(), nullable=True),
        sa.Column("archived_until_on", sa.Date(), nullable=True),
        sa.Column("ended_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
    )
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_signal_due",
            ["active_until"],
            unique=False,
            postgresql_where=sa.text("state = 'active'"),
            sqlite_where=sa.text("state = 'active'"),
        )
        batch_op.create_index(
            "ix_signal_ended",
            ["archived_until_on"],
            unique=False,
            postgresql_where=sa.text("state <> 'active'"),
            sqlite_where=sa.text("state <> 'active'"),
        )
        batch_op.create_index("ix_signal_own", ["organisation_id", "received_at", "id"], unique=False)
        batch_op.create_index(
            "ix_signal_untold",
            ["received_at"],
            unique=False,
            postgresql_where=sa.text("state = 'active' AND subject_notice <> 'given'"),
            sqlite_where=sa.text("state = 'active' AND subject_notice <> 'given'"),
        )

    op.create_table(
        "signal_key",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_signal_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "signal_submission",
        sa.Column("signal_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("signal_id", name=op.f("pk_signal_submission")),
    )
    with op.batch_alter_table("signal_submission", schema=None) as batch_op:
        batch_op.create_index(
            "ix_signal_submission_own", ["organisation_id", "received_at", "signal_id"], unique=False
        )

    op.create_table(
        "statistic_release",
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("declaration", sa.String(length=32), nullable=False),
        sa.Column("released_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_statistic_release")),
    )
    op.create_table(
        "statistic_table",
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("municipality", sa.String(length=4), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("quarter", "municipality", "code", name=op.f("pk_statistic_table")),
    )
    op.create_table(
        "statistic_tally",
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("municipality", sa.String(length=4), nullable=False),
        sa.Column("division", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("persons_in_year", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "counted_on", "municipality", "division", "category", name=op.f("pk_statistic_tally")
        ),
    )
    op.create_table(
        "used_assertion",
        sa.Column("client_id", sa.String(length=63), nullable=False),
        sa.Column("jti_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "jti_hash", name=op.f("pk_used_assertion")),
    )
    with op.batch_alter_table("used_assertion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_assertion_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "covenant",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_covenant_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "valid_from_on", name=op.f("pk_covenant")),
    )
    op.create_table(
        "mandate",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("bringer_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from_on", sa.Date(), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bringer_id"], ["organisation.id"], name=op.f("fk_mandate_bringer_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mandate_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "bringer_id", "valid_from_on", name=op.f("pk_mandate")),
    )
    op.create_table(
        "onboarding_dossier",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("accession", sa.String(length=80), nullable=True),
        sa.Column("profile", sa.String(length=80), nullable=True),
        sa.Column("dpia", sa.String(length=80), nullable=True),
        sa.Column("dpia_review_on", sa.Date(), nullable=True),
        sa.Column("standards", sa.String(length=80), nullable=True),
        sa.Column("linkage_rows", sa.Integer(), nullable=True),
        sa.Column("linkage_linkable", sa.Integer(), nullable=True),
        sa.Column("linkage_on", sa.Date(), nullable=True),
        sa.Column("ending", sa.String(length=16), nullable=True),
        sa.Column("heir_id", sa.Uuid(), nullable=True),
        sa.Column("coordinator_id", sa.Uuid(), nullable=True),
        sa.Column("wound_up_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_onboarding_dossier_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_onboarding_dossier")),
    )
    op.create_table(
        "organisation_location",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_location_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "code", name=op.f("pk_organisation_location")),
    )
    op.create_table(
        "scheme_permission",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_scheme_permission_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "scheme", name=op.f("pk_scheme_permission")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("mail_address", sa.String(length=254), nullable=True),
        sa.Column("contact_label", sa.String(length=80), nullable=True),
        sa.Column("active_from_on", sa.Date(), nullable=False),
        sa.Column("active_until_on", sa.Date(), nullable=True),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("last_signalled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_staff_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("takes_intake", sa.Boolean(), nullable=False),
        sa.Column("municipality", sa.String(length=4), nullable=True),
        sa.Column("provider_separation", sa.Boolean(), nullable=False),
        sa.Column("employers", sa.String(length=120), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("desk", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_team_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_team_intake",
            ["takes_intake"],
            unique=True,
            postgresql_where=sa.text("takes_intake"),
            sqlite_where=sa.text("takes_intake = 1"),
        )

    op.create_table(
        "credential",
        sa.Column("client_id", sa.String(length=63), nullable=False),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("thumbprint", sa.String(length=43), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("registered_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_credential_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_credential_staff_id_staff")),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_credential")),
        sa.UniqueConstraint("thumbprint", name=op.f("uq_credential_thumbprint")),
    )
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credential_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "location_coordinator",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("location", sa.String(length=80), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_location_coordinator_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_location_coordinator_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "location", "staff_id", "since_on", name=op.f("pk_location_coordinator")
        ),
    )
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.String(length=400), nullable=False),
        sa.Column("provider_session", sa.LargeBinary(length=32), nullable=True),
        sa.Column("provider_subject", sa.LargeBinary(length=32), nullable=False),
        sa.Column("started_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("proven_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_login_session_staff_id_staff")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_session")),
        sa.UniqueConstraint("id", name=op.f("uq_login_session_id")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_login_session_provider_session"), ["provider_session"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_login_session_provider_subject"), ["provider_subject"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_login_session_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "school_contact",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("location", sa.String(length=80), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_school_contact_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_school_contact_staff_id_staff")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_school_contact_team_id_team")),
        sa.PrimaryKeyConstraint("organisation_id", "location", "since_on", name=op.f("pk_school_contact")),
    )
    op.create_table(
        "staff_absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("cover", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["cover"], ["staff.id"], name=op.f("fk_staff_absence_cover_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_absence_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_absence")),
    )
    with op.batch_alter_table("staff_absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_absence_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "staff_profile",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("employer", sa.String(length=24), nullable=False),
        sa.Column("expertise", sa.String(length=120), nullable=False),
        sa.Column("generalist", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_profile_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", "since_on", name=op.f("pk_staff_profile")),
    )
    op.create_table(
        "staff_role",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("granted_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_role_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", "role", "since_on", name=op.f("pk_staff_role")),
    )
    op.create_table(
        "team_post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_team_post_staff_id_staff")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_post_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_post")),
    )
    with op.batch_alter_table("team_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_post_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_post_team_id"), ["team_id"], unique=False)
    for table in ("audit_event", "audit_leaf", "audit_node"):
        for statement in insert_only_ddl(table, op.get_context().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("there is nothing before the first migration: undoing it would drop the log")
