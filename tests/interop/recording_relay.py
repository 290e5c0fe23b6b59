#!/usr/bin/env python3
"""Relays UDP between one peer and a port, and writes what passes to a pcap file, so that no right to capture is needed.

  recording_relay.py PORT FILE     prints the port that it listens on; ends with its process

SPDX-License-Identifier: Apache-2.0
"""
import select
import socket
import struct
import sys

RAW_IP = 101
COAP_PORT = 5683


def record(file, from_server, payload):
    ports = (COAP_PORT, 40000) if from_server else (40000, COAP_PORT)
    udp = struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload
    local = socket.inet_aton("127.0.0.1")
    packet = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, local, local) + udp
    file.write(struct.pack("<IIII", 0, 0, len(packet), len(packet)) + packet)
    file.flush()


def main():
    near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    near.bind(("127.0.0.1", 0))
    far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    far.connect(("127.0.0.1", int(sys.argv[1])))
    print(near.getsockname()[1], flush=True)
    peer = None
    with open(sys.argv[2], "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, RAW_IP))
        while True:
            for ready in select.select([near, far], [], [])[0]:
                if ready is near:
                    payload, peer = near.recvfrom(65536)
                    far.send(payload)
                else:
                    payload = far.recv(65536)
                    near.sendto(payload, peer)
                record(file, ready is far, payload)


main()
