"""A scripted IMAP server that answers oddly: what no well-kept server does, but some do."""

import contextlib
import re
import socketserver
import threading
import time

ALL = b"IMAP4rev1 MOVE UIDPLUS IDLE"


class OddMailbox(socketserver.ThreadingTCPServer):
    """One INBOX; ``oddities`` says for a UID how its FETCH goes wrong."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, mails, capability=ALL):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails = dict(enumerate(mails, start=1))
        self.moved = []
        self.fetched = []
        self.commands = []
        self.oddities = {}
        self.silent_at = None
        self.refuses_moves = False
        self.news_before_idling = False
        self.deleted = set()
        self.throttles = None
        self.refuses_folders = False
        self.prefix = b""
        self.capability = capability

    @property
    def port(self):
        return self.server_address[1]

    @classmethod
    @contextlib.contextmanager
    def running(cls, mails, **options):
        server = cls(mails, **options)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            server.server_close()


class _Talk(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        with contextlib.suppress(OSError):
            self.say(b"* OK [CAPABILITY " + self.server.capability + b"] odd")
            while line := self.rfile.readline():
                tag, _, words = line.strip().partition(b" ")
                name = words.upper().removeprefix(b"UID ").split(b" ")[0].decode()
                self.server.commands.append(words.decode())
                if self.server.silent_at == name:
                    time.sleep(60)
                answer = getattr(self, f"do_{name.lower()}", self.do_other)(words)
                if answer is None:
                    return
                self.say(tag + b" " + answer)

    def say(self, line):
        self.wfile.write(line + b"\r\n")

    def do_other(self, words):
        return b"OK done"

    def do_capability(self, words):
        self.say(b"* CAPABILITY " + self.server.capability)
        return b"OK done"

    def do_select(self, words):
        self.elsewhere = False
        self.say(b"* %d EXISTS" % len(self.server.mails))
        self.say(b"* 0 RECENT")
        self.say(b"* FLAGS (\\Seen \\Deleted)")
        self.say(b"* OK [UIDVALIDITY 7] ok")
        return b"OK [READ-WRITE] done"

    def do_examine(self, words):
        self.elsewhere = True
        self.say(b"* %d EXISTS" % len(self.server.moved))
        self.say(b"* OK [UIDVALIDITY 8] ok")
        return b"OK [READ-ONLY] done"

    def do_search(self, words):
        if self.elsewhere:
            self.say(b"* SEARCH %d" % (900 + len(self.server.moved)))
            return b"OK done"
        self.say(b"* SEARCH " + b" ".join(b"%d" % uid for uid in self.server.mails))
        return b"OK done"

    def do_idle(self, words):
        if self.server.news_before_idling:
            self.server.news_before_idling = False
            self.say(b"* 1 EXISTS")
        self.say(b"+ idling")
        self.rfile.readline()
        if self.server.silent_at == "DONE":
            time.sleep(60)
        return b"OK done"

    def do_fetch(self, words):
        uids = numbers(words)
        self.server.fetched.append((words, uids))
        if b"BODY" not in words:
            return self._facts(uids)
        if self.server.throttles:
            return self.server.throttles
        if self.elsewhere:
            self.say(b"* 1 FETCH (UID %d BODY[]<0> {4}\r\nKept)" % uids[0])
            return b"OK done"
        for uid in uids:
            odd = self.server.oddities.get(uid)
            if refusal := self._refusal(odd, words):
                return refusal
            if odd == "cut":
                return None
            if odd == "nonsense":
                self.say(b"* %d FETCH (UID %d BODY[] (((" % (uid, uid))
            elif odd != "missing":
                self._give(uid, words)
        return b"OK done"

    def _refusal(self, odd, words):
        refused = {
            "no": True,
            "busy": True,
            "halves": b"BODY.PEEK[]" in words,
            "head": b"BODY.PEEK[HEADER]" not in words,
        }
        told = b"NO [UNAVAILABLE] temporary trouble" if odd == "busy" else b"NO cannot"
        return told if refused.get(odd) else None

    def _facts(self, uids):
        for uid in uids:
            date = b"32-Xyz-2026 25:00:00 +0000" if self.server.oddities.get(uid) == "date" else b"20-Nov-2026 09:00:00 +0000"
            size = len(self.server.mails[uid])
            flags = b"\\Deleted" if uid in self.server.deleted else b""
            told = uid, uid, size, date, flags
            self.say(b'* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE "%s" FLAGS (%s))' % told)
        return b"OK done"

    def _give(self, uid, words):
        head, _, text = self.server.mails[uid].partition(b"\r\n\r\n")
        parts = {b"BODY[HEADER]": head + b"\r\n\r\n", b"BODY[TEXT]": text, b"BODY[]": self.server.mails[uid]}
        key = next(name for name in parts if name.replace(b"BODY", b"BODY.PEEK") in words)
        self.wfile.write(b"* %d FETCH (UID %d %s {%d}\r\n%s)\r\n" % (uid, uid, key, len(parts[key]), parts[key]))

    def do_list(self, words):
        return b"OK done"

    def do_namespace(self, words):
        self.say(b'* NAMESPACE (("%s" ".")) NIL NIL' % self.server.prefix)
        return b"OK done"

    def do_create(self, words):
        if self.server.refuses_folders:
            return b"NO [OVERQUOTA] full"
        return b"OK done" if folder_of(words).encode().startswith(self.server.prefix) else b"NO prefix needed"

    elsewhere = False
    """Whether another folder is open, to be read only."""

    def do_move(self, words):
        if self.server.refuses_moves or not folder_of(words).encode().startswith(self.server.prefix):
            return b"NO [OVERQUOTA] full"
        self._take_away(words)
        return b"OK done"

    def do_copy(self, words):
        self.server.moved.extend((uid, folder_of(words)) for uid in numbers(words))
        return b"OK done"

    def do_expunge(self, words):
        if words.upper().startswith(b"UID"):
            for uid in numbers(words):
                self.server.mails.pop(uid, None)
        return b"OK done"

    def _take_away(self, words):
        for uid in numbers(words):
            self.server.mails.pop(uid)
            self.server.moved.append((uid, folder_of(words)))


def numbers(words):
    """Return the UIDs of a command's set."""
    found = re.search(rb"^UID \w+ ([\d,:]+)", words, re.IGNORECASE).group(1)
    uids = []
    for part in found.split(b","):
        first, _, last = part.partition(b":")
        uids.extend(range(int(first), int(last or first) + 1))
    return uids


def folder_of(words):
    """Return the folder that a MOVE or COPY names."""
    return words.rsplit(b" ", 1)[1].strip(b'"').decode()
