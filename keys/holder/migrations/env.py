"""What Alembic runs: the connection comes from `keys/holder/migrating.py`."""

from __future__ import annotations

from alembic import context

import keys.holder.datakeys.models  # noqa: F401 - its tables
from keys.holder.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
