"""Whoever gives and knows tokens: Entra ID's and Google's token endpoints over TLS, and the introspection that a mail server asks."""

from __future__ import annotations

import base64
import http.server
import json
import ssl
import threading
from urllib.parse import parse_qsl, urlsplit

HOUR = 3600


class TokenGiver:
    """Gives tokens ``token-1``, ``token-2`` ... for the credentials it knows; ``gone`` are those that no server takes any more."""

    def __init__(self, certificate, key, *, mailbox, tenant="landlord.example", secret="s3cret"):
        self.mailbox, self.tenant, self.secret = mailbox, tenant, secret
        self.certificate, self.key = certificate, key
        self.given, self.gone, self.claims = [], set(), []
        self.refuses = None
        self.lifetime = HOUR
        self._servers = []

    def open(self):
        self.introspection = self._serve(_Introspection, None)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        self.url = self._serve(_Giving, context).replace("http:", "https:")

    def _serve(self, handler, context):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (handler,), {"giver": self}))
        server.daemon_threads = True
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self._servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    def close(self):
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def knows(self, token):
        return token in self.given and token not in self.gone

    def give(self, form):
        """Answer as Entra ID or Google do (RFC 6749 section 4.4, RFC 7521 and RFC 7523)."""
        if self.refuses is not None:
            return 400, {"error": self.refuses, "error_description": "AADSTS: a sentence with traces", "error_codes": [7000222]}
        if not self._proved(form):
            return 401, {"error": "invalid_client"}
        self.given.append(f"token-{len(self.given) + 1}")
        return 200, {"access_token": self.given[-1], "expires_in": self.lifetime, "token_type": "Bearer"}

    def _proved(self, form):
        said = form.get("client_assertion") or form.get("assertion")
        if said is None:
            return form.get("client_secret") == self.secret and form.get("grant_type") == "client_credentials"
        return self._signed(said)

    def _signed(self, assertion):
        """Check the assertion's signature against the certificate that both sides know."""
        import jwt
        from cryptography import x509

        public = x509.load_pem_x509_certificate(self.certificate.read_bytes()).public_key()
        try:
            self.claims.append(jwt.decode(assertion, public, algorithms=["PS256", "RS256"], options={"verify_aud": False}))
        except jwt.InvalidTokenError:
            return False
        return True


class _Talk(http.server.BaseHTTPRequestHandler):
    giver: TokenGiver

    def log_message(self, *args):
        pass

    def say(self, status, told):
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Giving(_Talk):
    def do_GET(self):
        tenant = f"{self.giver.url}/{self.giver.tenant}"
        ends = {name: f"{tenant}/oauth2/v2.0/{name}" for name in ("token", "authorize")}
        found = {f"{name}_endpoint" if name == "token" else "authorization_endpoint": url for name, url in ends.items()}
        self.say(200, found | {"issuer": f"{tenant}/v2.0"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.say(*self.giver.give(dict(parse_qsl(body)) | self._basic()))

    def _basic(self):
        kind, _, words = self.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            return {}
        return {"client_secret": base64.b64decode(words).decode().partition(":")[2]}


class _Introspection(_Talk):
    def do_GET(self):
        asked = dict(parse_qsl(urlsplit(self.path).query)).get("access_token", "")
        active = self.giver.knows(asked)
        self.say(200, {"active": active} | ({"email": self.giver.mailbox, "username": self.giver.mailbox} if active else {}))

    def do_POST(self):
        self.do_GET()
