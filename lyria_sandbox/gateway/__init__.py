"""The gateway of the sandbox: the reference's HTTP API, a wallet, jobs and media."""
