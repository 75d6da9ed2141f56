"""The database itself refuses to change or remove a fact."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER ledger_fact_no_update BEFORE UPDATE ON ledger_storedfact
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_fact_no_delete BEFORE DELETE ON ledger_storedfact
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""
POSTGRESQL = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$;
CREATE TRIGGER ledger_fact_no_change BEFORE UPDATE OR DELETE ON ledger_storedfact
FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_fact_no_truncate BEFORE TRUNCATE ON ledger_storedfact
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""


def guard(apps, schema_editor):
    """Add the triggers in the words of the database at hand."""
    script = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(script, params=None)
        return
    for statement in script.strip().split("END;\n"):
        if statement.strip():
            schema_editor.execute(statement.strip().removesuffix("END;") + " END", params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
