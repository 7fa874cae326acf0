#!/bin/sh
# Runs once, when the database volume is empty: makes the role and the database of the application.
# The application is no superuser, so that a hole in it is not a hole in the server.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --no-psqlrc <<'SQL'
\getenv password APP_PASSWORD
CREATE ROLE yoriai LOGIN PASSWORD :'password';
CREATE DATABASE yoriai OWNER yoriai;
REVOKE CONNECT ON DATABASE yoriai FROM PUBLIC;
-- The superuser is reached through the container's own socket only.
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
