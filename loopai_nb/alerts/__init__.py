"""Alerts: rules over the ledger's figures."""
