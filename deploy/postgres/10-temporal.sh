#!/bin/sh
# Runs once, when the data folder is empty: Temporal gets a role of its own and two databases that are nobody else's.
# The services' roles and schemas are made by the job `migrate`.
set -eu

psql -v ON_ERROR_STOP=1 -v password="$TEMPORAL_DB_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
create role temporal login password :'password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
revoke all on database temporal from public;
revoke all on database temporal_visibility from public;
SQL
