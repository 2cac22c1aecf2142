"""The invitation to the landlord's own survey after a complaint has ended (policy 10.2)."""
