"""Backfills under Dagster's own daemon, and what is killed in the middle of them: `make backfill`."""
