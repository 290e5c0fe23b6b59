/*
 * What Register and Update say.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "client/registration_message.h"

#include <lwm2m/number.h>

#include <string.h>

#include "client/link_writer.h"

#define OBJECT_SERVER 1
#define SERVER_LIFETIME 1
#define SERVER_BINDING 7
#define DEFAULT_LIFETIME_S 86400
/* "lwm2m=", "ep=" and the like, with the longest endpoint name. */
#define QUERY_MAX 260

/* ---- the object list ---- */

/* The root link: the formats that the version knows. 1.0 has no list of them. */
static enum lwm2m_error append_root(const struct lwm2m_account *account, struct lwm2m_buffer *out)
{
    const struct lwm2m_codecs codecs = account->client->config.codecs;
    const char *separator = "";
    char number[LWM2M_NUMBER_TEXT_MAX];
    size_t i;

    lwm2m_link_writer_root(out);
    if (account->version.minor > 0) {
        (void)lwm2m_buffer_append_text(out, ";ct=\"");
        for (i = 0; i < codecs.count; i++) {
            if (codecs.list[i]->since_minor > account->version.minor) {
                continue;
            }
            (void)lwm2m_buffer_append_text(out, separator);
            separator = " ";
            lwm2m_number_print_unsigned(codecs.list[i]->content_format, number);
            (void)lwm2m_buffer_append_text(out, number);
        }
        (void)lwm2m_buffer_append_byte(out, '"');
    }
    return lwm2m_buffer_check(out);
}

/* Since 1.2 the name of a profile may stand for the list, or for most of it. */
static bool has_profile(const struct lwm2m_account *account)
{
    return account->client->profile_id != NULL && account->version.minor >= 2;
}

static bool is_in_profile(const struct lwm2m_account *account, struct lwm2m_path path)
{
    const struct lwm2m_client_config *config = &account->client->config;

    return has_profile(account) &&
           (config->profile_has == NULL || config->profile_has(config->context, path));
}

/* The first instance from `from` on that is to be listed. */
static uint16_t next_listed(const struct lwm2m_account *account, struct lwm2m_object *object,
                            uint16_t from)
{
    uint16_t id = object->operations->next_instance(object, from);

    while (id != LWM2M_NO_ID &&
           is_in_profile(account, lwm2m_path_instance(object->definition.id, id))) {
        id = object->operations->next_instance(object, (uint16_t)(id + 1));
    }
    return id;
}

/* Whether the object has a link of its own: for its version, or for want of instances. */
static bool is_listed_itself(const struct lwm2m_account *account, struct lwm2m_object *object)
{
    if (object->operations->next_instance(object, 0) == LWM2M_NO_ID) {
        return !is_in_profile(account, lwm2m_path_object(object->definition.id));
    }
    return next_listed(account, object, 0) != LWM2M_NO_ID &&
           lwm2m_link_version_is_shown(&object->definition, account->version);
}

static void append_object(const struct lwm2m_account *account, struct lwm2m_object *object,
                          struct lwm2m_buffer *out)
{
    uint16_t object_id = object->definition.id;
    uint16_t id = next_listed(account, object, 0);

    if (is_listed_itself(account, object)) {
        lwm2m_link_writer_path(out, lwm2m_path_object(object_id));
        lwm2m_link_writer_version(out, &object->definition, account->version);
    }
    while (id != LWM2M_NO_ID && !out->overflown) {
        lwm2m_link_writer_path(out, lwm2m_path_instance(object_id, id));
        id = next_listed(account, object, (uint16_t)(id + 1));
    }
}

static enum lwm2m_error build_links(void *context, struct lwm2m_buffer *out)
{
    const struct lwm2m_account *account = context;
    const struct lwm2m_object_tree *tree = &account->client->objects;
    enum lwm2m_error error = has_profile(account) && account->client->config.profile_has == NULL
                                 ? LWM2M_OK
                                 : append_root(account, out);
    struct lwm2m_object *object = lwm2m_object_tree_next(tree, 0);

