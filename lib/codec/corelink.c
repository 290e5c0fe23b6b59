/*
 * CoRE Link Format (RFC 6690): reads and writes the links of Register, Update and Discover.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/corelink.h>

#include <string.h>

struct cursor {
    struct lwm2m_bytes text;
    size_t at;
};

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* The byte at the cursor; 0, which no link holds, at the end. */
static uint8_t peek(const struct cursor *cursor)
{
    return cursor->at < cursor->text.length ? cursor->text.data[cursor->at] : 0;
}

static bool at_end(const struct cursor *cursor)
{
    return cursor->at == cursor->text.length;
}

static void skip_blanks(struct cursor *cursor)
{
    while (is_blank(peek(cursor))) {
        cursor->at++;
    }
}

static struct lwm2m_bytes between(const struct cursor *cursor, size_t start)
{
    return (struct lwm2m_bytes){.data = cursor->text.data + start, .length = cursor->at - start};
}

static bool is_token(uint8_t byte)
{
    return byte > ' ' && byte != 0x7F && byte != ',' && byte != ';' && byte != '"';
}

/* Reads `"…"`, the cursor on its first quote; what is escaped in it stays as it is. */
static const char *read_quoted(struct cursor *cursor, struct lwm2m_bytes *value)
{
    size_t start = ++cursor->at;

    while (!at_end(cursor) && peek(cursor) != '"') {
        if (peek(cursor) == '\\') {
            cursor->at++;
        }
        if (at_end(cursor)) {
            break;
        }
        cursor->at++;
    }
    if (at_end(cursor)) {
        return "a quoted value without its end";
    }
    *value = between(cursor, start);
    cursor->at++;
    return NULL;
}

/* Reads `name`, `name=value` or `name="value"`; returns what is wrong with it, or NULL. */
static const char *read_parameter(struct cursor *cursor, struct lwm2m_link_parameter *parameter)
{
    size_t start = cursor->at;

    *parameter = (struct lwm2m_link_parameter){.has_value = false};
    while (is_token(peek(cursor)) && peek(cursor) != '=') {
        cursor->at++;
    }
    parameter->name = between(cursor, start);
    if (parameter->name.length == 0) {
        return "a parameter without a name";
    }
    skip_blanks(cursor);
    if (peek(cursor) != '=') {
        return NULL;
    }
    cursor->at++;
    skip_blanks(cursor);
    parameter->has_value = true;
    if (peek(cursor) == '"') {
        return read_quoted(cursor, &parameter->value);
    }
    start = cursor->at;
    while (is_token(peek(cursor))) {
        cursor->at++;
    }
    parameter->value = between(cursor, start);
    return NULL;
}

/* Reads `;parameter;parameter…`, or without the first ';' where the link has no target. */
static const char *read_parameters(struct cursor *cursor, bool begins_bare,
                                   struct lwm2m_bytes *parameters)
{
    size_t start = cursor->at;
    size_t end = start;

    while (begins_bare || peek(cursor) == ';') {
        struct lwm2m_link_parameter parameter;
        const char *reason;

        if (!begins_bare) {
            cursor->at++;
        }
        begins_bare = false;
        skip_blanks(cursor);
        reason = read_parameter(cursor, &parameter);
        if (reason != NULL) {
            return reason;
        }
        end = cursor->at;
        skip_blanks(cursor);
    }
    *parameters = (struct lwm2m_bytes){.data = cursor->text.data + start, .length = end - start};
    if (!at_end(cursor) && peek(cursor) != ',') {
        return "neither a parameter nor the next link";
    }
    return NULL;
}

/* Reads `<target>`. */
static const char *read_target(struct cursor *cursor, struct lwm2m_bytes *target)
{
    size_t start = ++cursor->at;

    while (peek(cursor) > ' ' && peek(cursor) != '>' && peek(cursor) != '<') {
        cursor->at++;
    }
    if (peek(cursor) != '>') {
        return "a target without its '>'";
    }
    *target = between(cursor, start);
    cursor->at++;
    skip_blanks(cursor);
    return NULL;
}

