"""What has changed since stories and incidents were made, so that only that is made again.

The new columns of what is there are filled, and everything is marked, by the first merge: its rules are not entered yet.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns to events, and the tables of changes."""
    op.add_column("events", sa.Column("published", sa.DateTime(timezone=True), nullable=True))
    op.add_column("events", sa.Column("block", sa.Text(), nullable=True))
    op.add_column("events", sa.Column("incident", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_events_incident"), "events", ["incident"], unique=False)
    op.create_index("ix_events_block_first_day", "events", ["block", "first_day"], unique=False)
    op.create_index("ix_articles_dated_id", "articles", ["dated", "id"], unique=False)
    op.drop_index(op.f("ix_articles_dated"), table_name="articles")
    op.create_table(
        "changed_signatures",
        sa.Column("dated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("article_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("dated", "article_id", name=op.f("pk_changed_signatures")),
    )
    op.create_table(
        "changed_days",
        sa.Column("block", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("block", "day", name=op.f("pk_changed_days")),
    )
    op.create_table(
        "changed_incidents",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_incidents")),
    )


def downgrade() -> None:
    """Take them away; the next merge of the older version makes everything anew."""
    op.drop_table("changed_incidents")
    op.drop_table("changed_days")
    op.drop_table("changed_signatures")
    op.create_index(op.f("ix_articles_dated"), "articles", ["dated"], unique=False)
    op.drop_index("ix_articles_dated_id", table_name="articles")
    op.drop_index("ix_events_block_first_day", table_name="events")
    op.drop_index(op.f("ix_events_incident"), table_name="events")
    op.drop_column("events", "incident")
    op.drop_column("events", "block")
    op.drop_column("events", "published")
