"""`python -m deploy.local …`."""

import sys

from deploy.local.cli import app
from deploy.local.errors import StackError

try:
    app(prog_name="python -m deploy.local")
except StackError as error:
    sys.exit(str(error))
