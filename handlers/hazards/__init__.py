"""Dangers in homes and buildings: hazards under Awaab's Law, calls to the duty officer, and the safety of high-rise buildings."""
