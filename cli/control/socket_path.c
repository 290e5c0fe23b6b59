/*
 * Finds and makes the places of control sockets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/socket_path.h"

#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "output/environment.h"

#define PATH_BYTES_MAX sizeof(((struct sockaddr_un *)0)->sun_path)

static bool refuse(char *message, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool refuse(char *message, size_t size, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(message, size, format, list);
    va_end(list);
    return false;
}

/* A directory that others could write to would let them answer in the server's place. */
static bool is_private(const char *path, char *message, size_t size)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        return errno == ENOENT || refuse(message, size, "%s: %s", path, strerror(errno));
    }
    if (!S_ISDIR(status.st_mode)) {
        return refuse(message, size, "%s is not a directory", path);
    }
    if (status.st_uid != geteuid()) {
        return refuse(message, size, "%s belongs to another user", path);
    }
    if ((status.st_mode & 022) != 0) {
        return refuse(message, size, "%s can be written by others; chmod 700 it", path);
    }
    return true;
}

bool socket_directory(char *path, size_t size, bool make, char *message, size_t message_size)
{
    const char *runtime = environment("XDG_RUNTIME_DIR");
    const char *temporary = environment("TMPDIR");
    int length;
    if (geteuid() == 0) {
        length = snprintf(path, size, "/run/lwm2m");
    } else if (runtime != NULL) {
        length = snprintf(path, size, "%s/lwm2m", runtime);
    } else {
        length = snprintf(path, size, "%s/lwm2m-%u", temporary != NULL ? temporary : "/tmp",
                          (unsigned)geteuid());
    }
    if (length < 0 || (size_t)length >= size) {
        return refuse(message, message_size, "the path of the control socket is too long");
    }
    if (make && mkdir(path, 0700) != 0 && errno != EEXIST) {
        return refuse(message, message_size, "cannot make %s: %s", path, strerror(errno));
    }
    return is_private(path, message, message_size);
}

static bool take_path(char *path, size_t size, const char *text, char *message, size_t message_size)
{
    if (strlen(text) >= size || strlen(text) >= PATH_BYTES_MAX) {
        return refuse(message, message_size, "%.60s…: a socket's path has at most %zu bytes", text,
                      PATH_BYTES_MAX - 1);
    }
    memcpy(path, text, strlen(text) + 1);
    return true;
}

static bool own_server_path(char *path, size_t size, bool make, char *message, size_t message_size)
{
    char directory[PATH_BYTES_MAX];
    char text[PATH_BYTES_MAX + 16];
    if (!socket_directory(directory, sizeof(directory), make, message, message_size)) {
        return false;
    }
    snprintf(text, sizeof(text), "%s/server.sock", directory);
    return take_path(path, size, text, message, message_size);
}

bool server_socket_path(char *path, size_t size, bool make, char *message, size_t message_size)
{
    const char *given = environment("LWM2M_SOCKET");
    if (given != NULL) {
        return take_path(path, size, given, message, message_size);
    }
    bool found = own_server_path(path, size, make, message, message_size);
    if (make || (found && access(path, F_OK) == 0)) {
        return found;
    }
    /* Only root can have let somebody make it there: nobody can answer in the server's place. */
    return access(SYSTEM_SERVER_SOCKET, F_OK) == 0
               ? take_path(path, size, SYSTEM_SERVER_SOCKET, message, message_size)
               : found;
}

/* An endpoint name may hold what no file name can: its place is named by a hash of it (FNV-1a). */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u;
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    }
    return hash;
}

static bool only_client(const char *directory, char *path, size_t size, char *message,
                        size_t message_size)
{
    char pattern[PATH_BYTES_MAX + 16];
    glob_t found;
    snprintf(pattern, sizeof(pattern), "%s/client-*.sock", directory);
    if (glob(pattern, 0, NULL, &found) != 0) {
        return refuse(message, message_size, "no simulated device runs (no %s)", pattern);
    }
    bool good =
        found.gl_pathc == 1
            ? take_path(path, size, found.gl_pathv[0], message, message_size)
            : refuse(message, message_size,
                     "%zu simulated devices run; choose one with -e ENDPOINT", found.gl_pathc);
    globfree(&found);
    return good;
}

/*
 * Beside the server's socket that the environment names, if nobody else may write there: so devices
 * of one wrapped server are not in the way of another's. Else where all sockets are.
 */
static bool client_directory(char *path, size_t size, bool make, char *message, size_t message_size)
{
    const char *server = environment("LWM2M_SOCKET");
    const char *slash = server != NULL ? strrchr(server, '/') : NULL;
    if (slash != NULL && slash > server && (size_t)(slash - server) < size) {
        memcpy(path, server, (size_t)(slash - server));
        path[slash - server] = '\0';
        if (access(path, F_OK) == 0 && is_private(path, message, message_size)) {
            return true;
        }
    }
    return socket_directory(path, size, make, message, message_size);
}

bool client_socket_path(const char *endpoint, char *path, size_t size, bool make, char *message,
                        size_t message_size)
{
    const char *given = environment("LWM2M_CLIENT_SOCKET");
    if (given != NULL) {
        return take_path(path, size, given, message, message_size);
    }
    char directory[PATH_BYTES_MAX];
    if (!client_directory(directory, sizeof(directory), make, message, message_size)) {
        return false;
    }
    if (endpoint == NULL) {
        return only_client(directory, path, size, message, message_size);
    }
    char text[PATH_BYTES_MAX + 40];
    snprintf(text, sizeof(text), "%s/client-%016llx.sock", directory,
             (unsigned long long)hash_of(endpoint));
    return take_path(path, size, text, message, message_size);
}
