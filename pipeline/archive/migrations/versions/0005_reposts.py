"""Articles found by their text, to know what an outlet prints again at another address."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_articles_content_hash", "articles", ["content_hash"], unique=False)


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_articles_content_hash", table_name="articles")
