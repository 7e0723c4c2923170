"""A matchmaker written from docs/generated/subjects.md alone, with nothing but a socket.

    python3 matchmaker.py nats://127.0.0.1:4222 local

It asks for a server, asks again, gives it back, leaves a request behind and finds what became of it,
takes a request back that waits, and asks where nobody listens. Each step prints a line of JSON.
"""

import base64
import json
import select
import socket
import sys
import time
import uuid
from urllib.parse import urlparse


class Nats:
    """As much of the NATS protocol as a matchmaker needs."""

    def __init__(self, url):
        place = urlparse(url)
        self.socket = socket.create_connection((place.hostname, place.port))
        self.came = b""
        self.kept = []
        self.inbox = "_INBOX." + uuid.uuid4().hex
        self.last_sid = 0
        self.line(time.monotonic() + 5)  # INFO
        words = {"verbose": False, "headers": True, "no_responders": True}
        self.send("CONNECT " + json.dumps(words))

    def send(self, line, payload=None):
        data = line.encode() + b"\r\n"
        self.socket.sendall(data if payload is None else data + payload + b"\r\n")

    def subscribe(self, subject):
        self.last_sid += 1
        self.send(f"SUB {subject} {self.last_sid}")
        return str(self.last_sid)

    def publish(self, subject, body, reply="", headers=None):
        if headers is None:
            self.send(f"PUB {subject} {reply} {len(body)}", body)
            return
        head = "NATS/1.0\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
        head = head.encode()
        self.send(f"HPUB {subject} {reply} {len(head)} {len(head) + len(body)}", head + body)

    def next(self, sid, seconds):
        """A subscription's next message: its headers, and its body. None where none comes in time."""
        for message in self.kept:
            if message[0] == sid:
                self.kept.remove(message)
                return message[1:]
        until = time.monotonic() + seconds
        while (line := self.line(until)) is not None:
            words = line.decode().split()
            if words[0] == "PING":
                self.send("PONG")
            elif words[0] == "-ERR":
                raise RuntimeError(line)
            elif words[0] in ("MSG", "HMSG"):
                head = int(words[-2]) if words[0] == "HMSG" else 0
                data = self.bytes(int(words[-1]) + 2)[:-2]
                message = data[:head].decode(), data[head:]
                if words[2] == sid:
                    return message
                self.kept.append((words[2], *message))
        return None

    def line(self, until):
        while b"\r\n" not in self.came:
            left = max(0, until - time.monotonic())
            if not select.select([self.socket], [], [], left)[0]:
                return None
            self.receive()
        line, self.came = self.came.split(b"\r\n", 1)
        return line

    def bytes(self, count):
        while len(self.came) < count:
            self.receive()
        data, self.came = self.came[:count], self.came[count:]
        return data

    def receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("nats-server hung up")
        self.came += data

    def request(self, subject, body, seconds, headers=None):
        inbox = f"{self.inbox}.{self.last_sid + 1}"
        sid = self.subscribe(inbox)
        self.publish(subject, body, inbox, headers)
        answer = self.next(sid, seconds)
        self.send(f"UNSUB {sid}")
        if answer is None:
            raise TimeoutError(subject)
        return answer


def encoded(body):
    return json.dumps(body).encode()


def token_of(allocation_id):
    return base64.urlsafe_b64encode(allocation_id.encode()).decode().rstrip("=")


def cancelled(nats, region, allocation_id, sid):
    """Says it again until there is a reply: what comes before the request has its place is lost."""
    for _ in range(100):
        nats.publish(f"cancel.{region}", encoded({"allocationId": allocation_id}))
        answer = nats.next(sid, 0.2)
        if answer is not None:
            return answer
    raise TimeoutError(allocation_id)


def found(nats, looking):
    """Looks again until a result is stored."""
    for _ in range(300):
        answer = nats.request(looking, b"", 5)
        if answer[1]:
            return answer
        time.sleep(0.2)
    raise TimeoutError(looking)


def main(url, region):
    nats = Nats(url)

    def say(step, head, body):
        said = json.loads(body) if body else None
        print(json.dumps({"step": step, "head": head, "body": said}), flush=True)
        return said

    def ask(step, request):
        patience = (request.get("waitMs", 0) + request.get("timeoutMs", 15_000) + 500) / 1000
        return say(step, *nats.request(f"allocate.{region}", encoded(request), patience))

    match = "py/" + uuid.uuid4().hex
    ask("asked", {"allocationId": match, "payload": {"map": "docks"}})
    ask("asked again", {"allocationId": match, "payload": {"map": "docks"}})
    end = {"allocationId": match, "reason": "the match is over", "by": "matchmaker.py"}
    say("ended", *nats.request(f"deallocate.{region}", encoded(end), 15.5))

    left = "py/" + uuid.uuid4().hex
    subject = f"result.{region}.{token_of(left)}"
    results = nats.subscribe(subject)
    looking = f"$JS.API.DIRECT.GET.OUTCOMES_{region}.{subject}"
    say("looked too early", *nats.request(looking, b"", 5))
    body = encoded({"allocationId": left, "payload": {"map": "docks"}, "waitMs": 60_000})
    for step in ("stored", "stored again"):
        say(step, *nats.request(f"request.{region}", body, 5, {"Nats-Msg-Id": left}))
    say("looked", *found(nats, looking))
    # It came while the program waited for other answers.
    say("heard", *nats.next(results, 5))

    # Every slot is taken by now where there is one: the next request waits, until it is cancelled.
    waiting = "py/" + uuid.uuid4().hex
    inbox = nats.inbox + ".waiting"
    sid = nats.subscribe(inbox)
    request = {"allocationId": waiting, "waitMs": 10_000}
    nats.publish(f"allocate.{region}", encoded(request), inbox)
    say("cancelled", *cancelled(nats, region, waiting, sid))

    end = encoded({"allocationId": left})
    say("ended what was left", *nats.request(f"deallocate.{region}", end, 15.5))
    say("asked nobody", *nats.request("logs.local.nowhere.1", b"{}", 15.5))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
