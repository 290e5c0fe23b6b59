/*
 * The load: requests of many devices from one socket, each from an address of its own in 127/8, so
 * many at a time, and every answer taken into account.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/load.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lwm2m/message.h>
#include <lwm2m/status.h>

#include "bench/process.h"

#define REQUEST_MAX 160
#define ANSWER_MAX 256
/* Device 0 is 127.1.0.0, so that none of them is the server. */
#define FIRST_ADDRESS UINT32_C(0x7f010000)
#define RECEIVE_BUFFER_BYTES (4 << 20)
#define PATIENCE_S 5
/* What a server names a registration: at most this long. */
#define ID_MAX 32

struct load_device {
    char id[ID_MAX]; /* of its registration */
    uint8_t id_length;
    uint16_t message_id;
};

/* One datagram on its way out. */
struct parcel {
    struct iovec piece;
    uint8_t bytes[REQUEST_MAX];
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

struct load {
    int fd;
    struct sockaddr_in server;
    struct load_device *devices;
    size_t device_count;
    size_t next; /* device */
    struct mmsghdr out[LOAD_WINDOW];
    struct parcel parcels[LOAD_WINDOW];
    struct mmsghdr in[LOAD_WINDOW];
    struct iovec in_pieces[LOAD_WINDOW];
    uint8_t answers[LOAD_WINDOW][ANSWER_MAX];
};

static void open_socket(struct load *load)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    int bytes = RECEIVE_BUFFER_BYTES;

    load->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (load->fd < 0 || bind(load->fd, (struct sockaddr *)&any, sizeof(any)) != 0) {
        give_up("no socket for the load: %s", strerror(errno));
    }
    setsockopt(load->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    setsockopt(load->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

static void prepare_out(struct load *load, size_t i)
{
    struct parcel *parcel = &load->parcels[i];

    parcel->piece.iov_base = parcel->bytes;
    load->out[i].msg_hdr = (struct msghdr){
        .msg_name = &load->server,
        .msg_namelen = sizeof(load->server),
        .msg_iov = &parcel->piece,
        .msg_iovlen = 1,
        .msg_control = parcel->control,
        .msg_controllen = sizeof(parcel->control),
    };
}

struct load *load_new(size_t devices, uint16_t server_port)
{
    struct load *load = calloc(1, sizeof(*load));

    if (load == NULL || (load->devices = calloc(devices, sizeof(*load->devices))) == NULL) {
        give_up("no memory for %zu devices", devices);
    }
    load->device_count = devices;
    load->server = (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons(server_port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    open_socket(load);
    for (size_t i = 0; i < LOAD_WINDOW; i++) {
        prepare_out(load, i);
        load->in_pieces[i] = (struct iovec){load->answers[i], ANSWER_MAX};
        load->in[i].msg_hdr = (struct msghdr){.msg_iov = &load->in_pieces[i], .msg_iovlen = 1};
    }
    for (size_t i = 0; i < devices; i++) { /* the length of an id, for the echo server */
        load->devices[i].id_length = (uint8_t)snprintf(load->devices[i].id, ID_MAX, "%022zu", i);
    }
    return load;
}

void load_free(struct load *load)
{
    close(load->fd);
    free(load->devices);
    free(load);
}

/* ---- requests ---- */

static void append_register(size_t device, struct lwm2m_options *options)
{
    char ep[32];

    snprintf(ep, sizeof(ep), "ep=" LOAD_ENDPOINT_NAME, device);
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_PATH, "rd");
    lwm2m_options_append_number(options, LWM2M_OPTION_CONTENT_FORMAT, 40);
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_QUERY, "lwm2m=1.1");
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_QUERY, ep);
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_QUERY, "b=U");
    lwm2m_options_append_text(options, LWM2M_OPTION_URI_QUERY, "lt=86400");
}

static void append_update(const struct load_device *device, struct lwm2m_options *options)
{
    struct lwm2m_bytes id = {(const uint8_t *)device->id, device->id_length};

    lwm2m_options_append_text(options, LWM2M_OPTION_URI_PATH, "rd");
    lwm2m_options_append(options, LWM2M_OPTION_URI_PATH, id);
}

/* The token names the device, so that an answer can be told from any other. */
static void write_request(struct load *load, enum load_request request, size_t device,
                          struct parcel *parcel)
{
    uint8_t memory[REQUEST_MAX];
    struct lwm2m_options options;
    struct lwm2m_buffer buffer;
    struct lwm2m_message message = {
        .type = LWM2M_MESSAGE_CON,
        .code = LWM2M_METHOD_POST,
        .message_id = load->devices[device].message_id++,
        .token.length = 4,
    };
    uint32_t number = (uint32_t)device;

