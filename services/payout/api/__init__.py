"""Payout over HTTP."""