static const char *read_link(struct cursor *cursor, bool is_first, struct lwm2m_link *link)
{
    bool has_target = peek(cursor) == '<';
    const char *reason = NULL;

    *link = (struct lwm2m_link){.offset = cursor->at};
    if (!has_target && !is_first) {
        return "a link that does not begin with '<'";
    }
    if (has_target) {
        reason = read_target(cursor, &link->target);
    }
    return reason != NULL ? reason : read_parameters(cursor, !has_target, &link->parameters);
}

void lwm2m_link_reader_init(struct lwm2m_link_reader *reader, struct lwm2m_bytes payload)
{
    *reader = (struct lwm2m_link_reader){.payload = payload};
}

enum lwm2m_error lwm2m_link_reader_next(struct lwm2m_link_reader *reader, struct lwm2m_link *link,
                                        struct lwm2m_fault *fault)
{
    struct cursor cursor = {.text = reader->payload, .at = reader->offset};
    bool is_first = reader->offset == 0;
    const char *reason;

    skip_blanks(&cursor);
    if (at_end(&cursor)) {
        return LWM2M_NOT_FOUND;
    }
    if (!is_first) {
        cursor.at++; /* the comma that ended the link before */
        skip_blanks(&cursor);
    }
    reason = read_link(&cursor, is_first, link);
    if (reason != NULL) {
        return lwm2m_fault_set(fault, LWM2M_MALFORMED, cursor.at, reason);
    }
    reader->offset = cursor.at;
    return LWM2M_OK;
}

bool lwm2m_link_parameter_next(struct lwm2m_bytes *parameters,
                               struct lwm2m_link_parameter *parameter)
{
    struct cursor cursor = {.text = *parameters};

    skip_blanks(&cursor);
    if (peek(&cursor) == ';') {
        cursor.at++;
    }
    skip_blanks(&cursor);
    if (at_end(&cursor) || read_parameter(&cursor, parameter) != NULL) {
        return false;
    }
    parameters->data += cursor.at;
    parameters->length -= cursor.at;
    return true;
}

bool lwm2m_link_parameter_find(const struct lwm2m_link *link, const char *name,
                               struct lwm2m_link_parameter *parameter)
{
    struct lwm2m_bytes rest = link->parameters;

    while (lwm2m_link_parameter_next(&rest, parameter)) {
        if (lwm2m_bytes_equal_text(parameter->name, name)) {
            return true;
        }
    }
    return false;
}

/* True if the blank-separated list holds the word. */
static bool list_holds(struct lwm2m_bytes list, const char *word)
{
    size_t at = 0;

    while (at < list.length) {
        size_t start = at;

        while (at < list.length && list.data[at] != ' ') {
            at++;
        }
        if (lwm2m_bytes_equal_text(
                (struct lwm2m_bytes){.data = list.data + start, .length = at - start}, word)) {
            return true;
        }
        at++;
    }
    return false;
}

static void take_root(const struct lwm2m_link *link, struct lwm2m_registration_links *links)
{
    struct lwm2m_link_parameter parameter;
    bool is_root = lwm2m_link_parameter_find(link, "rt", &parameter) &&
                   list_holds(parameter.value, "oma.lwm2m");

    if (!is_root && !lwm2m_bytes_equal_text(link->target, "/")) {
        return;
    }
    if (is_root) {
        links->root = link->target;
        while (links->root.length > 0 && links->root.data[links->root.length - 1] == '/') {
            links->root.length--;
        }
    }
    if (lwm2m_link_parameter_find(link, "ct", &parameter)) {
        links->content_formats = parameter.value;
    }
}

/* Takes the alternate root off the front of target; false if it does not lie below it. */
static bool strip_root(struct lwm2m_bytes root, struct lwm2m_bytes *target)
{
    if (target->length <= root.length ||
        !lwm2m_bytes_equal((struct lwm2m_bytes){.data = target->data, .length = root.length},
                           root) ||
        target->data[root.length] != '/') {
        return false;
    }
    target->data += root.length;
    target->length -= root.length;
    return true;
}

/* The objects that a device must not list. */
static bool is_unlisted(uint16_t object)
{
    return object == 0 || object == 21 || object == 23;
}

static bool is_object_link(const struct lwm2m_link *link,
                           const struct lwm2m_registration_links *links,
                           struct lwm2m_registered_object *object)
{
    struct lwm2m_bytes target = link->target;
    struct lwm2m_link_parameter parameter;

