"""Requests and reports that go to the teams which do the work, and what these say of them."""
