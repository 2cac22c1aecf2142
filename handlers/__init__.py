"""A verdict becomes an act: reception, triage, routes, casework, letters, the outbox and the sweep."""
