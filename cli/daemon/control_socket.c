/*
 * Listens for clients, and keeps what concerns the socket's file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "daemon/control_socket.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/control_connection.h"

#define BACKLOG 64
#define NOBODY_ELSE ((gid_t)-1)

struct control_socket {
    struct lwm2m_watch watch;
    struct lwm2m_loop_hook hook;
    struct lwm2m_loop *loop;
    struct responder responder;
    struct lwm2m_list connections;
    struct sockaddr_un address;
    gid_t group;  /* NOBODY_ELSE, or whose members may connect, too */
    dev_t device; /* of the file that was made: another one is not removed */
    ino_t inode;
    bool bound;
};

static bool refuse(struct control_outcome *failure, enum exit_code exit, const char *hint,
                   const char *path, const char *reason)
{
    control_fail(failure, exit, hint, "cannot listen at %s: %s", path, reason);
    return false;
}

/* True if the group is among those that the process at the other end had beside its first one. */
static bool has_group(int fd, gid_t group)
{
    gid_t none;
    socklen_t size = 0;
    bool found = false;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, &none, &size) == 0 || errno != ERANGE) {
        return false; /* it has none, or the kernel does not tell */
    }
    gid_t *groups = malloc(size);
    if (groups != NULL && getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) == 0) {
        for (size_t i = 0; i < size / sizeof(*groups) && !found; i++) {
            found = groups[i] == group;
        }
    }
    free(groups);
    return found;
}

/* Only processes of our own user, of root and of the group may give orders, whatever the mode of
 * the file has become. */
static bool is_allowed(const struct control_socket *control, int fd)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        return false;
    }
    return peer.uid == geteuid() || peer.uid == 0 ||
           (control->group != NOBODY_ELSE &&
            (peer.gid == control->group || has_group(fd, control->group)));
}

static void ready(struct lwm2m_watch *watch, unsigned events)
{
    struct control_socket *control = LWM2M_CONTAINER_OF(watch, struct control_socket, watch);
    (void)events;
    int fd = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        return;
    }
    if (!is_allowed(control, fd)) {
        static const char refusal[] = "{\"error\":\"you are not of those who may give orders\"}\n";
        /* A new connection has room for it; who hears nothing is refused all the same. */
        (void)!send(fd, refusal, sizeof(refusal) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        close(fd);
        return;
    }
    struct control_connection *connection =
        control_connection_open(control->loop, fd, &control->responder);
    if (connection != NULL) {
        lwm2m_list_append(&control->connections, &connection->node);
    }
}

/* At the end of each turn of the loop, everything that was said goes out, and what is over is
 * closed. */
static void flush(struct lwm2m_loop_hook *hook)
{
    struct control_socket *control = LWM2M_CONTAINER_OF(hook, struct control_socket, hook);
    struct lwm2m_list *node, *next;
    LWM2M_LIST_EACH (node, next, &control->connections) {
        struct control_connection *connection =
            LWM2M_CONTAINER_OF(node, struct control_connection, node);
        if (!control_connection_flush(connection)) {
            control_connection_close(connection);
        }
    }
}

/* True if somebody accepts connections there. */
static bool is_answered(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return false;
    }
    bool answered = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
                    errno == EAGAIN; /* its queue is full: it is alive */
    close(fd);
    return answered;
}

/* Removes the file of a daemon that is gone; nothing else that may lie there. */
static bool clear_path(const struct sockaddr_un *address, struct control_outcome *failure)
{
    struct stat status;
    if (lstat(address->sun_path, &status) != 0) {
        return errno == ENOENT ||
               refuse(failure, EXIT_CODE_IO, NULL, address->sun_path, strerror(errno));
    }
    if (!S_ISSOCK(status.st_mode)) {
        return refuse(failure, EXIT_CODE_IO, "choose another path with --socket", address->sun_path,
                      "a file that is no socket is there");
    }
    if (is_answered(address)) {
        control_fail(failure, EXIT_CODE_IO, "stop it, or choose another path with --socket",
                     "another lwm2m answers on %s", address->sun_path);
        return false;
    }
    return unlink(address->sun_path) == 0 || errno == ENOENT ||
           refuse(failure, EXIT_CODE_IO, NULL, address->sun_path, strerror(errno));
}

