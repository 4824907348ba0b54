"""States of outlets, notices of their changes, and raw responses found by what points to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the indexes."""
    op.create_table(
        "outlet_states",
        sa.Column("outlet", sa.String(length=100), nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("outlet", name=op.f("pk_outlet_states")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("settled", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_articles_outlet_dated", "articles", ["outlet", "dated"], unique=False)
    op.create_index("ix_article_versions_raw", "article_versions", ["raw"], unique=False)
    op.create_index("ix_exchanges_file_offset", "exchanges", ["file", "offset"], unique=False)


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_exchanges_file_offset", table_name="exchanges")
    op.drop_index("ix_article_versions_raw", table_name="article_versions")
    op.drop_index("ix_articles_outlet_dated", table_name="articles")
    op.drop_table("notices")
    op.drop_table("outlet_states")
