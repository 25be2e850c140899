"""What the live process may see: that an account changed, never by how much."""

from django.db import migrations

from incust.businesses.schema import create_schema

RIGHTS = """
GRANT SELECT (id, business_id, account_id, account_version) ON ledger.entry TO incust_lookup;
-- By name, because a policy for a role holds for the role's members as well, and incust_owner is one.
CREATE POLICY lookup ON ledger.entry FOR SELECT TO incust_lookup USING (current_user = 'incust_lookup');
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("ledger", "0001_initial"), ("customers", "0001_initial"), ("checks", "0001_initial")]
    operations = [create_schema("wallet"), migrations.RunSQL(RIGHTS, migrations.RunSQL.noop)]
