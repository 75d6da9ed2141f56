"""Tamper evidence: one Merkle tree a client (RFC 6962), signed checkpoints (C2SP tlog-checkpoint), proofs, and their verification."""