    memcpy(message.token.bytes, &number, sizeof(number));
    lwm2m_options_init(&options, memory, sizeof(memory));
    if (request == LOAD_REGISTER) {
        append_register(device, &options);
        message.payload = lwm2m_bytes_from_text(LOAD_LINKS);
    } else {
        append_update(&load->devices[device], &options);
    }
    message.options = lwm2m_options_bytes(&options);
    lwm2m_buffer_init(&buffer, parcel->bytes, sizeof(parcel->bytes));
    if (lwm2m_options_check(&options) != LWM2M_OK ||
        lwm2m_message_encode(&message, &buffer) != LWM2M_OK) {
        give_up("a request is too long");
    }
    parcel->piece.iov_len = buffer.length;
}

static void set_source(struct msghdr *header, size_t device)
{
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(FIRST_ADDRESS + (uint32_t)device)};

    control->cmsg_level = SOL_IP;
    control->cmsg_type = IP_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof(info));
    memcpy(CMSG_DATA(control), &info, sizeof(info));
}

static void send_requests(struct load *load, enum load_request request, size_t count)
{
    size_t sent = 0;

    for (size_t i = 0; i < count; i++) {
        write_request(load, request, load->next, &load->parcels[i]);
        set_source(&load->out[i].msg_hdr, load->next);
        load->next = (load->next + 1) % load->device_count;
    }
    while (sent < count) {
        int more = sendmmsg(load->fd, load->out + sent, (unsigned)(count - sent), 0);
        if (more <= 0) {
            give_up("the load cannot be sent: %s", strerror(errno));
        }
        sent += (size_t)more;
    }
}

/* ---- answers ---- */

static void remember_id(struct load_device *device, const struct lwm2m_message *message)
{
    struct lwm2m_option_reader reader;
    struct lwm2m_option option;

    device->id_length = 0;
    lwm2m_option_reader_init(&reader, message);
    while (lwm2m_option_reader_next(&reader, &option)) {
        if (option.number != LWM2M_OPTION_LOCATION_PATH || option.value.length > ID_MAX) {
            continue;
        }
        memcpy(device->id, option.value.data, option.value.length);
        device->id_length = (uint8_t)option.value.length;
    }
}

static void take_answer(struct load *load, enum load_request request, struct lwm2m_bytes datagram)
{
    static const enum lwm2m_status expected[] = {
        [LOAD_REGISTER] = LWM2M_STATUS_CREATED,
        [LOAD_UPDATE] = LWM2M_STATUS_CHANGED,
    };
    struct lwm2m_message message;
    uint32_t device;

    if (lwm2m_message_decode(datagram, &message, NULL) != LWM2M_OK || message.token.length != 4) {
        give_up("an answer is malformed");
    }
    memcpy(&device, message.token.bytes, sizeof(device));
    if (device >= load->device_count) {
        give_up("an answer is for nobody");
    }
    if (request == LOAD_ECHO) {
        return;
    }
    if (lwm2m_status_code(expected[request]) != message.code) {
        give_up("device %u got %u.%02u", (unsigned)device, message.code >> 5, message.code & 31u);
    }
    if (request == LOAD_REGISTER) {
        remember_id(&load->devices[device], &message);
    }
}

static size_t take_answers(struct load *load, enum load_request request)
{
    int count = recvmmsg(load->fd, load->in, LOAD_WINDOW, MSG_WAITFORONE, NULL);

    if (count <= 0) {
        give_up("the server does not answer any more: %s", strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        take_answer(load, request, (struct lwm2m_bytes){load->answers[i], load->in[i].msg_len});
    }
    return (size_t)count;
}

void load_run(struct load *load, enum load_request request, size_t count)
{
    size_t to_send = count;
    size_t under_way = 0;

    load->next = 0;
    while (to_send > 0 || under_way > 0) {
        size_t room = LOAD_WINDOW - under_way;
        size_t batch = to_send < room ? to_send : room;

        send_requests(load, request, batch);
        to_send -= batch;
        under_way += batch;
        under_way -= take_answers(load, request);
    }
}
