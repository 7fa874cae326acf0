"""Asks the web server of this container whether it is alive; ends with status 0 if so. The image's HEALTHCHECK."""

import os
import sys
from http.client import HTTPConnection

# Any other name would be refused, as it would be from outside.
host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
connection.request("GET", "/healthz", headers={"Host": host})
sys.exit(connection.getresponse().status != 200)
