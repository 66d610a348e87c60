"""Payout owns awards, the ledger and payment lists: every đồng balanced, approved by four eyes, reversed and never deleted."""
