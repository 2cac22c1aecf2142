"""The door's certificate: a renewed file is used at once, and its end is told a month before."""

from __future__ import annotations

import logging
import ssl
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from intake.smtp_door.settings import Settings

NOTICE = timedelta(days=30)
log = logging.getLogger(__name__)


class Certificate:
    """Keeps one TLS context, whose new handshakes use what the files hold now."""

    def __init__(self, cert: Path, key: Path, client_ca: Path | None) -> None:
        """Load the files, or raise what is wrong with them."""
        self._files = (cert, key)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if client_ca is not None:
            self.context.load_verify_locations(client_ca)
            self.context.verify_mode = ssl.CERT_REQUIRED
        self._fault: str | None = None
        self._load()

    @classmethod
    def of(cls, settings: Settings) -> Certificate | None:
        """Return the certificate of these settings, if they have one."""
        if settings.tls_cert is None or settings.tls_key is None:
            return None
        return cls(settings.tls_cert, settings.tls_key, settings.tls_client_ca)

    def renew(self) -> None:
        """Load the files again when they have changed; while they make no sense the old ones go on."""
        try:
            if self._marks() != self._loaded:
                self._load()
                log.info("the smtp door uses a renewed certificate")
            self._fault = None
        except (OSError, ValueError) as error:
            self._fault = f"the renewed certificate could not be loaded, the old one goes on: {type(error).__name__}"

    def trouble(self, now: datetime) -> str | None:
        """Return what somebody must mend, from a month before the end on."""
        if self._fault is not None or self._ends - now > NOTICE:
            return self._fault
        return f"the certificate of this door {'ended' if self._ends <= now else 'ends'} on {self._ends:%-d %B %Y}: renew it"

    def _load(self) -> None:
        marks, (cert, key) = self._marks(), self._files
        self._ends = x509.load_pem_x509_certificate(cert.read_bytes()).not_valid_after_utc
        self.context.load_cert_chain(cert, key)
        self._loaded = marks

    def _marks(self) -> tuple[tuple[int, int], ...]:
        return tuple((stat.st_mtime_ns, stat.st_ino) for stat in (path.stat() for path in self._files))
