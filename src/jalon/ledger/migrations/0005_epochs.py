"""Epochs: a ledger put back from a backup goes on under a new name."""

import django.db.models.deletion
from django.db import migrations, models


TABLES = ("ledger_signedcheckpoint", "ledger_ledgerepoch")


def guard(apps, schema_editor):
    """Append-only on both tables. SQLite makes a changed table anew, without its triggers: they are put back here."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        if postgresql and table == "ledger_signedcheckpoint":
            continue
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            if postgresql:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION ledger_refuse()", params=None
                )
            else:
                schema_editor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
                    params=None,
                )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('ledger', '0004_signed_checkpoints'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerEpoch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('superseded', models.TextField()),
                ('opened_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['account_id', 'number'],
            },
        ),
        migrations.AlterModelOptions(
            name='signedcheckpoint',
            options={'ordering': ['account_id', 'epoch', 'size']},
        ),
        migrations.RemoveConstraint(
            model_name='signedcheckpoint',
            name='checkpoint_size_once',
        ),
        migrations.AddField(
            model_name='signedcheckpoint',
            name='epoch',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name='signedcheckpoint',
            constraint=models.UniqueConstraint(fields=('account', 'epoch', 'size'), name='checkpoint_size_once'),
        ),
        migrations.AddField(
            model_name='ledgerepoch',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='epochs', to='accounts.account'),
        ),
        migrations.AddConstraint(
            model_name='ledgerepoch',
            constraint=models.UniqueConstraint(fields=('account', 'number'), name='epoch_number_once'),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
