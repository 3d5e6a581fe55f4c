"""Lay the tables of the key holder."""

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
        "client",
        sa.Column("client_id", sa.String(length=63), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("disabled_at", service.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_client")),
    )
    op.create_table(
        "data_key_batch",
        sa.Column("batch_id", sa.LargeBinary(length=14), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_data_key_batch")),
    )
    op.create_table(
        "data_key_destroyed",
        sa.Column("key_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("destroyed_at", sa.String(length=20), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "organisation_id", name=op.f("pk_data_key_destroyed")),
    )
    with op.batch_alter_table("data_key_destroyed", schema=None) as batch_op:
        batch_op.create_index(
            "ix_data_key_destroyed_order", ["organisation_id", "destroyed_at", "key_id"], unique=False
        )

    op.create_table(
        "data_key_node",
        sa.Column("batch_id", sa.LargeBinary(length=14), nullable=False),
        sa.Column("node", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wrapping", sa.String(length=16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(length=60), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "node", name=op.f("pk_data_key_node")),
    )
    with op.batch_alter_table("data_key_node", schema=None) as batch_op:
        batch_op.create_index("ix_data_key_node_wrapping", ["wrapping"], unique=False)

    op.create_table(
        "data_key_ration",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "name", name=op.f("pk_data_key_ration")),
    )
    op.create_table(
        "evaluation_event",
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("leaf", sa.LargeBinary(length=1024), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_evaluation_event")),
    )
    op.create_table(
        "evaluation_head",
        sa.Column("shard", sa.String(length=8), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shard", name=op.f("pk_evaluation_head")),
    )
    op.create_table(
        "evaluation_leaf",
        sa.Column("shard", sa.String(length=8), nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("shard", "idx", name=op.f("pk_evaluation_leaf")),
        sa.UniqueConstraint("event_id", name=op.f("uq_evaluation_leaf_event_id")),
    )
    with op.batch_alter_table("evaluation_leaf", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_leaf_leaf_hash"), ["leaf_hash"], unique=False)

    op.create_table(
        "evaluation_node",
        sa.Column("shard", sa.String(length=8), nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("shard", "level", "idx", name=op.f("pk_evaluation_node")),
    )
    op.create_table(
        "evaluation_pending",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_evaluation_pending")),
        sa.UniqueConstraint("event_id", name=op.f("uq_evaluation_pending_event_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "permission",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.String(length=16), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "scheme", name=op.f("pk_permission")),
    )
    op.create_table(
        "permission_list",
        sa.Column("serial", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("loaded_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_permission_list")),
    )
    op.create_table(
        "quota_used",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("counter", sa.String(length=40), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "counter", "day_on", name=op.f("pk_quota_used")),
    )
    op.create_table(
        "reporter",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "reporter_id", name=op.f("pk_reporter")),
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
        "witnessed_log",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("public", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_witnessed_log")),
    )
    op.create_table(
        "witnessed_tree",
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("origin_hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("cosigned_at", service.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_witnessed_tree")),
        sa.UniqueConstraint("origin_hash", name=op.f("uq_witnessed_tree_origin_hash")),
    )

    for table in ("evaluation_event", "evaluation_leaf", "evaluation_node"):
        for statement in insert_only_ddl(table, op.get_context().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("there is nothing before the first migration: undoing it would drop the log")
