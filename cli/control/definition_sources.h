/*
 * Where definitions of objects come from besides the built-in registry: files and directories that
 * the command line and the environment name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_DEFINITION_SOURCES_H
#define CONTROL_DEFINITION_SOURCES_H

#include <stddef.h>

#include <lwm2m/definition_files.h>

#include "argv/options.h"
#include "control/outcome.h"
#include "output/printer.h"

/* Borrowed texts; zeroed: none but the environment's. */
struct definition_sources {
    struct text_list files;       /* --object */
    struct text_list directories; /* --objects */
};

#define DEFINITION_OPTIONS(owner, member)                                                          \
    {.name = "object",                                                                             \
     .kind = OPTION_LIST,                                                                          \
     .offset = offsetof(owner, member.files),                                                      \
     .argument = "FILE",                                                                           \
     .help = "definition of objects, in the OMA's XML; may be given again"},                       \
    {                                                                                              \
        .name = "objects", .kind = OPTION_LIST, .offset = offsetof(owner, member.directories),     \
        .argument = "DIR", .help = "directory of such definitions; also $LWM2M_OBJECTS_PATH"       \
    }

/* What was read: directories at the bottom, files that were named on top of them. Zeroed: nothing. */
struct definition_library {
    struct lwm2m_definition_set *directories;
    struct lwm2m_definition_set *files;
};

/*
 * Where the definitions are that a user has imported: $XDG_DATA_HOME/lwm2m/objects, or the same
 * below ~/.local/share. False if neither variable is set, or the path is too long. It need not
 * exist.
 */
bool user_definitions_directory(char *path, size_t size);

/*
 * Reads the user's directory if it is there, the directories of $LWM2M_OBJECTS_PATH (between
 * colons), those of the sources, then its files, on top of parent; what is read later hides what was read before. A file of a directory
 * that is refused is told on stderr and left out; a file that was named, or a directory that cannot
 * be read, is a failure. False with *failure filled; the library is to be released all the same.
 */
bool definition_library_read(struct definition_library *library,
                             const struct definition_sources *sources,
                             const struct lwm2m_definitions *parent, const struct printer *printer,
                             struct control_outcome *failure);
/* Everything in it and below; valid until it is released. */
const struct lwm2m_definitions *
definition_library_definitions(const struct definition_library *library);
void definition_library_release(struct definition_library *library);

/* Reads one file into a set; false with *failure filled, as "FILE:LINE: reason". */
bool definition_file_read(struct lwm2m_definition_set *set, const char *path,
                          struct control_outcome *failure);

#endif
