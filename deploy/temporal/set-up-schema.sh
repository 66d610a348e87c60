#!/bin/sh
# Brings Temporal's two schemas to the version of this image, or of TEMPORAL_SCHEMA. Repeat-safe: a schema that is up to
# date is left as it is.
set -eu

bring_up_to_date() {
  database=$1 folder=$2
  set -- --plugin postgres12 --endpoint "$POSTGRES_SEEDS" --port "$DB_PORT" --user "$POSTGRES_USER" --database "$database"
  temporal-sql-tool "$@" setup-schema --version 0.0
  temporal-sql-tool "$@" update-schema --schema-dir "${TEMPORAL_SCHEMA:-/etc/temporal/schema/postgresql}/v12/$folder/versioned"
}

bring_up_to_date temporal temporal
bring_up_to_date temporal_visibility visibility
