"""What the server process loads: takes the state file, starts webhook delivery, serves."""

import os

from django.core.wsgi import get_wsgi_application

from poster_sandbox.parent_watch import end_with_parent
from poster_sandbox.running import apps, configuration, store
from poster_sandbox.state_lock import hold_state_file
from poster_sandbox.webhooks.delivery import Delivery

os.environ["DJANGO_SETTINGS_MODULE"] = "poster_sandbox.settings"

end_with_parent()
state_file_lock = hold_state_file(configuration().state_path)
Delivery(store(), apps(), retry_scale=configuration().webhook_retry_scale).start()
application = get_wsgi_application()
