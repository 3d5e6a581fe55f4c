"""What Alembic runs: the connection comes from `hub/migrating.py`."""

from __future__ import annotations

from alembic import context

import hub.models  # noqa: F401
from hub.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
