"""Certificates of a test's own, made by openssl."""

import os
import shutil
import subprocess

import pytest


def make(folder, *, name="127.0.0.1", kind=("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), days=2):
    """Return the paths of a certificate for this address and of its key."""
    if shutil.which("openssl") is None:
        reason = "openssl, which makes the certificates, is not installed"
        (pytest.fail if os.environ.get("REQUIRE_REAL") == "1" else pytest.skip)(reason)
    folder.mkdir(parents=True, exist_ok=True)
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-days", str(days)]
    names = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{name}"]
    subprocess.run([*command, *names, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return cert, key
