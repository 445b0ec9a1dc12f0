"""A mail server for tests: it speaks just enough SMTP, keeps what it has taken, and misbehaves as told."""

import socketserver
import threading
import time
from contextlib import suppress
from email import message_from_bytes, policy

from tests.dripping import drip


class Dialogue(socketserver.StreamRequestHandler):
    timeout = 120

    def handle(self):
        self.server.dialogues += 1
        self.taken = 0
        self.verb = ""
        self.say("220 ready")
        for line in self.rfile:
            verb, _, rest = line.decode().strip().partition(" ")
            self.verb = verb.lower()
            if getattr(self, self.verb)(rest) is False:
                return

    def say(self, words):
        if self.verb == self.server.drips_at:
            drip(self.wfile.write, f"{words}{' and so on' * 20}".encode())
        with suppress(BrokenPipeError):  # who has waited for it has gone
            self.wfile.write(f"{words}\r\n".encode())

    def ehlo(self, _rest):
        if self.server.all_there:
            self.server.all_there.wait(120)
        time.sleep(self.server.thinks)
        self.say("250-here")
        if self.server.shakes_hands is not None:
            self.say("250-STARTTLS")
        self.say("250 AUTH PLAIN")

    def starttls(self, _rest):
        self.say("220 go on")
        drip(self.wfile.write, self.server.shakes_hands)
        return False

    def auth(self, _rest):
        self.say("535 wrong password")

    def rset(self, _rest):
        self.say("250 forgotten")

    def mail(self, _rest):
        if self.server.hangs_up_after is not None and self.taken >= self.server.hangs_up_after:
            self.say("421 too many messages")
            return False
        self.say(self.server.about_senders or "250 fine")
        return None

    def rcpt(self, rest):
        self.to = rest.removeprefix("TO:<").partition(">")[0].lower()
        if self.to == self.server.freezes_before:
            return self.freeze()
        self.say(self.server.about.get(self.to, "250 fine"))
        return None

    def data(self, _rest):
        self.say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        text = b"".join(line.removeprefix(b".") for line in lines)
        if self.to in self.server.breaks_off_with:
            return False
        with self.server.lock:
            self.server.taken.append((self.to, text))
        self.taken += 1
        if len(self.server.taken) == self.server.freezes_after:
            return self.freeze()
        self.say(self.server.about_texts or "250 taken")
        return None

    def freeze(self):
        self.server.frozen.set()
        self.server.thawed.wait(120)
        return False

    def quit(self, _rest):
        self.say("221 bye")
        return False


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Dialogue)
        self.lock = threading.Lock()
        self.taken = []  # (address, text) in the order of their arrival
        self.dialogues = 0
        self.about = {}  # address -> what it is answered instead of 250
        self.about_senders = ""
        self.about_texts = ""
        self.breaks_off_with = set()  # addresses at whose text the line breaks
        self.drips_at = None  # what it answers to this verb ("" is its greeting) comes byte by byte
        self.thinks = 0  # seconds before it answers a greeting
        self.shakes_hands = None  # what it says byte by byte where TLS would begin
        self.hangs_up_after = None  # messages of one dialogue
        self.all_there = None  # a barrier: nobody is served before as many are there
        self.freezes_after = None  # messages in all: then it has taken one and never says so
        self.freezes_before = ""  # an address: of a message to it not a word is taken
        self.frozen, self.thawed = threading.Event(), threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    @property
    def addresses(self):
        return [address for address, _ in self.taken]

    def messages(self):
        return [message_from_bytes(text, policy=policy.default) for _, text in self.taken]

    def close(self):
        self.thawed.set()
        self.shutdown()
        self.server_close()
