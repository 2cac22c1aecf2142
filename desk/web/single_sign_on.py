"""Signing in with the council's own accounts (OpenID Connect)."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter()
