"""A person's own account: password, second factor, keys on or off."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
