"""Owns awards, the ledger and payment lists: every đồng in balanced double entry, reversed but never
deleted."""
