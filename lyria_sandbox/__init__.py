"""Local stand-in for the gateway: the same HTTP API over a composer of its own."""
