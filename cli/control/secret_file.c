/*
 * Reads files that hold keys.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "control/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES_MAX ((off_t)16 << 20)

static bool refuse(struct control_outcome *failure, const char *path, const char *reason)
{
    control_fail(failure, EXIT_CODE_IO, NULL, "cannot read %.200s: %s", path, reason);
    return false;
}

static bool check_mode(const struct stat *status, const char *path, bool any_mode,
                       struct control_outcome *failure)
{
    if (any_mode || !S_ISREG(status->st_mode) || (status->st_mode & 077) == 0) {
        return true;
    }
    control_fail(failure, EXIT_CODE_SECURITY,
                 "chmod 600 it, or say --insecure-permissions if that is meant",
                 "%.200s holds keys, and others than its owner may read or write it", path);
    return false;
}

/* A pipe, as of <(…), belongs to who made it; of a file its mode tells who may read it. */
static bool check(int fd, const char *path, bool any_mode, struct control_outcome *failure)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        return refuse(failure, path, strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return refuse(failure, path, "it is a directory");
    }
    if (!check_mode(&status, path, any_mode, failure)) {
        return false;
    }
    return status.st_size <= BYTES_MAX || refuse(failure, path, "it is larger than 16 MiB");
}

/* Into memory that never moves, so that no copy of a key stays behind. */
static bool read_all(int fd, const char *path, struct lwm2m_bytes *text,
                     struct control_outcome *failure)
{
    uint8_t *memory = malloc((size_t)BYTES_MAX);
    size_t length = 0;
    ssize_t got = 1;
    if (memory == NULL) {
        return refuse(failure, path, "out of memory");
    }
    while (got > 0 && length < (size_t)BYTES_MAX) {
        got = read(fd, memory + length, (size_t)BYTES_MAX - length);
        length += got > 0 ? (size_t)got : 0;
        got = got < 0 && errno == EINTR ? 1 : got;
    }
    *text = (struct lwm2m_bytes){memory, length};
    if (got < 0) {
        return refuse(failure, path, strerror(errno));
    }
    return length < (size_t)BYTES_MAX || refuse(failure, path, "it is larger than 16 MiB");
}

/* What has read a secret leaves none behind in a file of its memory. A sanitizer has to look at
 * that itself. */
static void leave_no_core(void)
{
#if !defined(__SANITIZE_ADDRESS__)
    (void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

bool secret_file_read(const char *path, bool any_mode, struct lwm2m_bytes *text,
                      struct control_outcome *failure)
{
    *text = (struct lwm2m_bytes){NULL, 0};
    leave_no_core();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return refuse(failure, path, strerror(errno));
    }
    bool good = check(fd, path, any_mode, failure) && read_all(fd, path, text, failure);
    close(fd);
    if (!good) {
        secret_file_release(text);
    }
    return good;
}

bool secret_file_check(const char *path, bool any_mode, struct control_outcome *failure)
{
    struct stat status;
    /* Not opened again: a named pipe would wait for another writer. */
    return stat(path, &status) != 0 || check_mode(&status, path, any_mode, failure);
}

void secret_file_release(struct lwm2m_bytes *text)
{
    if (text->data != NULL) {
        explicit_bzero((uint8_t *)(uintptr_t)text->data, text->length);
        free((uint8_t *)(uintptr_t)text->data);
    }
    *text = (struct lwm2m_bytes){NULL, 0};
}
