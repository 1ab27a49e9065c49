"""Secrets that may appear nowhere, planted to be looked for."""

CANARY = "c4n4ry7f3a"
DATABASE = f"postgresql://sales:{CANARY}@db.internal:5432/shop"
