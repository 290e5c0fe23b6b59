/*
 * A registered device: its memory, its id, and what its object list advertises.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "server/device.h"

#include <string.h>

#include <lwm2m/base64.h>
#include <lwm2m/corelink.h>
#include <lwm2m/number.h>

#include "server/engine.h"

/* 15 random bytes and the worker's number: 128 bits, of which nobody outside can guess 120. */
#define ID_BYTES 16

static const struct {
    uint16_t content_format;
    uint16_t bit;
} format_bits[] = {
    {LWM2M_FORMAT_TEXT, LWM2M_DEVICE_TEXT},
    {LWM2M_FORMAT_OPAQUE, LWM2M_DEVICE_OPAQUE},
    {LWM2M_FORMAT_TLV, LWM2M_DEVICE_TLV},
    {LWM2M_FORMAT_TLV_LEGACY, LWM2M_DEVICE_TLV},
    {LWM2M_FORMAT_SENML_CBOR, LWM2M_DEVICE_SENML_CBOR},
    {LWM2M_FORMAT_SENML_JSON, LWM2M_DEVICE_SENML_JSON},
    {LWM2M_FORMAT_LWM2M_CBOR, LWM2M_DEVICE_LWM2M_CBOR},
    {LWM2M_FORMAT_JSON, LWM2M_DEVICE_JSON},
    {LWM2M_FORMAT_JSON_LEGACY, LWM2M_DEVICE_JSON},
    {LWM2M_FORMAT_CBOR, LWM2M_DEVICE_CBOR},
    {LWM2M_FORMAT_SENML_ETCH_JSON, LWM2M_DEVICE_SENML_ETCH_JSON},
    {LWM2M_FORMAT_SENML_ETCH_CBOR, LWM2M_DEVICE_SENML_ETCH_CBOR},
};

struct lwm2m_device *lwm2m_device_of(struct lwm2m_registration *registration)
{
    return LWM2M_CONTAINER_OF(registration, struct lwm2m_device, registration);
}

const struct lwm2m_device *lwm2m_device_of_const(const struct lwm2m_registration *registration)
{
    return (const struct lwm2m_device *)(const void *)registration;
}

static void draw_id(struct lwm2m_device *device)
{
    const struct lwm2m_port *port = device->server->port;
    struct lwm2m_buffer text;
    uint8_t bytes[ID_BYTES];

    port->random(port->context, bytes, sizeof bytes);
    bytes[0] = device->server->config.worker;
    lwm2m_buffer_init(&text, device->registration.id, sizeof device->registration.id - 1);
    enum lwm2m_error error =
        lwm2m_base64_encode((struct lwm2m_bytes){bytes, sizeof bytes}, true, &text);
    LWM2M_ASSERT(port, error == LWM2M_OK);
    device->registration.id[text.length] = '\0';
}

static uint16_t format_bit(struct lwm2m_bytes word)
{
    uint64_t number;

    if (lwm2m_number_parse_unsigned(word, &number) != LWM2M_OK) {
        return 0;
    }
    for (size_t i = 0; i < sizeof format_bits / sizeof format_bits[0]; i++) {
        if (format_bits[i].content_format == number) {
            return format_bits[i].bit;
        }
    }
    return 0;
}

/* Reads "60 110 112". */
static uint16_t parse_formats(struct lwm2m_bytes list)
{
    uint16_t formats = LWM2M_DEVICE_STATES_FORMATS;
    size_t start = 0;

    if (list.length == 0) {
        return 0;
    }
    for (size_t i = 0; i <= list.length; i++) {
        if (i < list.length && list.data[i] != ' ') {
            continue;
        }
        formats |= format_bit((struct lwm2m_bytes){list.data + start, i - start});
        start = i + 1;
    }
    return formats;
}

/* Keeps at hand what every request needs, so that a request does not read the list again. */
static void read_advertised(struct lwm2m_device *device)
{
    struct lwm2m_bytes list = device->registration.links;
    struct lwm2m_registration_links links;

    device->formats = 0;
    device->root_length = 0;
    if (lwm2m_registration_links_decode(list, SIZE_MAX, &links, NULL, NULL, NULL) != LWM2M_OK) {
        return;
    }
    device->formats = parse_formats(links.content_formats);
    /* A root that lies further back than any sender puts it counts as none. */
    if (links.root.length > 0 && links.root.length <= UINT16_MAX &&
        (size_t)(links.root.data - list.data) <= UINT16_MAX) {
        device->root_offset = (uint16_t)(links.root.data - list.data);
        device->root_length = (uint16_t)links.root.length;
    }
}

struct lwm2m_bytes lwm2m_device_root(const struct lwm2m_device *device)
{
    if (device->root_length == 0) {
        return (struct lwm2m_bytes){NULL, 0};
    }
    return (struct lwm2m_bytes){device->registration.links.data + device->root_offset,
                                device->root_length};
}

