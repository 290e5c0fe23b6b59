/*
 * What the program tells its caller: the documented exit codes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef OUTPUT_EXIT_CODE_H
#define OUTPUT_EXIT_CODE_H

enum exit_code {
    EXIT_CODE_OK = 0,           /* done; the predicate is true */
    EXIT_CODE_FALSE = 1,        /* answered, but an expectation is not met */
    EXIT_CODE_USAGE = 2,        /* the command line, or the content of a file, is wrong */
    EXIT_CODE_DEVICE = 3,       /* a 4.xx or 5.xx came back */
    EXIT_CODE_REGISTRATION = 4, /* the endpoint or group is unknown or not registered */
    EXIT_CODE_TIMEOUT = 5,      /* the time was over */
    EXIT_CODE_TRANSPORT = 6,    /* name resolution, bind, unreachable */
    EXIT_CODE_SECURITY = 7,     /* handshake, keys, certificates */
    EXIT_CODE_DECODE = 8,       /* the peer sent something that cannot be decoded */
    EXIT_CODE_DAEMON = 9,       /* nothing answers on the control socket */
    EXIT_CODE_IO = 10,          /* local files, memory, permissions */
    EXIT_CODE_GROUP = 11,       /* some devices of several failed */
    EXIT_CODE_UNSUPPORTED = 12, /* not supported by the device, its version, or this build */
    EXIT_CODE_INTERRUPTED = 130,
    EXIT_CODE_TERMINATED = 143,
};

/* The class that goes with a code in JSON: "device" for 3. */
const char *exit_code_class(enum exit_code code);

/* The code for a class; EXIT_CODE_IO for a word that is none. */
enum exit_code exit_code_from_class(const char *class_name);

#endif
