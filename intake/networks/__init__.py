"""What the doors to open networks share: calls over the web, splitting of letters, polling, and careful reading of JSON."""
