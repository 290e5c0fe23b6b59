"""Registers many devices from one socket: register_many.py PORT COUNT.

SPDX-License-Identifier: Apache-2.0
"""
import socket
import struct
import sys

port, count = int(sys.argv[1]), int(sys.argv[2])
link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
link.settimeout(5)
link.connect(("127.0.0.1", port))
for i in range(count):
    query = b"ep=device-%06d" % i
    # CON POST, Uri-Path "rd", Content-Format 40, Uri-Query
    link.send(
        struct.pack(">BBH", 0x40, 2, i & 0xFFFF)
        + b"\xb2rd\x11\x28\x3d" + bytes([len(query) - 13]) + query
        + b"\xff</1/0>,</3/0>"
    )
    answer = link.recv(2048)
    if answer[1] != 0x41:
        sys.exit("device %d: answer %02x" % (i, answer[1]))
