/*
 * CoRE Link Format (RFC 6690), as Register, Update and Discover use it (LwM2M Core 1.2 §6.2,
 * §6.3.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_CORELINK_H
#define LWM2M_CORELINK_H

#include <stdbool.h>
#include <stddef.h>

#include <lwm2m/bytes.h>
#include <lwm2m/definition.h>
#include <lwm2m/error.h>
#include <lwm2m/path.h>

/* One link of a payload; everything is borrowed from the payload. */
struct lwm2m_link {
    struct lwm2m_bytes target;     /* between '<' and '>' */
    struct lwm2m_bytes parameters; /* after it, from the first ';': empty if there are none */
    size_t offset;                 /* of '<' in the payload */
};

struct lwm2m_link_parameter {
    struct lwm2m_bytes name;
    struct lwm2m_bytes value; /* without quotes; empty if the parameter has none */
    bool has_value;
};

/* Walks a payload link by link; *rest starts as the payload and shrinks. */
struct lwm2m_link_reader {
    struct lwm2m_bytes payload;
    size_t offset;
};

void lwm2m_link_reader_init(struct lwm2m_link_reader *reader, struct lwm2m_bytes payload);
/*
 * The next link: LWM2M_OK, LWM2M_NOT_FOUND at the end, LWM2M_MALFORMED with *fault (may be NULL). A
 * payload of one attribute list without a target, as Bootstrap-Discover 1.0 begins
 * (`lwm2m="1.0",`), is read as a link with an empty target whose parameters begin without ';'.
 */
enum lwm2m_error lwm2m_link_reader_next(struct lwm2m_link_reader *reader, struct lwm2m_link *link,
                                        struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/* Takes the next parameter off *parameters; false at their end. The link must be without fault. */
bool lwm2m_link_parameter_next(struct lwm2m_bytes *parameters,
                               struct lwm2m_link_parameter *parameter);
/* The parameter of that name; false if there is none. */
bool lwm2m_link_parameter_find(const struct lwm2m_link *link, const char *name,
                               struct lwm2m_link_parameter *parameter);

/*
 * What the payload of a Register or an Update says, entry by entry: paths of objects and instances,
 * below the alternate root path if a link with rt="oma.lwm2m" names one.
 */
struct lwm2m_registered_object {
    struct lwm2m_path path;       /* level OBJECT or INSTANCE */
    struct lwm2m_version version; /* of the ver parameter, or LWM2M_NO_VERSION */
};

struct lwm2m_registration_links {
    struct lwm2m_bytes root; /* the alternate path, without a trailing '/'; empty if "/" */
    struct lwm2m_bytes content_formats; /* the ct parameter, "60 110 112"; empty if absent */
    size_t link_count;
};

/*
 * Reads the payload whole, then calls put (may be NULL) for every object and instance link. Objects
 * 0, 21 and 23 and links that are no LwM2M path are left out; unknown parameters are ignored.
 * LWM2M_MALFORMED, LWM2M_TOO_LARGE (more than max_links), or what put returned.
 */
enum lwm2m_error lwm2m_registration_links_decode(
    struct lwm2m_bytes payload, size_t max_links, struct lwm2m_registration_links *links,
    enum lwm2m_error (*put)(void *context, const struct lwm2m_registered_object *object),
    void *context, struct lwm2m_fault *fault) LWM2M_MUST_CHECK;

/*
 * Appends `<target>` with a comma before it unless out is empty; parameters follow by
 * lwm2m_link_append_parameter. value NULL appends the bare name; quoted puts '"' around it.
 */
enum lwm2m_error lwm2m_link_append(struct lwm2m_buffer *out, const char *target) LWM2M_MUST_CHECK;
enum lwm2m_error lwm2m_link_append_path(struct lwm2m_buffer *out,
                                        struct lwm2m_path path) LWM2M_MUST_CHECK;
enum lwm2m_error lwm2m_link_append_parameter(struct lwm2m_buffer *out, const char *name,
                                             const char *value, bool quoted) LWM2M_MUST_CHECK;

#endif
