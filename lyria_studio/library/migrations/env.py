"""Run by Alembic on the connection, and inside the transaction, that `upgrade` holds."""

from alembic import context

from lyria_studio.library.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite can roll back a CREATE TABLE, and changes a table only by building it anew.
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