    if (!strip_root(links->root, &target) ||
        lwm2m_path_parse(target, &object->path, NULL) != LWM2M_OK) {
        return false;
    }
    if ((object->path.level != LWM2M_LEVEL_OBJECT && object->path.level != LWM2M_LEVEL_INSTANCE) ||
        is_unlisted(object->path.object)) {
        return false;
    }
    object->version = LWM2M_NO_VERSION;
    if (lwm2m_link_parameter_find(link, "ver", &parameter) &&
        lwm2m_version_parse(parameter.value, &object->version) != LWM2M_OK) {
        object->version = LWM2M_NO_VERSION;
    }
    return true;
}

/* Everything about the payload that has to be known before its first object. */
static enum lwm2m_error survey(struct lwm2m_bytes payload, size_t max_links,
                               struct lwm2m_registration_links *links, struct lwm2m_fault *fault)
{
    struct lwm2m_link_reader reader;
    struct lwm2m_link link;
    enum lwm2m_error error;

    lwm2m_link_reader_init(&reader, payload);
    while ((error = lwm2m_link_reader_next(&reader, &link, fault)) == LWM2M_OK) {
        if (payload.data[link.offset] != '<') {
            return lwm2m_fault_set(fault, LWM2M_MALFORMED, link.offset, "a link begins with '<'");
        }
        if (links->link_count == max_links) {
            return lwm2m_fault_set(fault, LWM2M_TOO_LARGE, link.offset, "too many links");
        }
        links->link_count++;
        take_root(&link, links);
    }
    return error == LWM2M_NOT_FOUND ? LWM2M_OK : error;
}

enum lwm2m_error lwm2m_registration_links_decode(
    struct lwm2m_bytes payload, size_t max_links, struct lwm2m_registration_links *links,
    enum lwm2m_error (*put)(void *context, const struct lwm2m_registered_object *object),
    void *context, struct lwm2m_fault *fault)
{
    struct lwm2m_link_reader reader;
    struct lwm2m_link link;
    enum lwm2m_error error;

    *links = (struct lwm2m_registration_links){.link_count = 0};
    error = survey(payload, max_links, links, fault);
    if (error != LWM2M_OK || put == NULL) {
        return error;
    }
    lwm2m_link_reader_init(&reader, payload);
    while (lwm2m_link_reader_next(&reader, &link, NULL) == LWM2M_OK) {
        struct lwm2m_registered_object object;

        if (!is_object_link(&link, links, &object)) {
            continue;
        }
        error = put(context, &object);
        if (error != LWM2M_OK) {
            return error;
        }
    }
    return LWM2M_OK;
}

enum lwm2m_error lwm2m_link_append(struct lwm2m_buffer *out, const char *target)
{
    if (out->length > 0) {
        lwm2m_buffer_append_byte(out, ',');
    }
    lwm2m_buffer_append_byte(out, '<');
    lwm2m_buffer_append_text(out, target);
    lwm2m_buffer_append_byte(out, '>');
    return lwm2m_buffer_check(out);
}

enum lwm2m_error lwm2m_link_append_path(struct lwm2m_buffer *out, struct lwm2m_path path)
{
    char text[LWM2M_PATH_TEXT_MAX];

    lwm2m_path_print(path, text);
    return lwm2m_link_append(out, text);
}

enum lwm2m_error lwm2m_link_append_parameter(struct lwm2m_buffer *out, const char *name,
                                             const char *value, bool quoted)
{
    /* Nothing before it: the version that Bootstrap-Discover 1.0 puts in front of the links. */
    if (out->length > 0) {
        lwm2m_buffer_append_byte(out, ';');
    }
    lwm2m_buffer_append_text(out, name);
    if (value == NULL) {
        return lwm2m_buffer_check(out);
    }
    lwm2m_buffer_append_byte(out, '=');
    if (quoted) {
        lwm2m_buffer_append_byte(out, '"');
    }
    for (const char *at = value; *at != '\0'; at++) {
        if (quoted && (*at == '"' || *at == '\\')) {
            lwm2m_buffer_append_byte(out, '\\');
        }
        lwm2m_buffer_append_byte(out, (uint8_t)*at);
    }
    if (quoted) {
        lwm2m_buffer_append_byte(out, '"');
    }
    return lwm2m_buffer_check(out);
}
