"""Migration operations that put a room's tables behind both fences: composite keys and row-level security.

See ``docs/building-a-room.md``.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

BUSINESS_OF_TRANSACTION = "nullif(current_setting('incust.business_id', true), '')::bigint"


def create_schema(schema: str) -> RunSQL:
    """The room's schema; the application may use it, the look-up role may own functions in it."""
    return RunSQL(
        f"""CREATE SCHEMA IF NOT EXISTS {schema};
        GRANT USAGE ON SCHEMA {schema} TO incust_app, incust_lookup;
        GRANT CREATE ON SCHEMA {schema} TO incust_lookup;""",
        RunSQL.noop,
    )


def tenant_table(
    table: str,
    *,
    schema: str,
    business_column: str = "business_id",
    app_rights: str = "SELECT, INSERT, UPDATE, DELETE",
    lookup: bool = False,
) -> RunSQL:
    """Move a freshly created table into its room and fence it.

    ``app_rights``: what the application's role may do (``"SELECT"`` for tables that only functions write).
    ``lookup``: the look-up role may read it across businesses, for SECURITY DEFINER functions it owns.
    """
    unique = (
        f"ALTER TABLE {schema}.{_quoted(table)} ADD CONSTRAINT {table}_business_key UNIQUE (business_id, id);"
        if business_column == "business_id"
        else ""
    )
    to_lookup = (
        f"""GRANT SELECT ON {schema}.{_quoted(table)} TO incust_lookup;
        -- By name, because a policy for a role holds for the role's members as well, and incust_owner is one.
        CREATE POLICY lookup ON {schema}.{_quoted(table)} FOR SELECT TO incust_lookup
          USING (current_user = 'incust_lookup');"""
        if lookup
        else ""
    )
    return RunSQL(
        f"""ALTER TABLE public.{_quoted(table)} SET SCHEMA {schema};
        {unique}
        ALTER TABLE {schema}.{_quoted(table)} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY business ON {schema}.{_quoted(table)}
          USING ({business_column} = {BUSINESS_OF_TRANSACTION})
          WITH CHECK ({business_column} = {BUSINESS_OF_TRANSACTION});
        -- Tables born in public give the application everything.
        REVOKE ALL ON {schema}.{_quoted(table)} FROM incust_app;
        GRANT {app_rights} ON {schema}.{_quoted(table)} TO incust_app;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO incust_app;
        {to_lookup}""",
        RunSQL.noop,
    )


def tenant_foreign_key(
    table: str, column: str, *, schema: str, to: str, to_schema: str | None = None, on_delete: str = "RESTRICT"
) -> RunSQL:
    """A composite foreign key ``(business_id, column) → (business_id, id)``: no row can point into another business."""
    target = f"{to_schema or schema}.{_quoted(to)}"
    return RunSQL(
        f"""ALTER TABLE {schema}.{_quoted(table)} ADD CONSTRAINT {table}_{column}_same_business
          FOREIGN KEY (business_id, {_quoted(column)}) REFERENCES {target} (business_id, id)
          ON DELETE {on_delete} DEFERRABLE INITIALLY IMMEDIATE;""",
        RunSQL.noop,
    )


def _quoted(name: str) -> str:
    return f'"{name}"'
