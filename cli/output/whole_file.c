/*
 * Writes files whole or not at all.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY_NAME ".lwm2m-XXXXXX"

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* The descriptor by which the program already writes to what has that status; -1 if none does. */
static int standard_descriptor(const struct stat *status)
{
    struct stat standard;
    for (int descriptor = STDOUT_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        if (fstat(descriptor, &standard) == 0 && standard.st_dev == status->st_dev &&
            standard.st_ino == status->st_ino) {
            return descriptor;
        }
    }
    return -1;
}

/* Writes behind what the program has written there itself, as far as there is such a descriptor. */
static bool open_through(struct whole_file *file, const char *name, int standard)
{
    if (standard < 0) {
        file->stream = fopen(name, "wbe");
        return file->stream != NULL;
    }
    fflush(NULL);
    int descriptor = fcntl(standard, F_DUPFD_CLOEXEC, 0);
    file->stream = descriptor >= 0 ? fdopen(descriptor, "wb") : NULL;
    if (file->stream == NULL && descriptor >= 0) {
        close(descriptor);
    }
    return file->stream != NULL;
}

/* In the same folder, since a rename cannot cross file systems. */
static bool name_temporary(struct whole_file *file)
{
    const char *slash = strrchr(file->target, '/');
    int folder = slash != NULL ? (int)(slash - file->target) + 1 : 0;
    int length =
        snprintf(file->beside, sizeof(file->beside), "%.*s" TEMPORARY_NAME, folder, file->target);
    if (length < 0 || (size_t)length >= sizeof(file->beside)) {
        errno = ENAMETOOLONG;
        return false;
    }
    return true;
}

static bool open_beside(struct whole_file *file)
{
    if (!name_temporary(file)) {
        return false;
    }
    int descriptor = mkostemp(file->beside, O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    file->stream = fdopen(descriptor, "wb");
    if (file->stream == NULL) {
        int error = errno;
        close(descriptor);
        unlink(file->beside);
        errno = error;
    }
    return file->stream != NULL;
}

bool whole_file_open(struct whole_file *file, const char *name, mode_t mode)
{
    struct stat status;
    *file = (struct whole_file){.mode = mode != 0 ? mode : usual_mode()};
    bool exists = stat(name, &status) == 0;
    /* A link to nothing has no target that could be replaced, yet one that can be made. */
    if (!exists && lstat(name, &status) == 0) {
        return open_through(file, name, -1);
    }
    int standard = exists ? standard_descriptor(&status) : -1;
    if (exists && (standard >= 0 || !S_ISREG(status.st_mode))) {
        return open_through(file, name, standard);
    }
    if (!exists) {
        if (strlen(name) >= sizeof(file->target)) {
            errno = ENAMETOOLONG;
            return false;
        }
        memcpy(file->target, name, strlen(name) + 1);
    } else {
        /* A rename would also replace what its owner has protected against writing. */
        if (realpath(name, file->target) == NULL || access(file->target, W_OK) != 0) {
            return false;
        }
        file->mode = status.st_mode & 07777;
    }
    return open_beside(file);
}

/* Brings what was written to the disk before the name says that it is there. */
static bool complete(const struct whole_file *file)
{
    if (fflush(file->stream) != 0 || ferror(file->stream)) {
        return false;
    }
    if (file->beside[0] == '\0') {
        return true;
    }
    /* Where modes do not matter they may not be set either. */
    (void)!fchmod(fileno(file->stream), file->mode);
    return fsync(fileno(file->stream)) == 0;
}

bool whole_file_close(struct whole_file *file, bool good)
{
    good = good && complete(file);
    int error = errno;
    if (fclose(file->stream) != 0 && good) {
        error = errno;
        good = false;
    }
    if (good && file->beside[0] != '\0' && rename(file->beside, file->target) != 0) {
        error = errno;
        good = false;
    }
    if (!good && file->beside[0] != '\0') {
        unlink(file->beside);
    }
    file->stream = NULL;
    errno = error;
    return good;
}

static const char *next_step(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return "make its folder first, or name a file in another one";
    case EISDIR:
        return "that is a folder: name a file in it";
    case EACCES:
    case EPERM:
    case EROFS:
        return "name a file in a folder that you may write to";
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return "make room, or name a file on another disk";
    default:
        return NULL;
    }
}

enum exit_code whole_file_refuse(const struct printer *printer, const char *name, int error)
{
    char *message;
    if (asprintf(&message, "cannot write %s: %s", name, strerror(error)) < 0) {
        message = NULL;
    }
    print_error(printer, message != NULL ? message : strerror(error), next_step(error));
    free(message);
    return EXIT_CODE_IO;
}
