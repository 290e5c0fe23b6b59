"""A device of a few lines that answers what no honest one does: tests see what the commands make of it.

Usage: scripted_device.py coap://HOST:PORT ENDPOINT

SPDX-License-Identifier: Apache-2.0
"""
import socket
import sys

CON, ACK = 0, 2
GET, POST, DELETE, FETCH, IPATCH = 1, 2, 4, 5, 7
LOCATION_PATH, URI_PATH, CONTENT_FORMAT, URI_QUERY, ACCEPT = 8, 11, 12, 15, 17
LINK_FORMAT, SENML_CBOR, TLV = 40, 112, 11542
# Two values of one resource, with their times: 21.5 and, a minute later, 22.
HISTORY = (b"\x82\xa3\x21\x6c/3303/0/5700\x22\x1a" + (1790000000).to_bytes(4, "big") + b"\x02\xf9\x4d\x60"
           + b"\xa2\x06\x18\x3c\x02\xf9\x4d\x80")


def code(text):
    high, low = text.split(".")
    return int(high) << 5 | int(low)


def encode(kind, number, mid, token, options=(), payload=b""):
    message = bytes([1 << 6 | kind << 4 | len(token), number]) + mid.to_bytes(2, "big") + token
    last = 0
    for option, value in sorted(options, key=lambda pair: pair[0]):
        delta, last = option - last, option
        head, extra = (13, bytes([delta - 13])) if delta >= 13 else (delta, b"")
        size, more = (13, bytes([len(value) - 13])) if len(value) >= 13 else (len(value), b"")
        message += bytes([head << 4 | size]) + extra + more + value
    return message + (b"\xff" + payload if payload else b"")


def decode(message):
    """Type, code, message id, token, {option: [values]} of a message."""
    size = message[0] & 15
    token, at, option, options = message[4:4 + size], 4 + size, 0, {}
    while at < len(message) and message[at] != 0xff:
        delta, length = message[at] >> 4, message[at] & 15
        at += 1
        if delta == 13:
            delta, at = 13 + message[at], at + 1
        if length == 13:
            length, at = 13 + message[at], at + 1
        option += delta
        options.setdefault(option, []).append(message[at:at + length])
        at += length
    return message[0] >> 4 & 3, message[1], int.from_bytes(message[2:4], "big"), token, options


def number(value):
    return value.to_bytes(2, "big").lstrip(b"\0")


def answer(method, path, accept):
    """Code, options and payload."""
    if method == GET and accept == LINK_FORMAT:
        return "2.05", [(CONTENT_FORMAT, number(LINK_FORMAT))], b"<<<"
    if method in (FETCH, IPATCH):  # as one does that has no composite operations
        return "4.05", [], b""
    answers = {
        (GET, "3/0/0"): ("2.05", [(CONTENT_FORMAT, number(TLV))], b"\xff\xff"),  # broken
        (GET, "3/0/1"): ("5.03", [], b""),
        (GET, "3/0/2"): ("2.05", [(CONTENT_FORMAT, b"")], b"plain"),  # never observes
        (GET, "3/0/3"): ("2.05", [(CONTENT_FORMAT, number(65000))], b"?"),
        (GET, "3/0/16"): ("2.05", [(CONTENT_FORMAT, b"")], b"U"),  # and it sends HISTORY by itself
        (GET, "3/0/17"): ("2.05", [(CONTENT_FORMAT, b"")], b"red\x1b[31m\xc2\x9b"),
        (GET, "3303/0/5700"): ("4.01", [], b""),
        (POST, "3303"): ("2.01", [(LOCATION_PATH, b"3303"), (LOCATION_PATH, b"7")], b""),
        (DELETE, "3303/7"): ("2.02", [], b""),
    }
    return answers.get((method, path), ("4.04", [], b""))


def main():
    host, port = sys.argv[1].removeprefix("coap://").rsplit(":", 1)
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.connect((host, int(port)))
    query = [b"ep=" + sys.argv[2].encode(), b"lt=4294967295", b"lwm2m=1.1", b"b=U"]
    link.send(encode(CON, POST, 1, b"r", [(URI_PATH, b"rd"), (CONTENT_FORMAT, number(LINK_FORMAT))]
                     + [(URI_QUERY, part) for part in query],
                     b'</>;ct="0 42 112 11542",</1/0>,</3/0>,</3303/0>'))
    while True:
        kind, method, mid, token, options = decode(link.recv(2048))
        if kind != CON:
            continue
        path = "/".join(part.decode() for part in options.get(URI_PATH, []))
        accept = int.from_bytes(options.get(ACCEPT, [b"\xff"])[0], "big")
        status, more, payload = answer(method, path, accept)
        link.send(encode(ACK, code(status), mid, token, more, payload))
        if path == "3/0/16":
            link.send(encode(CON, POST, 2, b"s", [(URI_PATH, b"dp"), (CONTENT_FORMAT, number(SENML_CBOR))], HISTORY))


main()
