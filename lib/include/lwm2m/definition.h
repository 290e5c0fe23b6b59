/*
 * Definitions: what objects and resources are called, and what they may hold (OMA object registry).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_DEFINITION_H
#define LWM2M_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lwm2m/bytes.h>
#include <lwm2m/error.h>
#include <lwm2m/path.h>
#include <lwm2m/value.h>

enum lwm2m_operations {
    LWM2M_READABLE = 1,
    LWM2M_WRITABLE = 2,
    LWM2M_EXECUTABLE = 4,
};

struct lwm2m_resource_definition {
    uint16_t id;
    uint8_t operations; /* enum lwm2m_operations, or-ed; 0: hidden from the management interface */
    bool multiple;
    bool mandatory;
    enum lwm2m_type type; /* NONE if executable */
    const char *name;     /* as in the registry: "Battery Level" */
    const char *range;    /* as in the registry, "" if none: "0-100" */
    const char *units;    /* as in the registry, "" if none: "/100" */
};

struct lwm2m_version {
    uint8_t major;
    uint8_t minor;
};

/* No version given: the newest that is known. */
#define LWM2M_NO_VERSION ((struct lwm2m_version){0, 0})

/* Reads "1.1"; LWM2M_MALFORMED for anything else. */
enum lwm2m_error lwm2m_version_parse(struct lwm2m_bytes text,
                                     struct lwm2m_version *version) LWM2M_MUST_CHECK;
/* "255.255" and a NUL. */
#define LWM2M_VERSION_TEXT_MAX 8
size_t lwm2m_version_print(struct lwm2m_version version, char text[LWM2M_VERSION_TEXT_MAX]);
int lwm2m_version_compare(struct lwm2m_version a, struct lwm2m_version b);

/*
 * The version in which a device has an object whose version it does not state, when it speaks LwM2M `enabler`:
 * that of the enabler for the objects that belong to it (LwM2M Core 1.1 and 1.2 §7.2.2), 1.0 for all others.
 */
struct lwm2m_version lwm2m_version_of_object(struct lwm2m_version enabler, uint16_t object);

struct lwm2m_definition_table;

struct lwm2m_object_definition {
    uint16_t id;
    bool multiple;
    bool mandatory;
    struct lwm2m_version version;
    struct lwm2m_version lwm2m_version; /* the LwM2M version it needs; 0.0 if not stated */
    const char *name;
    const char *urn;
    size_t resource_count;
    /* Exactly one of the two is set: an array of our own, or the built-in table. */
    const struct lwm2m_resource_definition *resources; /* sorted by id */
    const struct lwm2m_definition_table *table;        /* private */
    uint32_t table_index;                              /* private: the first resource in the table */
    const char *source; /* the file that it was read from; NULL: it is of no file */
};

/*
 * A set of definitions, searched before the set that it stands on: a device's own definition
 * overrides the registry's. Sets are borrowed, const after they were filled, and need no init.
 */
struct lwm2m_definitions {
    const struct lwm2m_object_definition *objects; /* any order, several versions of one id allowed */
    size_t count;
    const struct lwm2m_definitions *parent;        /* NULL: nothing below */
    const struct lwm2m_definition_table *table;    /* private: the registry's; NULL in other sets */
    bool sorted; /* objects are in the order of their ids: found in O(log n) instead of O(n) */
};

/*
 * The registry's table: all object versions and reusable resources, built in as read-only data. An
 * image that does not name it does not link it.
 */
extern const struct lwm2m_definitions lwm2m_registry;

/*
 * Finds an object definition: the version asked for; failing that, the newest version of the same
 * major number; failing that, the newest. LWM2M_NO_VERSION asks for the newest. A set on top hides
 * all versions below it. Fills *definition (names point to static memory or into the set); false if
 * the id is in no set.
 */
bool lwm2m_definitions_find_object(const struct lwm2m_definitions *definitions, uint16_t object,
                                   struct lwm2m_version version,
                                   struct lwm2m_object_definition *definition);

/* The resource at position `index` (< resource_count) of a definition found above, by ascending id. */
void lwm2m_object_definition_get(const struct lwm2m_object_definition *object, size_t index,
                                 struct lwm2m_resource_definition *resource);

/* A resource of one definition, by id; reusable resources are not looked at. O(log n). */
bool lwm2m_object_definition_find(const struct lwm2m_object_definition *object, uint16_t id,
                                  struct lwm2m_resource_definition *resource);

/*
 * Finds a resource: in the object's definition, else among the registry's reusable resources (if
 * the chain of sets ends in the registry). definitions may be NULL: nothing is found.
 */
bool lwm2m_definitions_find_resource(const struct lwm2m_definitions *definitions, uint16_t object,
                                     struct lwm2m_version version, uint16_t resource,
                                     struct lwm2m_resource_definition *definition);

/* The type of the resource that path names, UNTYPED where it is not known. */
enum lwm2m_type lwm2m_definitions_type(const struct lwm2m_definitions *definitions,
                                       struct lwm2m_path path);

/*
 * Calls visit for every object version of the chain that no set on top hides, by ascending id and
 * version; stops at false.
 */
void lwm2m_definitions_visit(const struct lwm2m_definitions *definitions,
                             bool (*visit)(void *context,
                                           const struct lwm2m_object_definition *definition),
                             void *context);

/*
 * Reads a path whose segments are numbers or names of the definitions: "/Device/0/Manufacturer",
 * "3/0/battery_level". Names match without regard to case; blanks, '_' and '-' are alike and may be
 * left out where the registry has them, as may its other punctuation (a '/' has to be: "On/Off" is
 * "onoff" or "on_off"). Of several that match, one that is the same but for case wins; so do an object's
 * own resources (those of its newest version) over the reusable ones. LWM2M_NOT_FOUND for a name that nothing bears, LWM2M_ARGUMENT
 * for one that two bear, LWM2M_MALFORMED as in lwm2m_path_parse; *fault says where (may be NULL).
 */
enum lwm2m_error lwm2m_definitions_parse_path(const struct lwm2m_definitions *definitions,
                                              struct lwm2m_bytes text, struct lwm2m_path *path,
                                              struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

enum lwm2m_name_match {
    LWM2M_NAME_DIFFERS,
    LWM2M_NAME_IS_ALIKE, /* but for blanks and punctuation */
    LWM2M_NAME_IS_SAME,  /* but for case */
};

/* Whether a registered name may be typed so, as lwm2m_definitions_parse_path says. */
enum lwm2m_name_match lwm2m_name_match(const char *name, struct lwm2m_bytes typed);

/* True if the beginning of a registered name may be typed so; *rest is what of the name is behind it. */
bool lwm2m_name_begins(const char *name, struct lwm2m_bytes typed, const char **rest);

/*
 * Writes a registered name, or the rest of one, as one types it: "battery_level" for "Battery Level". Cut where it does not fit
 * into size (> 1) with its NUL. Returns the length.
 */
size_t lwm2m_name_print(const char *name, char *text, size_t size);

#endif
