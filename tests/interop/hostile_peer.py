#!/usr/bin/env python3
"""Throws hostile CoAP datagrams at a port, and says what came of it.

  hostile_peer.py blocks PORT             the known ways to hurt a block-wise receiver
  hostile_peer.py flood PORT COUNT SEED   mutated datagrams from many addresses and ports of 127.0.0.0/8
  hostile_peer.py devices PORT SEED       devices that register well, and then send nonsense, too much, or flap
  hostile_peer.py amplification PORT      every answer a stranger can provoke against the size of its request

Exit 1 if the peer is gone or answers what it must not.
SPDX-License-Identifier: Apache-2.0
"""
import random
import select
import socket
import struct
import sys
import time

GET, POST, PUT, DELETE, FETCH = 1, 2, 3, 4, 5
OBSERVE, URI_PATH, CONTENT_FORMAT, URI_QUERY, ACCEPT, BLOCK2, BLOCK1, SIZE1 = 6, 11, 12, 15, 17, 23, 27, 60
BAD_REQUEST, REQUEST_INCOMPLETE, TOO_LARGE, CONTINUE = 0x80, 0x88, 0x8D, 0x5F


def extended(number):
    if number < 13:
        return number, b""
    if number < 269:
        return 13, bytes([number - 13])
    return 14, struct.pack(">H", number - 269)