static bool find_group(struct control_socket *control, const char *name,
                       struct control_outcome *failure)
{
    control->group = NOBODY_ELSE;
    if (name == NULL) {
        return true;
    }
    errno = 0;
    const struct group *group = getgrnam(name);
    if (group == NULL) {
        control_fail(failure, EXIT_CODE_USAGE, "'getent group' lists those that there are",
                     "there is no group '%s'%s%s", name, errno != 0 ? ": " : "",
                     errno != 0 ? strerror(errno) : "");
        return false;
    }
    control->group = group->gr_gid;
    return true;
}

/* Lets the group in; who is no member of it cannot give it the file. */
static bool share(const struct control_socket *control, struct control_outcome *failure)
{
    const char *path = control->address.sun_path;
    if (control->group == NOBODY_ELSE ||
        (chown(path, (uid_t)-1, control->group) == 0 && chmod(path, 0660) == 0)) {
        return true;
    }
    return refuse(failure, EXIT_CODE_IO, "run the server as a member of the group", path,
                  strerror(errno));
}

static bool listen_at(struct control_socket *control, struct control_outcome *failure)
{
    const char *path = control->address.sun_path;
    struct stat status;
    /* Between bind and chmod nobody else may connect. */
    mode_t mask = umask(0177);
    int bound =
        bind(control->watch.fd, (struct sockaddr *)&control->address, sizeof(control->address));
    int reason = errno;
    umask(mask);
    if (bound != 0) {
        return refuse(failure, EXIT_CODE_IO, "choose another path with --socket", path,
                      strerror(reason));
    }
    control->bound = true;
    if (lstat(path, &status) != 0 || listen(control->watch.fd, BACKLOG) != 0) {
        return refuse(failure, EXIT_CODE_IO, NULL, path, strerror(errno));
    }
    control->device = status.st_dev;
    control->inode = status.st_ino;
    if (!share(control, failure)) {
        return false;
    }
    if (lwm2m_loop_add(control->loop, &control->watch, LWM2M_WATCH_READ) != LWM2M_OK) {
        return refuse(failure, EXIT_CODE_IO, NULL, path, strerror(errno));
    }
    lwm2m_loop_add_hook(control->loop, &control->hook);
    return true;
}

struct control_socket *control_socket_open(struct lwm2m_loop *loop,
                                           const struct control_place *place,
                                           const struct responder *responder,
                                           struct control_outcome *failure)
{
    const char *path = place->path;
    struct control_socket *control = calloc(1, sizeof(*control));
    if (control == NULL) {
        control_fail(failure, EXIT_CODE_IO, NULL, "out of memory");
        return NULL;
    }
    control->loop = loop;
    control->responder = *responder;
    control->watch.ready = ready;
    control->hook.run = flush;
    control->address.sun_family = AF_UNIX;
    lwm2m_list_init(&control->connections);
    control->watch.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (strlen(path) >= sizeof(control->address.sun_path)) {
        refuse(failure, EXIT_CODE_USAGE, NULL, path, "the path of a socket has at most 107 bytes");
    } else if (control->watch.fd < 0) {
        refuse(failure, EXIT_CODE_IO, NULL, path, strerror(errno));
    } else {
        memcpy(control->address.sun_path, path, strlen(path) + 1);
        if (find_group(control, place->group, failure) && clear_path(&control->address, failure) &&
            listen_at(control, failure)) {
            return control;
        }
    }
    if (control->bound) {
        unlink(path);
    }
    if (control->watch.fd >= 0) {
        close(control->watch.fd);
    }
    free(control);
    return NULL;
}

void control_socket_close(struct control_socket *control)
{
    struct lwm2m_list *node;
    struct stat status;
    if (control == NULL) {
        return;
    }
    flush(&control->hook);
    while ((node = lwm2m_list_first(&control->connections)) != NULL) {
        control_connection_close(LWM2M_CONTAINER_OF(node, struct control_connection, node));
    }
    lwm2m_loop_remove_hook(control->loop, &control->hook);
    lwm2m_loop_remove(control->loop, &control->watch);
    close(control->watch.fd);
    if (lstat(control->address.sun_path, &status) == 0 && status.st_dev == control->device &&
        status.st_ino == control->inode) {
        unlink(control->address.sun_path);
    }
    free(control);
}
