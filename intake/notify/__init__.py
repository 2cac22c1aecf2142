"""The parts of the way out by GOV.UK Notify: settings, words, calls with a deadline, and what became of each letter."""
