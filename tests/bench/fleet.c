/*
 * Devices that answer: they register, say a temperature whenever they are asked, and notify. All of
 * them on one socket, each with an address of its own in 127/8.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bench/fleet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lwm2m/codec.h>
#include <lwm2m/message.h>
#include <lwm2m/status.h>

#include "bench/process.h"

#define BATCH 64
#define DATAGRAM_MAX 256
/* Device 0 is 127.1.0.0, so that none of them is the server. */
#define FIRST_ADDRESS UINT32_C(0x7f010000)
#define RECEIVE_BUFFER_BYTES (4 << 20)
#define PATIENCE_S 5

/* [{"bn":"/3303/0/5700","v":21.5}] in SenML CBOR */
static const uint8_t temperature[] = "\x81\xa2\x21\x6c/3303/0/5700\x02\xf9\x4d\x60";

struct fleet_device {
    struct lwm2m_token token; /* of its observation */
    uint32_t sequence;
    uint16_t message_id;
    bool observed;
};

struct parcel {
    struct iovec piece;
    uint8_t bytes[DATAGRAM_MAX];
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

struct fleet {
    int fd;
    struct sockaddr_in server;
    struct fleet_device *devices;
    size_t device_count;
    size_t next; /* that notifies */
    size_t registered, observed, answered, acknowledged;
    size_t out_count;
    struct mmsghdr out[BATCH];
    struct parcel out_parcels[BATCH];
    struct mmsghdr in[BATCH];
    struct parcel in_parcels[BATCH];
};

/* ---- the socket ---- */

static void open_socket(struct fleet *fleet)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    int bytes = RECEIVE_BUFFER_BYTES;
    int on = 1;

