"""What other tools are told: metrics, spans and log lines. It knows no ledger; figures are handed to it."""
