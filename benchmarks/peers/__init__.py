"""Contenders: what users have today, each a program of its own."""
