"""Pure rules of payout: split, states, signers, postings, refusals."""