    while (error == LWM2M_OK && object != NULL) {
        if (!lwm2m_object_is_hidden(object->definition.id)) {
            append_object(account, object, out);
        }
        error = lwm2m_buffer_check(out);
        object = lwm2m_object_tree_next(tree, (uint16_t)(object->definition.id + 1));
    }
    return error;
}

/* ---- lifetime and binding ---- */

static uint32_t read_lifetime(const struct lwm2m_account *account)
{
    struct lwm2m_path path =
        lwm2m_path_resource(OBJECT_SERVER, account->server_instance, SERVER_LIFETIME);
    int64_t lifetime_s =
        lwm2m_object_tree_integer_or(&account->client->objects, path, DEFAULT_LIFETIME_S);

    if (lifetime_s < 0 || lifetime_s > UINT32_MAX) {
        return DEFAULT_LIFETIME_S;
    }
    /* Only 1.2 knows a lifetime without end. */
    if (lifetime_s == 0 && account->version.minor < 2) {
        return DEFAULT_LIFETIME_S;
    }
    return (uint32_t)lifetime_s;
}

/* The letters of transports, and whether there is a Q among them; "U" if there is no letter. */
static void read_binding(const struct lwm2m_account *account,
                         struct lwm2m_announcement *announcement)
{
    struct lwm2m_path path =
        lwm2m_path_resource(OBJECT_SERVER, account->server_instance, SERVER_BINDING);
    char text[LWM2M_BINDING_TEXT_MAX];
    size_t length = 0;
    const char *letter;

    lwm2m_object_tree_text(&account->client->objects, path, text, sizeof(text));
    announcement->queue_mode = account->client->config.queue_mode;
    for (letter = text; *letter != '\0'; letter++) {
        if (*letter == 'Q') {
            announcement->queue_mode = true;
        } else if (*letter >= 'A' && *letter <= 'Z') {
            announcement->binding[length++] = *letter;
        }
    }
    if (length == 0) {
        announcement->binding[length++] = 'U';
    }
    announcement->binding[length] = '\0';
}

enum lwm2m_error lwm2m_announcement_read(struct lwm2m_account *account,
                                         struct lwm2m_announcement *announcement,
                                         struct lwm2m_bytes *links)
{
    struct lwm2m_client *client = account->client;
    enum lwm2m_error error;

    memset(announcement, 0, sizeof(*announcement));
    error = lwm2m_client_body_build(&client->body, build_links, account, links);
    if (error != LWM2M_OK) {
        return error;
    }
    announcement->has_links = links->length > 0;
    announcement->links = lwm2m_client_fingerprint(client, *links);
    announcement->lifetime_s = read_lifetime(account);
    read_binding(account, announcement);
    return LWM2M_OK;
}

static bool same_binding(const struct lwm2m_announcement *a, const struct lwm2m_announcement *b)
{
    return a->queue_mode == b->queue_mode &&
           memcmp(a->binding, b->binding, sizeof(a->binding)) == 0;
}

bool lwm2m_announcement_equal(const struct lwm2m_announcement *a,
                              const struct lwm2m_announcement *b)
{
    return a->lifetime_s == b->lifetime_s && a->links == b->links && same_binding(a, b);
}

/* ---- options ---- */

static void append_query(struct lwm2m_options *options, const char *name, const char *value)
{
    uint8_t memory[QUERY_MAX];
    struct lwm2m_buffer query;

    lwm2m_buffer_init(&query, memory, sizeof(memory));
    (void)lwm2m_buffer_append_text(&query, name);
    (void)lwm2m_buffer_append_text(&query, value);
    if (lwm2m_buffer_check(&query) == LWM2M_OK) {
        lwm2m_options_append(options, LWM2M_OPTION_URI_QUERY, lwm2m_buffer_bytes(&query));
    }
}

static void append_lifetime(struct lwm2m_options *options, uint32_t lifetime_s)
{
    char number[LWM2M_NUMBER_TEXT_MAX];

    lwm2m_number_print_unsigned(lifetime_s, number);
    append_query(options, "lt=", number);
}

