"""Measures the whole system beside a bare floor, on the same mails, in the same run."""
