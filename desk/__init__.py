"""People at the landlord: the command line, the settings and the wiring of all other packages."""