def encode_options(options):
    out, last = b"", 0
    for number, value in sorted(options, key=lambda option: option[0]):
        if isinstance(value, int):
            value = value.to_bytes((value.bit_length() + 7) // 8, "big")
        elif isinstance(value, str):
            value = value.encode()
        delta, more_delta = extended(number - last)
        length, more_length = extended(len(value))
        out += bytes([delta << 4 | length]) + more_delta + more_length + value
        last = number
    return out


def message(code, options=(), payload=b"", kind=0, mid=None, token=b"\x01\x02"):
    if mid is None:
        mid = random.randrange(65536)
    head = struct.pack(">BBH", 0x40 | kind << 4 | len(token), code, mid) + token
    return head + encode_options(options) + (b"\xff" + payload if payload else b"")


def path(text):
    return [(URI_PATH, segment) for segment in text.strip("/").split("/")]


def register(name, block=None, size=None, payload=b""):
    options = path("rd") + [(CONTENT_FORMAT, 40), (URI_QUERY, "ep=" + name), (URI_QUERY, "lt=300"),
                            (URI_QUERY, "lwm2m=1.1")]
    if block is not None:
        number, more, exponent = block
        options.append((BLOCK1, number << 4 | more << 3 | exponent))
    if size is not None:
        options.append((SIZE1, size))
    return message(POST, options, payload)


def open_socket(port, address="127.0.0.1"):
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.bind((address, 0))
    peer.connect(("127.0.0.1", port))
    return peer


def receive(peer, seconds):
    """The datagram that came, or None."""
    if not select.select([peer], [], [], seconds)[0]:
        return None
    return peer.recv(65536)


def ask(peer, datagram, seconds=2.0):
    peer.send(datagram)
    answer = receive(peer, seconds)
    return None if answer is None else answer[1]


def is_alive(port):
    peer = open_socket(port)
    return any(ask(peer, message(GET, path(".well-known/core"))) is not None for _ in range(5))


def blocks(port):
    links = b"</1/0>,</3/0>"
    full = (b"</1/0>,</3/0>" + b",</3303/7>" * 20)[:64]
    # Each step: a datagram and the codes that are right for it; None is silence.
    cases = {
        "two blocks without payload": [(register("a", (0, 1, 2)), {BAD_REQUEST, CONTINUE, REQUEST_INCOMPLETE}),
                                       (register("a", (0, 0, 2)), {0x41, BAD_REQUEST, REQUEST_INCOMPLETE})],
        "a last block without payload": [(register("b", (0, 1, 2), None, full), {CONTINUE}),
                                         (register("b", (1, 0, 2)), {0x41, BAD_REQUEST, REQUEST_INCOMPLETE})],
        "a body without Size1": [(register("c", (0, 1, 0), None, b"</1/0>,</3/0>,</"), {CONTINUE}),
                                 (register("c", (1, 0, 0), None, b"3303/0>"), {0x41})],
        "a huge Size1": [(register("d", (0, 1, 2), 0xFFFFFFF0, full), {TOO_LARGE})],
        "a huge Size1 without a block": [(register("e", None, 0xFFFFFFF0, links), {0x41, TOO_LARGE})],
        "a gap": [(register("f", (0, 1, 2), None, full), {CONTINUE}),
                  (register("f", (2, 0, 2), None, full), {REQUEST_INCOMPLETE})],
        "no first block": [(register("g", (3, 0, 2), None, full), {REQUEST_INCOMPLETE})],
        "the highest block number": [(register("h", (0xFFFFF, 0, 6), None, links),
                                      {REQUEST_INCOMPLETE, TOO_LARGE, BAD_REQUEST})],
        "the first block again and again": [(register("i", (0, 1, 2), None, full), {CONTINUE})] * 50,
        "another block size on the way": [
            (register("j", (0, 1, 2), None, full), {CONTINUE}),
            (register("j", (1, 1, 4), None, full * 4), {CONTINUE, REQUEST_INCOMPLETE, BAD_REQUEST}),
            (register("j", (9, 1, 0), None, full[:16]), {CONTINUE, REQUEST_INCOMPLETE, BAD_REQUEST})],
        "a block shorter than it says": [(register("k", (0, 1, 6), None, b"</"),
                                          {BAD_REQUEST, REQUEST_INCOMPLETE})],
        "the reserved block size": [(register("l", (0, 0, 7), None, links), {BAD_REQUEST, 0x82})],
    }
    wrong = 0
    for name, steps in cases.items():
        peer = open_socket(port)
        for datagram, right in steps:
            code = ask(peer, datagram)
            good = code in right
            wrong += not good
            shown = "silence" if code is None else "%d.%02d" % (code >> 5, code & 31)
            if not good or name != "the first block again and again":
                print("%s %s: %s" % ("ok" if good else "WRONG", name, shown))
    # What is begun and never ended is bounded, whoever begins it.
    for number in range(2000):
        peer = open_socket(port, "127.0.%d.%d" % (1 + number // 250, 1 + number % 250))
        peer.send(register("m%d" % number, (0, 1, 6), 65536, bytes(1024)))
        peer.close()
    return 1 if wrong or not is_alive(port) else 0


def seeds():
    links = b'</>;rt="oma.lwm2m";ct="60 110 112",</1/0>,</3/0>,</3303/0>'
    device = path("3/0/0")
    return [
        register("seed", None, None, links),
        register("seed", (0, 1, 2), 128, (links * 2)[:64]),
        register("seed", (1, 0, 2), None, links[:30]),
        message(POST, path("rd/AAAAAAAAAAAAAAAAAAAAAA") + [(URI_QUERY, "lt=600"), (URI_QUERY, "b=U")], links),
        message(DELETE, path("rd/AAAAAAAAAAAAAAAAAAAAAA")),
        message(GET, path(".well-known/core") + [(BLOCK2, 0)]),
        message(POST, path("dp") + [(CONTENT_FORMAT, 112)], bytes.fromhex("81a221672f332f302f31350363555443")),
        message(POST, path("bs") + [(URI_QUERY, "ep=seed")]),
        message(GET, device + [(OBSERVE, 0), (ACCEPT, 112)]),
        message(GET, device + [(OBSERVE, 1)]),
        message(0x45, [(OBSERVE, 7), (CONTENT_FORMAT, 112)], bytes.fromhex("81a221672f332f302f31350363555443"), 2),
        message(0x45, [(BLOCK2, 0x1E), (CONTENT_FORMAT, 11542)], bytes.fromhex("c10265") * 20, 1),
        message(GET, path("3") + [(ACCEPT, 11542), (BLOCK2, 0x12)]),
        message(PUT, path("3/0/15") + [(CONTENT_FORMAT, 112)], bytes.fromhex("81a221672f332f302f31350363555443")),
        message(PUT, path("3/0") + [(CONTENT_FORMAT, 11542)], bytes.fromhex("c30f5554 43c10e5a")),
        message(PUT, path("3/0/15") + [(CONTENT_FORMAT, 0), (BLOCK1, 0x08)], b"A" * 16),
        message(POST, path("3201/0/5850"), b"0='a',1"),
        message(FETCH, [(CONTENT_FORMAT, 112), (ACCEPT, 112)], bytes.fromhex("81a100662f332f302f30")),
        message(PUT, path("3303/0/5700") + [(URI_QUERY, "pmin=1"), (URI_QUERY, "gt=20.5")]),
        struct.pack(">BBH", 0x40, 0, 7),
        struct.pack(">BBH", 0x70, 0, 7),
    ]


def mutate(chance, datagram):
    data = bytearray(datagram)
    data[2:4] = chance.randbytes(2)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
        at = chance.randrange(len(data)) if data else 0
        what = chance.randrange(7)
        if not data or what == 0:
            data[at:at] = chance.randbytes(chance.randrange(1, 9))
        elif what == 1:
            data[at] ^= 1 << chance.randrange(8)
        elif what == 2:
            data[at] = chance.choice((0, 1, 0x0D, 0x0E, 0x0F, 0x7F, 0x80, 0xD0, 0xE0, 0xF0, 0xFF))
        elif what == 3:
            del data[at:at + chance.randrange(1, 9)]
        elif what == 4:
            del data[at:]
        elif what == 5:
            data[at:at] = data[at:at + chance.randrange(1, 40)] * chance.randrange(1, 4)
        else:
            data[0] = chance.randrange(256)
    return bytes(data)


def flood(port, count, seed):
    chance = random.Random(seed)
    originals = seeds()
    peers = [open_socket(port, "127.%d.%d.%d" % (chance.randrange(256), chance.randrange(256),
                                                 chance.randrange(1, 255))) for _ in range(400)]
    for peer in peers:
        peer.setblocking(False)
    answers, began = 0, time.monotonic()
    for sent in range(count):
        peer = chance.choice(peers)
        try:
            peer.send(mutate(chance, chance.choice(originals)))
            while True:
                peer.recv(65536)
                answers += 1
        except BlockingIOError:
            pass
        except ConnectionRefusedError:
            print("gone after %d datagrams of seed %d" % (sent, seed))
            return 1
        if sent % 200 == 199:
            # Lets the receiver keep up, so that what is counted as sent was also read.
            time.sleep(0.003)
    print("%d datagrams of seed %d in %.1f s, %d answers" % (count, seed, time.monotonic() - began, answers))
    return 0


def amplification(port):
    long_path = path("rd/" + "/".join("a" * 60 for _ in range(3)))
    requests = {
        "ping": struct.pack(">BBH", 0x40, 0, 1),
        "empty with a token": bytes.fromhex("410000010a"),
        "unknown version": bytes.fromhex("80010001"),
        "reserved token length": bytes.fromhex("49010001") + b"123456789",
        "truncated option": bytes.fromhex("40010001bf"),
        "response out of nowhere": message(0x45, [], b"x"),
        "NON response": message(0x45, [], b"x", 1),
        "reset": struct.pack(">BBH", 0x70, 0, 1),
        "lone GET": message(GET, token=b""),
        "lone POST": message(POST, token=b""),
        "unknown method": message(31, token=b""),
        "reserved class": message(0x20, token=b""),
        "7.31": message(0xFF, token=b""),
        "directory": message(GET, path(".well-known/core"), token=b""),
        "directory by blocks": message(GET, path(".well-known/core") + [(BLOCK2, 0)], token=b""),
        "directory, other format": message(GET, path(".well-known/core") + [(ACCEPT, 50)], token=b""),
        "directory, observed": message(GET, path(".well-known/core") + [(OBSERVE, 0)], token=b""),
        "directory, NON": message(GET, path(".well-known/core"), kind=1, token=b""),
        "GET /rd": message(GET, path("rd"), token=b""),
        "bare Register": message(POST, path("rd"), token=b""),
        "Register without lt": message(POST, path("rd") + [(URI_QUERY, "ep=a")], token=b""),
        "shortest Register": message(POST, path("rd") + [(URI_QUERY, "ep=z"), (URI_QUERY, "lt=9"),
                                                         (URI_QUERY, "lwm2m=1.1")], token=b""),
        "shortest Register with links": message(
            POST, path("rd") + [(CONTENT_FORMAT, 40), (URI_QUERY, "ep=y"), (URI_QUERY, "lt=9"),
                                (URI_QUERY, "lwm2m=1.1")], b"</3/0>", token=b""),
        "shortest LwM2M 1.0 Register": message(
            POST, path("rd") + [(CONTENT_FORMAT, 40), (URI_QUERY, "ep=x")], b"</3/0>", token=b""),
        "unknown LwM2M": message(POST, path("rd") + [(URI_QUERY, "ep=a"), (URI_QUERY, "lwm2m=9.9")], token=b""),
        "first block": message(POST, path("rd") + [(BLOCK1, 8)], b"0123456789abcdef", token=b""),
        "huge Size1": message(POST, path("rd") + [(BLOCK1, 8), (SIZE1, 0xFFFFFFF0)], b"0123456789abcdef", token=b""),
        "later block": message(POST, path("rd") + [(BLOCK1, 0x50)], b"0", token=b""),
        "reserved block size": message(POST, path("rd") + [(BLOCK1, 7)], b"0", token=b""),
        "unknown registration": message(POST, path("rd/a"), token=b""),
        "DELETE": message(DELETE, path("rd/a"), token=b""),
        "DELETE /rd": message(DELETE, path("rd"), token=b""),
        "PUT": message(PUT, path("rd/a"), token=b""),
        "Send": message(POST, path("dp"), token=b""),
        "bootstrap": message(POST, path("bs"), token=b""),
        "bootstrap pack": message(GET, path("bspack"), token=b""),
        "unknown path": message(GET, path("x"), token=b""),
        "long path": message(GET, long_path, token=b""),
        "critical option": message(GET, [(65001, b"")], token=b""),
        "proxy": message(GET, [(35, "coap://x")], token=b""),
        "one hop": message(GET, path("x") + [(16, 1)], token=b""),
    }
    worst, wrong = 0.0, 0
    for name, datagram in requests.items():
        peer = open_socket(port)
        peer.send(datagram)
        # A stranger sends no acknowledgement: what is sent again counts as well.
        came = []
        while (answer := receive(peer, 0.05)) is not None:
            came.append(len(answer))
        factor = sum(came) / len(datagram)
        worst = max(worst, factor)
        wrong += factor > 3
        print("%s %s: %d bytes, answered by %s: x%.2f" % ("WRONG" if factor > 3 else "ok", name, len(datagram),
                                                       sum(came), factor))
    print("largest factor %.2f" % worst)
    return 1 if wrong or not is_alive(port) else 0


def send_in_blocks(peer, content_format, payload, token, mid):
    """The code of the answer that ends a Send of that body in blocks of 1,024 bytes; the first has that message id."""
    for start in range(0, len(payload), 1024):
        more = start + 1024 < len(payload)
        options = path("dp") + [(CONTENT_FORMAT, content_format), (BLOCK1, start // 1024 << 4 | more << 3 | 6)]
        code = ask(peer, message(POST, options, payload[start:start + 1024], 0,
                                 mid + start // 1024, token=token))
        if code != CONTINUE:
            return code
    return code


def nonsense(chance):
    """416 payloads of every kind that a parser could trip over."""
    senml = bytes.fromhex("81a221672f332f302f31350363555443")
    yield from (b"", b"\x81" * 1000, b"\x9f" * 1000, b"\xa1" * 1000, b"\xdb" + b"\xff" * 9, b"\x9b" + b"\xff" * 8,
                b"\xbb" + b"\xff" * 8, b"\x5b" + b"\xff" * 8, b"[" * 1000, b'{"e":' * 200, b'[{"n":"' + b"/" * 900,
                b'[{"n":"/3/0/0","v":1e999999}]', b'[{"bn":"/3/","n":"0/65535","v":1}]', b"\xff" * 1000,
                b'[{"n":"/3/0/0","vs":"\\ud800"}]', b"\xc8\x00\xff" * 300)
    for _ in range(200):
        yield chance.randbytes(chance.randrange(1, 1000))
        yield mutate(chance, bytes(4) + senml * chance.randrange(1, 4))[4:]


def devices(port, seed):
    chance = random.Random(seed)
    formats = (0, 42, 60, 110, 112, 320, 322, 1542, 1543, 11542, 11543, 11544, 65000)
    refused = {BAD_REQUEST, 0x84, TOO_LARGE, 0x8F}
    peer, wrong, taken = open_socket(port, "127.9.0.1"), 0, 0
    wrong += ask(peer, register("hostile", None, None, b"</1/0>,</3/0>,</3303/0>")) != 0x41
    mid = 0
    for content_format in formats:
        for payload in nonsense(chance):
            mid += 1  # each its own: a repeated one is a duplicate
            code = ask(peer, message(POST, path("dp") + [(CONTENT_FORMAT, content_format)], payload, 0, mid,
                                     token=chance.randbytes(4)))
            taken += code == 0x44
            if code not in refused and code != 0x44:
                print("WRONG: format %d, %s: %s" % (content_format, payload[:40].hex(), code))
                wrong += 1
    # More than a Send may hold, of one value and of thousands.
    for content_format, payload in ((112, b"\x81\xa2\x00\x68/3/0/0\x03\x5a\x00\x00\xff\xe0" + b"x" * 65504),
                                    (112, b"\x9f" + b"\xa2\x00\x66/3/0/0\x02\x01" * 6000 + b"\xff"),
                                    (110, b"[" + b'{"n":"/3/0/0","v":1},' * 3000 + b"]"), (0, bytes(65536))):
        # A message id that this peer has used before would make it a duplicate, which is not answered again.
        code = send_in_blocks(peer, content_format, payload, chance.randbytes(4), mid + 1)
        mid += len(payload) // 1024 + 1
        if code not in refused:
            print("WRONG: %d bytes in format %d: %s" % (len(payload), content_format, code))
            wrong += 1
    # Notifications that nobody asked for.
    for number in range(2000):
        peer.send(message(0x45, [(OBSERVE, chance.randrange(1 << 24)), (CONTENT_FORMAT, chance.choice(formats))],
                          chance.randbytes(chance.randrange(64)), number % 2, token=chance.randbytes(8)))
        while receive(peer, 0) is not None:
            pass
    # One that sleeps, wakes, and comes again under the same name from elsewhere.
    for number in range(300):
        flapping = open_socket(port, "127.9.1.%d" % (1 + number % 200))
        options = path("rd") + [(CONTENT_FORMAT, 40), (URI_QUERY, "ep=flap"), (URI_QUERY, "lt=300"),
                                (URI_QUERY, "lwm2m=1.1"), (URI_QUERY, "Q")]
        wrong += ask(flapping, message(POST, options, b"</1/0>,</3/0>", token=chance.randbytes(4))) != 0x41
        flapping.close()
    print("%d Sends of nonsense, of which %d were well formed" % (416 * len(formats), taken))
    return 1 if wrong or not is_alive(port) else 0


def main():
    acts = {"blocks": blocks, "flood": flood, "devices": devices, "amplification": amplification}
    if len(sys.argv) < 3 or sys.argv[1] not in acts:
        print(__doc__, file=sys.stderr)
        return 2
    return acts[sys.argv[1]](*map(int, sys.argv[2:]))


sys.exit(main())
