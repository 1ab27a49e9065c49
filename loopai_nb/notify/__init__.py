"""Telling people who are not at the notebook: Slack, mail, any webhook. It knows of no run and no plan."""
