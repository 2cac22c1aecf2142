"""The staff desk as a web application."""
