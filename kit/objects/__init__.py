"""Bytes under names: in a folder, or in a bucket of any store that speaks S3."""
