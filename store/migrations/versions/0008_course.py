"""What happens to a complaint after its acknowledgement; people, hazards and hand-overs beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:  # noqa: PLR0915  # one step for each table
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("set_at", WHEN, nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("done_at", WHEN),
        sa.Column("done_by", sa.String()),
        sa.Column("outcome", sa.Text()),
        sa.Column("dropped_at", WHEN),
        sa.Column("dropped_by", sa.String()),
        sa.Column("dropped_why", sa.Text()),
        sa.Column("warned_at", WHEN),
        sa.Column("raised_at", WHEN),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_action_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index(op.f("ix_action_case_id"), "action", ["case_id"])
    op.create_index(
        "ix_action_open",
        "action",
        ["due_on", "case_id"],
        sqlite_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND dropped_at IS NULL"),
    )
    op.create_table(
        "authority",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("evidence", sa.Text()),
        sa.Column("asked_at", WHEN),
        sa.Column("settled_at", WHEN),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_authority_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority")),
        sa.UniqueConstraint("case_id", "address", name=op.f("uq_authority_case_id_address")),
    )
    op.create_table(
        "discretion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("aware_on", sa.Date(), nullable=False),
        sa.Column("taken_on", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_discretion_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discretion")),
    )
    op.create_index(op.f("ix_discretion_case_id"), "discretion", ["case_id"])
    op.create_table(
        "group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String()),
        sa.Column("home", sa.String()),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("permission", sa.String(), nullable=False),
        sa.Column("added_at", WHEN, nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("left_at", WHEN),
        sa.Column("moved_to", sa.Integer()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_group_member_case_id_case_file")),
        sa.ForeignKeyConstraint(["moved_to"], ["case_file.id"], name=op.f("fk_group_member_moved_to_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_member")),
    )
    op.create_index(op.f("ix_group_member_case_id"), "group_member", ["case_id"])
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("made_at", WHEN, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("next_at", WHEN),
        sa.Column("chase_at", WHEN),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String()),
        sa.Column("sent_at", WHEN),
        sa.Column("token", sa.String()),
        sa.Column("external_id", sa.String()),
        sa.Column("heard_at", WHEN),
        sa.Column("status", sa.String()),
        sa.Column("error", sa.Text()),
        sa.Column("warned_at", WHEN),
        sa.Column("ended_at", WHEN),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_handover_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("key", name=op.f("uq_handover_key")),
    )
    op.create_index(op.f("ix_handover_case_id"), "handover", ["case_id"])
    op.create_index(
        "ix_handover_due",
        "handover",
        ["next_at", "id"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        "ix_handover_chase",
        "handover",
        ["chase_at", "id"],
        sqlite_where=sa.text("chase_at IS NOT NULL"),
        postgresql_where=sa.text("chase_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_handover_external_id"), "handover", ["external_id"])
    op.create_table(
        "ombudsman_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("task_id", sa.Integer()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("warned_at", WHEN),
        sa.Column("done_at", WHEN),
        sa.Column("done_by", sa.String()),
        sa.Column("outcome", sa.Text()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_ombudsman_order_case_id_case_file")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_ombudsman_order_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ombudsman_order")),
    )
    op.create_index(op.f("ix_ombudsman_order_case_id"), "ombudsman_order", ["case_id"])
    op.create_index("ix_ombudsman_order_due_on", "ombudsman_order", ["due_on"])
    op.create_table(
        "progress_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("set_at", WHEN, nullable=False),
        sa.Column("letter_id", sa.Integer()),
        sa.Column("sent_at", WHEN),
        sa.Column("sent_by", sa.String()),
        sa.Column("missed_at", WHEN),
        sa.Column("ended_at", WHEN),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_progress_update_case_id_case_file")),
        sa.ForeignKeyConstraint(["letter_id"], ["outbox.id"], name=op.f("fk_progress_update_letter_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_update")),
    )
    op.create_index(op.f("ix_progress_update_case_id"), "progress_update", ["case_id"])
    op.create_index(
        "ix_progress_update_owed",
        "progress_update",
        ["due_on", "case_id"],
        sqlite_where=sa.text("sent_at IS NULL AND ended_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "remedy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("pence", sa.BigInteger()),
        sa.Column("due_on", sa.Date()),
        sa.Column("offered_at", WHEN, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String()),
        sa.Column("approved_at", WHEN),
        sa.Column("done_at", WHEN),
        sa.Column("done_by", sa.String()),
        sa.Column("withdrawn_at", WHEN),
        sa.Column("withdrawn_why", sa.Text()),
        sa.Column("warned_at", WHEN),
        sa.Column("raised_at", WHEN),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_remedy_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedy")),
    )
    op.create_index(op.f("ix_remedy_case_id"), "remedy", ["case_id"])
    op.create_index(
        "ix_remedy_open",
        "remedy",
        ["due_on", "case_id"],
        sqlite_where=sa.text("done_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "stage_work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_stage_work_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_work")),
        sa.UniqueConstraint("case_id", "stage", "username", name=op.f("uq_stage_work_case_id_stage_username")),
    )
    op.create_index(op.f("ix_stage_work_username"), "stage_work", ["username"])
    op.create_table(
        "adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("disability", sa.Text()),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("agreed_with", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("reviewed_at", WHEN),
        sa.Column("reviewed_by", sa.String()),
        sa.Column("warned_at", WHEN),
        sa.Column("ended_at", WHEN),
        sa.Column("ended_by", sa.String()),
        sa.Column("ended_why", sa.Text()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_adjustment_case_id_case_file")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_adjustment_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
    )
    op.create_index(op.f("ix_adjustment_address"), "adjustment", ["address"])
    op.create_index(op.f("ix_adjustment_case_id"), "adjustment", ["case_id"])
    op.create_index(
        "ix_adjustment_review",
        "adjustment",
        ["review_on"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "breach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("noticed_at", WHEN, nullable=False),
        sa.Column("task_id", sa.Integer()),
        sa.Column("cause_kind", sa.String()),
        sa.Column("cause", sa.Text()),
        sa.Column("cause_by", sa.String()),
        sa.Column("cause_at", WHEN),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_breach_case_id_case_file")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_breach_deadline_id_deadline")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_breach_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
        sa.UniqueConstraint("deadline_id", name=op.f("uq_breach_deadline_id")),
    )
    op.create_index(op.f("ix_breach_case_id"), "breach", ["case_id"])
    _calls_and_buildings()
    op.create_table(
        "handover_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("told_at", WHEN),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("words", sa.Text()),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_handover_news_handover_id_handover")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_news")),
    )
    op.create_index(op.f("ix_handover_news_handover_id"), "handover_news", ["handover_id"])
    op.create_table(
        "hazard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("tenure", sa.String(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("aware_at", WHEN, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("clocks", sa.JSON(), nullable=False),
        sa.Column("investigated_on", sa.Date()),
        sa.Column("found", sa.Text()),
        sa.Column("summary_sent_at", WHEN),
        sa.Column("safe_at", WHEN),
        sa.Column("begun_on", sa.Date()),
        sa.Column("moved_out_on", sa.Date()),
        sa.Column("letter_id", sa.Integer()),
        sa.Column("ended_at", WHEN),
        sa.Column("replaced_by", sa.Integer()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_hazard_case_id_case_file")),
        sa.ForeignKeyConstraint(["letter_id"], ["outbox.id"], name=op.f("fk_hazard_letter_id_outbox")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_hazard_message_id_message")),
        sa.ForeignKeyConstraint(["replaced_by"], ["hazard.id"], name=op.f("fk_hazard_replaced_by_hazard")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard")),
    )
    op.create_index(op.f("ix_hazard_case_id"), "hazard", ["case_id"])
    op.create_table(
        "stage_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("received_at", WHEN, nullable=False),
        sa.Column("message_id", sa.Integer()),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("disagreement", sa.Text()),
        sa.Column("begun_at", WHEN, nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("asked_at", WHEN),
        sa.Column("letter_id", sa.Integer()),
        sa.Column("acknowledged_at", WHEN),
        sa.Column("defined_at", WHEN),
        sa.Column("answered_at", WHEN),
        sa.Column("answered_by", sa.String()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_stage_record_case_id_case_file")),
        sa.ForeignKeyConstraint(["letter_id"], ["outbox.id"], name=op.f("fk_stage_record_letter_id_outbox")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_stage_record_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_record")),
        sa.UniqueConstraint("case_id", "stage", name=op.f("uq_stage_record_case_id_stage")),
    )
    op.create_table(
        "contributor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("task_id", sa.Integer()),
        sa.Column("signed_at", WHEN),
        sa.Column("signed_words", sa.Text()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_contributor_case_id_case_file")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_contributor_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributor")),
    )
    op.create_index(op.f("ix_contributor_case_id"), "contributor", ["case_id"])
    op.create_table(
        "warned",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("whom", sa.String(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("task_id", sa.Integer()),
        sa.Column("ended_at", WHEN),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_warned_case_id_case_file")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_warned_deadline_id_deadline")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_warned_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warned")),
        sa.UniqueConstraint("deadline_id", "step", name=op.f("uq_warned_deadline_id_step")),
    )
    op.create_index(op.f("ix_warned_case_id"), "warned", ["case_id"])
    op.create_index(
        "ix_warned_open",
        "warned",
        ["deadline_id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_deadline_met_late",
        "deadline",
        ["due_at"],
        sqlite_where=sa.text("met_at > due_at"),
        postgresql_where=sa.text("met_at > due_at"),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("declared", sa.Text()),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("signed_by", sa.String()),
        sa.Column("letter_id", sa.Integer()),
        sa.Column("issued_at", WHEN),
        sa.Column("sent_at", WHEN),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_answer_case_id_case_file")),
        sa.ForeignKeyConstraint(["letter_id"], ["outbox.id"], name=op.f("fk_answer_letter_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("case_id", "stage", name=op.f("uq_answer_case_id_stage")),
    )
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("old_due_on", sa.Date(), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("second_reason", sa.Text()),
        sa.Column("can_say", sa.Text()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String()),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer()),
        sa.Column("told_at", WHEN),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_extension_case_id_case_file")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_extension_deadline_id_deadline")),
        sa.ForeignKeyConstraint(["letter_id"], ["outbox.id"], name=op.f("fk_extension_letter_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index(op.f("ix_extension_case_id"), "extension", ["case_id"])
    op.create_table(
        "refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("reasons_key", sa.String(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", WHEN, nullable=False),
        sa.Column("checked_by", sa.String()),
        sa.Column("checked_at", WHEN),
        sa.Column("checked_why", sa.Text()),
        sa.Column("letter_id", sa.Integer()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_refusal_case_id_case_file")),
        sa.ForeignKeyConstraint(["letter_id"], ["outbox.id"], name=op.f("fk_refusal_letter_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
    )
    op.create_index(op.f("ix_refusal_case_id"), "refusal", ["case_id"])
    op.create_index("ix_refusal_reasons_key", "refusal", ["reasons_key"])
    op.create_table(
        "restriction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("incidents", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("proportion", sa.Text(), nullable=False),
        sa.Column("equality", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", WHEN, nullable=False),
        sa.Column("approved_by", sa.String()),
        sa.Column("approved_at", WHEN),
        sa.Column("reviewed_at", WHEN),
        sa.Column("warned_at", WHEN),
        sa.Column("ended_at", WHEN),
        sa.Column("ended_by", sa.String()),
        sa.Column("ended_why", sa.Text()),
        sa.Column("letter_id", sa.Integer()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_restriction_case_id_case_file")),
        sa.ForeignKeyConstraint(["letter_id"], ["outbox.id"], name=op.f("fk_restriction_letter_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    op.create_index(op.f("ix_restriction_address"), "restriction", ["address"])
    op.create_index(op.f("ix_restriction_case_id"), "restriction", ["case_id"])
    op.create_index(
        "ix_restriction_review",
        "restriction",
        ["review_on", "ends_on"],
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.add_column("case_event", sa.Column("seals", sa.Text()))
    op.add_column("case_file", sa.Column("complexity", sa.String()))
    op.add_column("case_file", sa.Column("vulnerability", sa.String()))
    op.add_column("case_file", sa.Column("risk", sa.String()))
    op.add_column("case_file", sa.Column("complainant_kind", sa.String()))
    op.add_column("case_file", sa.Column("retention", sa.String()))


def downgrade() -> None:  # noqa: PLR0915  # as above
    op.drop_column("case_event", "seals")
    op.drop_column("case_file", "retention")
    op.drop_column("case_file", "complainant_kind")
    op.drop_column("case_file", "risk")
    op.drop_column("case_file", "vulnerability")
    op.drop_column("case_file", "complexity")
    op.drop_index("ix_restriction_review", "restriction")
    op.drop_index(op.f("ix_restriction_case_id"), "restriction")
    op.drop_index(op.f("ix_restriction_address"), "restriction")
    op.drop_table("restriction")
    op.drop_index("ix_refusal_reasons_key", "refusal")
    op.drop_index(op.f("ix_refusal_case_id"), "refusal")
    op.drop_table("refusal")
    op.drop_index(op.f("ix_extension_case_id"), "extension")
    op.drop_table("extension")
    op.drop_table("answer")
    op.drop_index("ix_deadline_met_late", "deadline")
    op.drop_index("ix_warned_open", "warned")
    op.drop_index(op.f("ix_warned_case_id"), "warned")
    op.drop_table("warned")
    op.drop_index(op.f("ix_contributor_case_id"), "contributor")
    op.drop_table("contributor")
    op.drop_table("stage_record")
    op.drop_index(op.f("ix_hazard_case_id"), "hazard")
    op.drop_table("hazard")
    op.drop_index(op.f("ix_handover_news_handover_id"), "handover_news")
    op.drop_table("handover_news")
    _no_calls_and_buildings()
    op.drop_index(op.f("ix_breach_case_id"), "breach")
    op.drop_table("breach")
    op.drop_index("ix_adjustment_review", "adjustment")
    op.drop_index(op.f("ix_adjustment_case_id"), "adjustment")
    op.drop_index(op.f("ix_adjustment_address"), "adjustment")
    op.drop_table("adjustment")
    op.drop_index(op.f("ix_stage_work_username"), "stage_work")
    op.drop_table("stage_work")
    op.drop_index("ix_remedy_open", "remedy")
    op.drop_index(op.f("ix_remedy_case_id"), "remedy")
    op.drop_table("remedy")
    op.drop_index("ix_progress_update_owed", "progress_update")
    op.drop_index(op.f("ix_progress_update_case_id"), "progress_update")
    op.drop_table("progress_update")
    op.drop_index("ix_ombudsman_order_due_on", "ombudsman_order")
    op.drop_index(op.f("ix_ombudsman_order_case_id"), "ombudsman_order")
    op.drop_table("ombudsman_order")
    op.drop_index(op.f("ix_handover_external_id"), "handover")
    op.drop_index("ix_handover_due", "handover")
    op.drop_index(op.f("ix_handover_case_id"), "handover")
    op.drop_table("handover")
    op.drop_index(op.f("ix_group_member_case_id"), "group_member")
    op.drop_table("group_member")
    op.drop_index(op.f("ix_discretion_case_id"), "discretion")
    op.drop_table("discretion")
    op.drop_table("authority")
    op.drop_index("ix_action_open", "action")
    op.drop_index(op.f("ix_action_case_id"), "action")
    op.drop_table("action")


def _calls_and_buildings() -> None:
    op.create_table(
        "duty_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", WHEN, nullable=False),
        sa.Column("due_at", WHEN, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String()),
        sa.Column("sent_at", WHEN),
        sa.Column("answer", sa.String()),
        sa.Column("taken_at", WHEN),
        sa.Column("taken_by", sa.String()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_duty_page_case_id_case_file")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_duty_page_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_page")),
        sa.UniqueConstraint("case_id", "message_id", name=op.f("uq_duty_page_case_id_message_id")),
    )
    op.create_index(
        "ix_duty_page_due",
        "duty_page",
        ["due_at", "id"],
        sqlite_where=sa.text("taken_at IS NULL"),
        postgresql_where=sa.text("taken_at IS NULL"),
    )
    op.create_table(
        "building_concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("building", sa.String(), nullable=False),
        sa.Column("limb", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_building_concern_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_building_concern")),
        sa.UniqueConstraint("case_id", "building", "limb", name=op.f("uq_building_concern_case_id_building_limb")),
    )
    op.create_index(op.f("ix_building_concern_building"), "building_concern", ["building"])


def _no_calls_and_buildings() -> None:
    op.drop_index("ix_duty_page_due", "duty_page")
    op.drop_table("duty_page")
    op.drop_index(op.f("ix_building_concern_building"), "building_concern")
    op.drop_table("building_concern")
