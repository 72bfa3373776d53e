"""What questions are worth: pay, the ledger, points and ranks, and the proofs that they are right."""
