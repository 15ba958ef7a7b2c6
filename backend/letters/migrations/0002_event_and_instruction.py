import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import backend.core.operation.migrating


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0001_initial'),
        ('instructions', '0001_initial'),
        ('letters', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.AddField(
                    model_name='letter',
                    name='instruction',
                    field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='instructions.instruction'),
                ),
                migrations.AddField(
                    model_name='letter',
                    name='event',
                    field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='events.event'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='letter',
                    trigger=pgtrigger.compiler.Trigger(name='signed_is_read_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."signed_at" IS NOT NULL AND (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."salutation" IS DISTINCT FROM (NEW."salutation") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."closing" IS DISTINCT FROM (NEW."closing") OR OLD."confidentiality" IS DISTINCT FROM (NEW."confidentiality") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."medium" IS DISTINCT FROM (NEW."medium") OR OLD."signatory_name" IS DISTINCT FROM (NEW."signatory_name") OR OLD."signatory_title" IS DISTINCT FROM (NEW."signatory_title") OR OLD."office" IS DISTINCT FROM (NEW."office") OR OLD."capacity" IS DISTINCT FROM (NEW."capacity") OR OLD."content_sha256" IS DISTINCT FROM (NEW."content_sha256")))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='35fc7335d1ee5a417db2e06b55706323155fb83f', operation='UPDATE', pgid='pgtrigger_signed_is_read_only_74985', table='letters_letter', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='letter',
                    trigger=pgtrigger.compiler.Trigger(name='registered_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."number" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='abccea163e08db136859f3d66ffe8c1286be0487', operation='DELETE', pgid='pgtrigger_registered_is_kept_666d8', table='letters_letter', when='BEFORE')),
                ),
            ],
        ),
    ]
