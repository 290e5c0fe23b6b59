# Many rude clients of the control socket at a time do not keep the server from the polite one.
#
# SPDX-License-Identifier: Apache-2.0

load programs

teardown() {
    stop_all
}

@test "a hundred connections of garbage, half lines and endless lines" {
    start_server
    start_device dut-1
    run timeout 60 python3 - "$socket" <<'PYTHON'
import random
import socket
import sys

chance = random.Random(3)
clients = []
for number in range(100):
    client = socket.socket(socket.AF_UNIX)
    client.connect(sys.argv[1])
    client.settimeout(2)
    clients.append(client)
    try:
        if number % 4 == 0:
            client.sendall(chance.randbytes(5000) + b"\n")
        elif number % 4 == 1:
            client.sendall(b'{"id":1,"op":"re')
        elif number % 4 == 2:
            client.sendall(b'{"id":1,"op":"list"}\n' * 50 + b"[[[[")
        elif number % 20 == 3:
            client.sendall(b"x" * (2 << 20))
    except (BrokenPipeError, ConnectionResetError):
        pass
polite = socket.socket(socket.AF_UNIX)
polite.settimeout(5)
polite.connect(sys.argv[1])
polite.sendall(b'{"id":7,"op":"list"}\n')
answer = b""
while b'"id":7' not in answer:
    answer += polite.recv(65536)
print("answered")
PYTHON
    [ "$status" -eq 0 ]
    [[ $output == *answered* ]]
    kill -0 "$server_pid"
    run "$lwm2m" read -e dut-1 /3/0/0 --expect lwm2m
    [ "$status" -eq 0 ]
}
