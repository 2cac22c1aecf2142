"""The public door: what residents reach from outside: the web form, the web chat, their own pages, and platforms' webhooks.

Thin: each act is a message that goes into the inbox, and what is shown comes from the ``Residents`` that the door was given.
"""
