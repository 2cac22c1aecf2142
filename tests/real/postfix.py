"""A real Postfix that relays everything to one port of this machine, with a queue and a log of its own."""

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from parts import free_port, program

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log
maillog_file_prefixes = {home}
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.landlord.example
mydestination =
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{next_hop}
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ refused@example.org = 550 5.1.1 no such user }} }}, permit
smtpd_tls_security_level = none
smtp_tls_security_level = none
smtputf8_enable = yes
minimal_backoff_time = 300s
queue_run_delay = 300s
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One running relay; ``next_hop`` is the port that it hands its mail to."""

    def __init__(self, home):
        self.home = home
        self.port = free_port()
        self.next_hop = free_port()

    @classmethod
    @contextlib.contextmanager
    def running(cls):
        home = Path(tempfile.mkdtemp(prefix="postfix-"))
        home.chmod(0o755)
        relay = cls(home)
        try:
            relay._configure()
            relay._control("start")
            relay._wait()
            yield relay
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                relay._control("stop")
            shutil.rmtree(home, ignore_errors=True)

    def _configure(self):
        for folder in ("etc", "queue", "data"):
            (self.home / folder).mkdir()
        shutil.chown(self.home / "data", "postfix", "postfix")
        (self.home / "etc" / "main.cf").write_text(MAIN.format(home=self.home, next_hop=self.next_hop))
        (self.home / "etc" / "master.cf").write_text(MASTER.format(port=self.port))

    def _control(self, order, name="postfix"):
        command = [program(name), "-c", str(self.home / "etc"), order]
        subprocess.run(command, check=True, capture_output=True, timeout=60)

    def _wait(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as talk:
                if talk.recv(3) == b"220":
                    return
            time.sleep(0.05)
        raise AssertionError("Postfix does not answer: " + self.log())

    def flush(self):
        """Try everything that waits again now."""
        self._control("-f", "postqueue")

    def log(self):
        """Return all that the relay wrote down."""
        log = self.home / "log"
        return log.read_text() if log.exists() else ""