const char *lwm2m_registration_profile_id(const struct lwm2m_registration *registration)
{
    const char *name = registration->endpoint_name;

    return lwm2m_device_of_const(registration)->has_profile_id ? name + strlen(name) + 1 : NULL;
}

static uint8_t *inline_links(struct lwm2m_device *device)
{
    const char *profile_id = lwm2m_registration_profile_id(&device->registration);
    const char *last = profile_id ? profile_id : device->registration.endpoint_name;

    return (uint8_t *)device->text + (last - device->text) + strlen(last) + 1;
}

/* Puts a text and a NUL at *end, and *end behind it. */
static const char *store_text(char **end, struct lwm2m_bytes text)
{
    char *start = *end;

    memcpy(start, text.data, text.length);
    start[text.length] = '\0';
    *end += text.length + 1;
    return start;
}

static void release_links(struct lwm2m_device *device)
{
    const struct lwm2m_port *port = device->server->port;

    if (device->registration.links.data != inline_links(device)) {
        port->release(port->context, (void *)(uintptr_t)device->registration.links.data);
    }
}

enum lwm2m_error lwm2m_device_new(struct lwm2m_server *server, struct lwm2m_peer *peer,
                                  const struct lwm2m_registration_query *query,
                                  struct lwm2m_bytes links, struct lwm2m_device **result)
{
    const struct lwm2m_port *port = server->port;
    size_t texts = query->endpoint_name.length + 1;

    if (links.length > UINT32_MAX) {
        return LWM2M_TOO_LARGE;
    }
    texts += query->has_profile_id ? query->profile_id.length + 1 : 0;
    /* The texts begin in what would be padding at the end of the struct. */
    const size_t fixed = offsetof(struct lwm2m_device, text);
    struct lwm2m_device *device =
        port->allocate(port->context, fixed + texts + links.length);
    if (!device) {
        return LWM2M_NO_MEMORY;
    }
    memset(device, 0, fixed);
    device->server = server;
    device->holds = 1;
    device->ended = true;
    device->registration.awake = true;
    lwm2m_list_init(&device->in_order);
    lwm2m_list_init(&device->queue);
    lwm2m_list_init(&device->observations);

    char *end = device->text;
    device->registration.endpoint_name = store_text(&end, query->endpoint_name);
    if (query->has_profile_id) {
        device->has_profile_id = true;
        (void)store_text(&end, query->profile_id);
    }
    uint8_t *list = inline_links(device);
    if (links.length > 0) {
        memcpy(list, links.data, links.length);
    }
    device->links_capacity = (uint32_t)links.length;
    device->registration.links = (struct lwm2m_bytes){list, links.length};
    device->registration.peer = peer;
    lwm2m_peer_retain(peer);
    draw_id(device);
    read_advertised(device);
    *result = device;
    return LWM2M_OK;
}

void lwm2m_device_hold(struct lwm2m_device *device)
{
    device->holds++;
}

void lwm2m_device_release(struct lwm2m_device *device)
{
    const struct lwm2m_port *port = device->server->port;

    if (--device->holds > 0) {
        return;
    }
    release_links(device);
    lwm2m_peer_release(device->registration.peer);
    port->release(port->context, device);
}

enum lwm2m_error lwm2m_device_set_links(struct lwm2m_device *device, struct lwm2m_bytes links,
                                        bool *changed)
{
    const struct lwm2m_port *port = device->server->port;
    uint8_t *list = inline_links(device);

    *changed = !lwm2m_bytes_equal(device->registration.links, links);
    if (!*changed) {
        return LWM2M_OK;
    }
    if (links.length > device->links_capacity) {
        list = port->allocate(port->context, links.length);
        if (!list) {
            return LWM2M_NO_MEMORY;
        }
    }
    release_links(device);
    memcpy(list, links.data, links.length);
    device->registration.links = (struct lwm2m_bytes){list, links.length};
    read_advertised(device);
    return LWM2M_OK;
}

void lwm2m_device_set_binding(struct lwm2m_device *device, struct lwm2m_bytes binding)
{
    memcpy(device->registration.binding, binding.data, binding.length);
    device->registration.binding[binding.length] = '\0';
}

void lwm2m_device_claim_peer(struct lwm2m_device *device)
{
    device->registration.peer->owner = device;
}

void lwm2m_device_disclaim_peer(struct lwm2m_device *device)
{
    if (device->registration.peer->owner == device) {
        device->registration.peer->owner = NULL;
    }
}

void lwm2m_device_set_peer(struct lwm2m_device *device, struct lwm2m_peer *peer)
{
    lwm2m_device_disclaim_peer(device);
    lwm2m_peer_retain(peer);
    lwm2m_peer_release(device->registration.peer);
    device->registration.peer = peer;
    lwm2m_device_claim_peer(device);
}
