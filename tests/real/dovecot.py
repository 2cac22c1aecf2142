"""A real Dovecot with Maildir storage: any user name logs in with one password and has a mailbox of its own."""

import contextlib
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import certificates
import imapclient
from parts import free_port, program

from intake.channels import imap

PASSWORD = "correct-horse"
USERS = 500

CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = yes
ssl_cert = <{home}/tls/cert.pem
ssl_key = <{home}/tls/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login{token_mechanisms}
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mail_location = maildir:{home}/mail/%u
mail_uid = {owner}
mail_gid = {owner_group}
first_valid_uid = 1
mail_max_userip_connections = 100
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={home}/mail/%u
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
auth_failure_delay = 0
service anvil {{
  {chroot}
  # A test that logs in wrongly must not make the next one wait.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {chroot}
}}
{tokens}
{capability}
"""

TOKENS = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2.conf
}}
"""

INTROSPECTION = """
introspection_url = {url}/introspect?access_token=
introspection_mode = get
username_attribute = email
active_attribute = active
active_value = true
"""


class Dovecot:
    """One running server."""

    def __init__(self, home, port):
        self.home = home
        self.port = port
        self.tls_port = free_port()
        self.certificate = home / "tls" / "cert.pem"
        self._users = 0

    @classmethod
    @contextlib.contextmanager
    def running(cls, capability=None, introspection=None):
        home = Path(tempfile.mkdtemp(prefix="dovecot-"))
        server = cls(home, free_port())
        certificates.make(home / "tls")
        (home / "dovecot.conf").write_text(server._config(capability, introspection))
        # All at once: the server rereads the file only when its second of change differs.
        names = [f"user{number}:{{PLAIN}}{PASSWORD}::::::" for number in range(1, USERS + 1)]
        (home / "users").write_text("\n".join(names) + "\n")
        for folder in ("mail", "run", "state"):
            (home / folder).mkdir()
            server._give(home / folder)
        home.chmod(0o755)
        process = subprocess.Popen([program("dovecot"), "-F", "-c", home / "dovecot.conf"], stdout=subprocess.DEVNULL)
        try:
            server._wait(process)
            yield server
        finally:
            process.terminate()
            process.wait(20)
            shutil.rmtree(home, ignore_errors=True)

    def _config(self, capability, introspection):
        if introspection:
            (self.home / "oauth2.conf").write_text(INTROSPECTION.format(url=introspection))
        root = os.geteuid() == 0
        me, my_group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
        return CONFIG.format(
            home=self.home,
            port=self.port,
            tls_port=self.tls_port,
            internal="dovecot" if root else me,
            login="dovenull" if root else me,
            group="dovecot" if root else my_group,
            owner="mail" if root else me,
            owner_group="mail" if root else my_group,
            chroot="" if root else "chroot =",
            tokens=TOKENS.format(home=self.home) if introspection else "",
            token_mechanisms=" xoauth2 oauthbearer" if introspection else "",
            capability=f"imap_capability = {capability}" if capability else "",
        )

    def _give(self, path):
        if os.geteuid() == 0 and path.name == "mail":
            shutil.chown(path, "mail", "mail")

    def _wait(self, process):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert process.poll() is None, (self.home / "log").read_text()
            time.sleep(0.05)
        raise AssertionError("Dovecot does not answer: " + (self.home / "log").read_text())

    def new_user(self):
        """Return the name of a user whose mailbox is empty."""
        self._users += 1
        assert self._users <= USERS
        return f"user{self._users}"

    def settings(self, user, tmp_path, **changes):
        """Return the door's settings for this user's mailbox."""
        secret = tmp_path / "password"
        secret.write_text(PASSWORD + "\n")
        values = {
            "host": "127.0.0.1",
            "port": self.port,
            "tls": "none",
            "username": user,
            "password_file": secret,
            "account": user,
        }
        return imap.Settings(**(values | changes))

    @contextlib.contextmanager
    def client(self, user):
        """Log in as this user, as staff with another mail program would."""
        with imapclient.IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20) as client:
            client.login(user, PASSWORD)
            client.normalise_times = False
            yield client

    def deliver(self, user, mails, folder="INBOX", at=None):
        """Put mails into a folder."""
        with self.client(user) as client:
            for mail in mails:
                client.append(folder, mail, msg_time=at)

    def contents(self, user, folder):
        """Return the bytes and flags of all mails in a folder, in order."""
        with self.client(user) as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            uids = client.search("ALL")
            found = client.fetch(uids, ["BODY.PEEK[]", "FLAGS"]) if uids else {}
            return [(found[uid][b"BODY[]"], found[uid][b"FLAGS"]) for uid in uids]

    def maildir(self, user):
        """Return where the user's mail lies on the disk."""
        return self.home / "mail" / user