/* 1.0 has one parameter for both ("UQ", "UQS"); since 1.1 the queue mode is a parameter of its own.
 */
static void append_binding(struct lwm2m_options *options, struct lwm2m_version version,
                           const struct lwm2m_announcement *announcement)
{
    char text[LWM2M_BINDING_TEXT_MAX + 1];
    bool queue_mode_inside = announcement->queue_mode && version.minor == 0;
    const char *letter;
    size_t length = 0;

    for (letter = announcement->binding; *letter != '\0'; letter++) {
        text[length++] = *letter;
        if (queue_mode_inside && letter == announcement->binding) {
            text[length++] = 'Q';
        }
    }
    text[length] = '\0';
    append_query(options, "b=", text);
    if (announcement->queue_mode && !queue_mode_inside) {
        append_query(options, "Q", "");
    }
}

void lwm2m_register_options(const struct lwm2m_account *account,
                            const struct lwm2m_announcement *announcement,
                            struct lwm2m_options *options)
{
    char version[LWM2M_VERSION_TEXT_MAX];

    lwm2m_version_print(account->version, version);
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_PATH, "rd");
    if (announcement->has_links) {
        lwm2m_options_append_number(options, LWM2M_OPTION_CONTENT_FORMAT, LWM2M_FORMAT_LINK);
    }
    append_query(options, "ep=", account->client->endpoint_name);
    append_lifetime(options, announcement->lifetime_s);
    append_query(options, "lwm2m=", version);
    append_binding(options, account->version, announcement);
    if (has_profile(account)) {
        append_query(options, "pid=", account->client->profile_id);
    }
}

void lwm2m_location_options(const struct lwm2m_account *account, struct lwm2m_options *options)
{
    const char *start = account->location;

    while (*start == '/') {
        const char *end = ++start;

        while (*end != '\0' && *end != '/') {
            end++;
        }
        lwm2m_options_append(options, LWM2M_OPTION_URI_PATH,
                             (struct lwm2m_bytes){(const uint8_t *)start, (size_t)(end - start)});
        start = end;
    }
}

void lwm2m_update_options(const struct lwm2m_account *account,
                          const struct lwm2m_announcement *announcement,
                          struct lwm2m_options *options)
{
    const struct lwm2m_announcement *told = &account->told;

    lwm2m_location_options(account, options);
    if (announcement->links != told->links) {
        lwm2m_options_append_number(options, LWM2M_OPTION_CONTENT_FORMAT, LWM2M_FORMAT_LINK);
    }
    if (announcement->lifetime_s != told->lifetime_s) {
        append_lifetime(options, announcement->lifetime_s);
    }
    if (!same_binding(announcement, told)) {
        append_binding(options, account->version, announcement);
    }
}

/* ---- the answer ---- */

static bool is_plain(struct lwm2m_bytes segment)
{
    size_t i;

    for (i = 0; i < segment.length; i++) {
        if (segment.data[i] == '/' || segment.data[i] == 0) {
            return false;
        }
    }
    return segment.length > 0;
}

enum lwm2m_error lwm2m_location_read(const struct lwm2m_message *answer,
                                     char location[LWM2M_LOCATION_TEXT_MAX])
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;
    struct lwm2m_buffer text;

    lwm2m_buffer_init(&text, location, LWM2M_LOCATION_TEXT_MAX - 1);
    lwm2m_option_reader_init(&reader, answer);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (option.number != LWM2M_OPTION_LOCATION_PATH) {
            continue;
        }
        if (!is_plain(option.value)) {
            return LWM2M_MALFORMED;
        }
        (void)lwm2m_buffer_append_byte(&text, '/');
        (void)lwm2m_buffer_append(&text, option.value.data, option.value.length);
    }
    if (text.length == 0 || lwm2m_buffer_check(&text) != LWM2M_OK) {
        return LWM2M_MALFORMED;
    }
    location[text.length] = '\0';
    return LWM2M_OK;
}
