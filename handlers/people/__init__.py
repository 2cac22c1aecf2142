"""What is agreed with residents and what limits them: reasonable adjustments, restrictions, calls (Code 5.10, 5.14, 5.15)."""
