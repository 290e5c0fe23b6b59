/*
 * Where control sockets are.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_SOCKET_PATH_H
#define CONTROL_SOCKET_PATH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The directory of this user's control sockets: /run/lwm2m for root, else $XDG_RUNTIME_DIR/lwm2m,
 * else a directory of the user's own below the temporary directory. make: create it (0700) if it is
 * missing. False with a message if it cannot be made, is not ours, or others may enter it.
 */
bool socket_directory(char *path, size_t size, bool make, char *message, size_t message_size);

/* Where the server listens that the service manager runs (lwm2m-server.service). */
#define SYSTEM_SERVER_SOCKET "/run/lwm2m-server/server.sock"

/*
 * The server's socket: $LWM2M_SOCKET, or server.sock in the directory. To one who wants to connect (not
 * make) it is SYSTEM_SERVER_SOCKET if that is there and the user's own is not.
 */
bool server_socket_path(char *path, size_t size, bool make, char *message, size_t message_size);

/*
 * A simulated device's socket: $LWM2M_CLIENT_SOCKET, or client-<hash of endpoint>.sock beside
 * $LWM2M_SOCKET if that directory is private, else in the one above. endpoint NULL: the only one that is there.
 */
bool client_socket_path(const char *endpoint, char *path, size_t size, bool make, char *message,
                        size_t message_size);

#endif
