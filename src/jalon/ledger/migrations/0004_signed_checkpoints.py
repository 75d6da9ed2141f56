"""Signed checkpoints, append-only like the facts."""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = (
    "CREATE TRIGGER ledger_checkpoint_no_update BEFORE UPDATE ON ledger_signedcheckpoint "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER ledger_checkpoint_no_delete BEFORE DELETE ON ledger_signedcheckpoint "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
)
POSTGRESQL = (
    "CREATE TRIGGER ledger_checkpoint_no_change BEFORE UPDATE OR DELETE ON ledger_signedcheckpoint "
    "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    "CREATE TRIGGER ledger_checkpoint_no_truncate BEFORE TRUNCATE ON ledger_signedcheckpoint "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
)


def guard(apps, schema_editor):
    """Add the triggers in the words of the database at hand."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('ledger', '0003_import_runs'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignedCheckpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.PositiveIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('note', models.TextField()),
                ('signed_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checkpoints', to='accounts.account')),
            ],
            options={
                'ordering': ['account_id', 'size'],
                'constraints': [models.UniqueConstraint(fields=('account', 'size'), name='checkpoint_size_once')],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
