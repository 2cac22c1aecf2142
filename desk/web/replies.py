"""Writing a reply: a draft, the preview exactly as sent, and the sending."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
