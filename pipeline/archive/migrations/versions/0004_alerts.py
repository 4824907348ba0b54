"""Saved searches, what is new of incidents, and the alerts made of both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("broken", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
    )
    op.create_index(op.f("ix_saved_searches_name"), "saved_searches", ["name"], unique=True)
    op.create_table(
        "incident_news",
        sa.Column("seq", SERIAL, autoincrement=True, nullable=False),
        sa.Column("incident", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_incident_news")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_incident_news_incident"), "incident_news", ["incident"], unique=False)
    op.create_table(
        "told_events",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.String(length=16), nullable=False),
        sa.Column("essence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_told_events_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_told_events")),
    )
    op.create_index(op.f("ix_told_events_article_id"), "told_events", ["article_id"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("search", sa.String(length=36), nullable=False),
        sa.Column("news", SERIAL, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["search"], ["saved_searches.id"], name=op.f("fk_alerts_search"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["news"], ["incident_news.seq"], name=op.f("fk_alerts_news"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_search"), "alerts", ["search"], unique=False)
    op.create_index(op.f("ix_alerts_news"), "alerts", ["news"], unique=False)
    op.create_table(
        "alert_deliveries",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("alert", sa.String(length=36), nullable=False),
        sa.Column("target", sa.String(length=1000), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=op.f("fk_alert_deliveries_alert"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_deliveries")),
    )
    op.create_index(op.f("ix_alert_deliveries_alert"), "alert_deliveries", ["alert"], unique=False)
    op.create_index(
        "ix_alert_deliveries_target_settled", "alert_deliveries", ["target", "settled"], unique=False
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("alert_deliveries", "alerts", "told_events", "incident_news", "saved_searches"):
        op.drop_table(table)