    fleet->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fleet->fd < 0 || bind(fleet->fd, (struct sockaddr *)&any, sizeof(any)) != 0 ||
        setsockopt(fleet->fd, SOL_IP, IP_PKTINFO, &on, sizeof(on)) != 0) {
        give_up("no socket for the fleet: %s", strerror(errno));
    }
    setsockopt(fleet->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    setsockopt(fleet->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

static struct msghdr header_of(struct fleet *fleet, struct parcel *parcel, bool is_out)
{
    parcel->piece = (struct iovec){parcel->bytes, sizeof(parcel->bytes)};
    return (struct msghdr){
        .msg_name = is_out ? &fleet->server : NULL,
        .msg_namelen = is_out ? sizeof(fleet->server) : 0,
        .msg_iov = &parcel->piece,
        .msg_iovlen = 1,
        .msg_control = parcel->control,
        .msg_controllen = sizeof(parcel->control),
    };
}

struct fleet *fleet_new(size_t devices, uint16_t server_port)
{
    struct fleet *fleet = calloc(1, sizeof(*fleet));

    if (fleet == NULL || (fleet->devices = calloc(devices, sizeof(*fleet->devices))) == NULL) {
        give_up("no memory for %zu devices", devices);
    }
    fleet->device_count = devices;
    fleet->server = (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons(server_port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    open_socket(fleet);
    for (size_t i = 0; i < BATCH; i++) {
        fleet->out[i].msg_hdr = header_of(fleet, &fleet->out_parcels[i], true);
    }
    return fleet;
}

void fleet_free(struct fleet *fleet)
{
    close(fleet->fd);
    free(fleet->devices);
    free(fleet);
}

static void flush(struct fleet *fleet)
{
    size_t sent = 0;

    while (sent < fleet->out_count) {
        int more = sendmmsg(fleet->fd, fleet->out + sent, (unsigned)(fleet->out_count - sent), 0);
        if (more <= 0) {
            give_up("the fleet cannot send: %s", strerror(errno));
        }
        sent += (size_t)more;
    }
    fleet->out_count = 0;
}

/* Puts a message of a device into the batch that goes out. */
static void put(struct fleet *fleet, size_t device, const struct lwm2m_message *message)
{
    struct mmsghdr *out = &fleet->out[fleet->out_count];
    struct parcel *parcel = &fleet->out_parcels[fleet->out_count];
    struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(FIRST_ADDRESS + (uint32_t)device)};
    struct lwm2m_buffer buffer;

    lwm2m_buffer_init(&buffer, parcel->bytes, sizeof(parcel->bytes));
    if (lwm2m_message_encode(message, &buffer) != LWM2M_OK) {
        give_up("a message of the fleet is too long");
    }
    parcel->piece.iov_len = buffer.length;
    struct cmsghdr *control = CMSG_FIRSTHDR(&out->msg_hdr);
    control->cmsg_level = SOL_IP;
    control->cmsg_type = IP_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof(info));
    memcpy(CMSG_DATA(control), &info, sizeof(info));
    fleet->out_count++;
    if (fleet->out_count == BATCH) {
        flush(fleet);
    }
}

/* ---- what the server asks ---- */

/* Content with the temperature; sequence 0: without Observe. */
static void put_content(struct fleet *fleet, size_t device, struct lwm2m_message *message,
                        uint32_t sequence)
{
    struct lwm2m_options options;
    uint8_t memory[16];

    lwm2m_options_init(&options, memory, sizeof(memory));
    if (sequence > 0) {
        lwm2m_options_append_number(&options, LWM2M_OPTION_OBSERVE, sequence);
    }
    lwm2m_options_append_number(&options, LWM2M_OPTION_CONTENT_FORMAT, LWM2M_FORMAT_SENML_CBOR);
    if (lwm2m_options_check(&options) != LWM2M_OK) {
        give_up("the options of a value are too long");
    }
    message->code = lwm2m_status_code(LWM2M_STATUS_CONTENT);
    message->options = lwm2m_options_bytes(&options);
    message->payload = (struct lwm2m_bytes){temperature, sizeof(temperature) - 1};
    put(fleet, device, message);
}

static void handle_request(struct fleet *fleet, size_t index, const struct lwm2m_message *request)
{
    struct fleet_device *device = &fleet->devices[index];
    struct lwm2m_message answer = {
        .type = LWM2M_MESSAGE_ACK,
        .message_id = request->message_id,
        .token = request->token,
    };
    struct lwm2m_option option;
    bool observes = lwm2m_message_find_option(request, LWM2M_OPTION_OBSERVE, &option);

    if (observes && !device->observed) {
        device->observed = true;
        device->token = request->token;
        fleet->observed++;
    }
    fleet->answered++;
    put_content(fleet, index, &answer, observes ? ++device->sequence : 0);
}

static void handle(struct fleet *fleet, size_t device, struct lwm2m_bytes datagram)
{
    struct lwm2m_message message;

    if (lwm2m_message_decode(datagram, &message, NULL) != LWM2M_OK ||
        device >= fleet->device_count) {
        give_up("the fleet got what it cannot read");
    }
    if (message.code == LWM2M_METHOD_GET) {
        handle_request(fleet, device, &message);
    } else if (message.code == lwm2m_status_code(LWM2M_STATUS_CREATED)) {
        fleet->registered++;
    } else if (message.code == 0 && message.type == LWM2M_MESSAGE_ACK) {
        fleet->acknowledged++;
    } else {
        give_up("the fleet got a %u.%02u", message.code >> 5, message.code & 31u);
    }
}

static size_t destination(struct msghdr *header)
{
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    struct in_pktinfo info;

    if (control == NULL || control->cmsg_type != IP_PKTINFO) {
        give_up("the kernel does not say for whom a datagram is");
    }
    memcpy(&info, CMSG_DATA(control), sizeof(info));
    return ntohl(info.ipi_addr.s_addr) - FIRST_ADDRESS;
}

/* Waits for what comes, and answers it. */
static void serve(struct fleet *fleet)
{
    flush(fleet);
    for (size_t i = 0; i < BATCH; i++) {
        fleet->in[i].msg_hdr = header_of(fleet, &fleet->in_parcels[i], false);
    }
    int count = recvmmsg(fleet->fd, fleet->in, BATCH, MSG_WAITFORONE, NULL);
    if (count <= 0) {
        give_up("the server says nothing to the fleet: %s", strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        handle(fleet, destination(&fleet->in[i].msg_hdr),
               (struct lwm2m_bytes){fleet->in_parcels[i].bytes, fleet->in[i].msg_len});
    }
    flush(fleet);
}

/* ---- what the devices do ---- */

static void put_register(struct fleet *fleet, size_t device)
{
    struct lwm2m_message message = {
        .type = LWM2M_MESSAGE_CON,
        .code = LWM2M_METHOD_POST,
        .message_id = fleet->devices[device].message_id++,
        .payload = lwm2m_bytes_from_text("</1/0>,</3/0>,</3303/0>"),
    };
    struct lwm2m_options options;
    uint8_t memory[96];
    char name[32];

    snprintf(name, sizeof(name), "ep=fleet-%zu", device);
    lwm2m_options_init(&options, memory, sizeof(memory));
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_PATH, "rd");
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_QUERY, "lwm2m=1.1");
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_QUERY, name);
    lwm2m_options_append_text(&options, LWM2M_OPTION_URI_QUERY, "lt=86400");
    if (lwm2m_options_check(&options) != LWM2M_OK) {
        give_up("the options of a Register are too long");
    }
    message.options = lwm2m_options_bytes(&options);
    put(fleet, device, &message);
}

void fleet_register(struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->device_count; i++) {
        put_register(fleet, i);
        while (fleet->registered + BATCH <= i + 1) {
            serve(fleet);
        }
    }
    while (fleet->registered < fleet->device_count) {
        serve(fleet);
    }
}

void fleet_wait_observed(struct fleet *fleet)
{
    while (fleet->observed < fleet->device_count) {
        serve(fleet);
    }
}

void fleet_answer(struct fleet *fleet, size_t count)
{
    size_t end = fleet->answered + count;

    while (fleet->answered < end) {
        serve(fleet);
    }
}

void fleet_notify(struct fleet *fleet, size_t count)
{
    for (size_t i = 1; i <= count; i++) {
        struct fleet_device *device = &fleet->devices[fleet->next];
        size_t acknowledged = fleet->acknowledged;
        struct lwm2m_message message = {
            .type = i % BATCH == 0 ? LWM2M_MESSAGE_CON : LWM2M_MESSAGE_NON,
            .message_id = device->message_id++,
            .token = device->token,
        };

        put_content(fleet, fleet->next, &message, ++device->sequence);
        fleet->next = (fleet->next + 1) % fleet->device_count;
        while (i % BATCH == 0 && fleet->acknowledged == acknowledged) {
            serve(fleet);
        }
    }
}
