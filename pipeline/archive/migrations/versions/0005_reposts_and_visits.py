"""Articles found by their text, to know what an outlet prints again at another address; when outlets were last worked off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add index and table."""
    op.create_index("ix_articles_content_hash", "articles", ["content_hash"], unique=False)
    op.create_table(
        "outlet_visits",
        sa.Column("outlet", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("outlet", name=op.f("pk_outlet_visits")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("outlet_visits")
    op.drop_index("ix_articles_content_hash", table_name="articles")
