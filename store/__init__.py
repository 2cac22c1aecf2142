"""What is kept: the tables, the unit of work and the worklists. Reads no clock and decides nothing."""
