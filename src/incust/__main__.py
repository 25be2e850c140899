import sys

from incust.config.command_line import main

sys.exit(main())
