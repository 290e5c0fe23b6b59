/*
 * What DTLS costs a server: handshakes and requests, with no kernel between, and the memory of an
 * association.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <lwm2m/dtls_link.h>
#include <lwm2m/host_port.h>
#include <lwm2m/key_making.h>

#include "bench/process.h"
#include "bench/rows.h"

#define WAITING_MAX 64
#define DATAGRAM_MAX 1452
#define ROUNDS 5
#define HANDSHAKES 200
#define CERTIFIED_HANDSHAKES 60
#define MANY 3000
#define FEW 100
#define REQUESTS 30000
#define PEM_MAX 4096
#define STEPS_MAX 100

/* Datagrams to one side. */
struct inbox {
    size_t first, count;
    size_t lengths[WAITING_MAX];
    uint8_t bytes[WAITING_MAX][DATAGRAM_MAX];
};

/* A client of plain GnuTLS, which the server does not share code with. */
struct caller {
    gnutls_session_t tls;
    struct bench *bench;
    struct lwm2m_address address;
};

struct pem {
    struct lwm2m_buffer text;
    uint8_t memory[PEM_MAX];
};

struct bench {
    struct lwm2m_host_port host;
    struct lwm2m_timers timers;
    struct lwm2m_datagram_link below;
    struct lwm2m_dtls_link *link;      /* the server; or */
    gnutls_session_t bare;             /* one of plain GnuTLS */
    struct inbox to_server, to_client; /* of the one caller that is at it */
    struct caller *calling;
    double server_ns;
    struct pem authority, authority_key, certificate, key;
    gnutls_priority_t psk, ecdsa;
    gnutls_psk_client_credentials_t psk_credentials;
    gnutls_certificate_credentials_t certified;
    gnutls_datum_t ticket;
};

static void need(bool holds, const char *what)
{
    if (!holds) {
        give_up("%s", what);
    }
}

static double cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* ---- carrying ---- */

static void put(struct inbox *inbox, const void *bytes, size_t length)
{
    need(inbox->count < WAITING_MAX && length <= DATAGRAM_MAX, "a datagram too many");
    size_t at = (inbox->first + inbox->count++) % WAITING_MAX;
    inbox->lengths[at] = length;
    memcpy(inbox->bytes[at], bytes, length);
}

static ssize_t take(struct inbox *inbox, gnutls_session_t tls, void *memory, size_t size)
{
    if (inbox->count == 0) {
        gnutls_transport_set_errno(tls, EAGAIN);
        return -1;
    }
    size_t at = inbox->first;
    size_t length = inbox->lengths[at] < size ? inbox->lengths[at] : size;
    memcpy(memory, inbox->bytes[at], length);
    inbox->first = (at + 1) % WAITING_MAX;
    inbox->count--;
    return (ssize_t)length;
}

static ssize_t push_to_server(gnutls_transport_ptr_t context, const void *bytes, size_t length)
{
    put(&((struct caller *)context)->bench->to_server, bytes, length);
    return (ssize_t)length;
}

static ssize_t pull_by_client(gnutls_transport_ptr_t context, void *memory, size_t size)
{
    struct caller *caller = context;
    return take(&caller->bench->to_client, caller->tls, memory, size);
}

static int wait_by_client(gnutls_transport_ptr_t context, unsigned wait_ms)
{
    (void)wait_ms;
    return ((struct caller *)context)->bench->to_client.count > 0;
}

static enum lwm2m_error send_to_client(void *context, const struct lwm2m_address *to,
                                       struct lwm2m_bytes data)
{
    struct bench *bench = context;
    (void)to;
    if (bench->calling != NULL) { /* goodbyes are for nobody */
        put(&bench->to_client, data.data, data.length);
    }
    return LWM2M_OK;
}

static void print_nothing(void *context, const struct lwm2m_address *address,
                          char text[LWM2M_ADDRESS_TEXT_MAX])
{
    (void)context;
    (void)address;
    text[0] = '\0';
}

/* A request is answered with itself. */
static void answer(void *context, const struct lwm2m_address *from, struct lwm2m_bytes datagram)
{
    struct bench *bench = context;
    const struct lwm2m_datagram_link *link = lwm2m_dtls_link_datagrams(bench->link);
    need(link->send(link->context, from, datagram) == LWM2M_OK, "cannot answer");
}

/* The server takes what has come; what that costs is counted. */
static void serve(struct bench *bench)
{
    const struct lwm2m_datagram_receiver receiver = lwm2m_dtls_link_receiver(bench->link);
    struct inbox *inbox = &bench->to_server;
    double before = cpu_ns();
    while (inbox->count > 0) {
        size_t at = inbox->first;
        inbox->first = (at + 1) % WAITING_MAX;
        inbox->count--;
        receiver.receive(receiver.context, &bench->calling->address,
                         (struct lwm2m_bytes){inbox->bytes[at], inbox->lengths[at]});
    }
    bench->server_ns += cpu_ns() - before;
}

/* ---- callers ---- */

static void caller_open(struct bench *bench, struct caller *caller, uint32_t number, bool certified)
{
    caller->bench = bench;
    caller->address = (struct lwm2m_address){.port = (uint16_t)(1024 + number % 60000)};
    caller->address.address[10] = 0xff;
    caller->address.address[11] = 0xff;
    memcpy(&caller->address.address[12], &number, sizeof(number));
    need(gnutls_init(&caller->tls, GNUTLS_CLIENT | GNUTLS_DATAGRAM | GNUTLS_NONBLOCK) == 0,
         "GnuTLS begins no session");
    gnutls_transport_set_ptr(caller->tls, caller);
    gnutls_transport_set_push_function(caller->tls, push_to_server);
    gnutls_transport_set_pull_function(caller->tls, pull_by_client);
    gnutls_transport_set_pull_timeout_function(caller->tls, wait_by_client);
    gnutls_dtls_set_mtu(caller->tls, DATAGRAM_MAX);
    gnutls_priority_set(caller->tls, certified ? bench->ecdsa : bench->psk);
    if (certified) {
        gnutls_credentials_set(caller->tls, GNUTLS_CRD_CERTIFICATE, bench->certified);
    } else {
        gnutls_credentials_set(caller->tls, GNUTLS_CRD_PSK, bench->psk_credentials);
    }
}

static void handshake(struct bench *bench, struct caller *caller, void (*server)(struct bench *))
{
    int result = GNUTLS_E_AGAIN;
    bench->calling = caller;
    bench->to_client.count = 0;
    bench->to_server.count = 0;
    for (int step = 0; step < STEPS_MAX && result != GNUTLS_E_SUCCESS; step++) {
        result = gnutls_handshake(caller->tls);
        need(result == 0 || result == GNUTLS_E_AGAIN, gnutls_strerror(result));
        server(bench);
    }
    need(result == GNUTLS_E_SUCCESS, "a handshake does not end");
}

/* Nanoseconds of the server for one handshake; the cheapest of some rounds. With a ticket it is
 * resumed. */
static double measure_handshakes(struct bench *bench, size_t count, bool certified,
                                 const gnutls_datum_t *ticket)
{
    static uint32_t number = 1;
    double least = 0;
    for (int round = 0; round < ROUNDS; round++) {
        bench->server_ns = 0;
        for (size_t i = 0; i < count; i++) {
            struct caller caller;
            caller_open(bench, &caller, number++, certified);
            if (ticket != NULL) {
                gnutls_session_set_data(caller.tls, ticket->data, ticket->size);
            }
            handshake(bench, &caller, serve);
            need((ticket != NULL) == (gnutls_session_is_resumed(caller.tls) != 0),
                 "resumption is not as it should be");
            gnutls_deinit(caller.tls);
        }
        double each = bench->server_ns / (double)count;
        least = round == 0 || each < least ? each : least;
    }
    return least;
}

/* ---- a server of plain GnuTLS ---- */

static ssize_t push_to_client(gnutls_transport_ptr_t context, const void *bytes, size_t length)
{
    put(&((struct bench *)context)->to_client, bytes, length);
    return (ssize_t)length;
}

static ssize_t pull_by_server(gnutls_transport_ptr_t context, void *memory, size_t size)
{
    struct bench *bench = context;
    return take(&bench->to_server, bench->bare, memory, size);
}

static int wait_by_server(gnutls_transport_ptr_t context, unsigned wait_ms)
{
    (void)wait_ms;
    return ((struct bench *)context)->to_server.count > 0;
}

static void open_bare(struct bench *bench)
{
    need(gnutls_init(&bench->bare, GNUTLS_SERVER | GNUTLS_DATAGRAM | GNUTLS_NONBLOCK) == 0,
         "GnuTLS begins no session");
    gnutls_transport_set_ptr(bench->bare, bench);
    gnutls_transport_set_push_function(bench->bare, push_to_client);
    gnutls_transport_set_pull_function(bench->bare, pull_by_server);
    gnutls_transport_set_pull_timeout_function(bench->bare, wait_by_server);
    gnutls_dtls_set_mtu(bench->bare, DATAGRAM_MAX);
    gnutls_priority_set(bench->bare, bench->ecdsa);
    gnutls_credentials_set(bench->bare, GNUTLS_CRD_CERTIFICATE, bench->certified);
    gnutls_certificate_server_set_request(bench->bare, GNUTLS_CERT_REQUIRE);
    gnutls_session_set_verify_cert(bench->bare, NULL, 0);
}

static void serve_bare(struct bench *bench)
{
    double before = cpu_ns();
    if (bench->bare == NULL) {
        open_bare(bench);
    }
    (void)!gnutls_handshake(bench->bare);
    bench->server_ns += cpu_ns() - before;
}

static double measure_bare(struct bench *bench)
{
    double least = 0;
    for (int round = 0; round < ROUNDS; round++) {
        bench->server_ns = 0;
        for (uint32_t i = 0; i < CERTIFIED_HANDSHAKES; i++) {
            struct caller caller;
            caller_open(bench, &caller, i, true);
            handshake(bench, &caller, serve_bare);
            double before = cpu_ns();
            gnutls_deinit(bench->bare);
            bench->bare = NULL;
            bench->server_ns += cpu_ns() - before;
            gnutls_deinit(caller.tls);
        }
        double each = bench->server_ns / CERTIFIED_HANDSHAKES;
        least = round == 0 || each < least ? each : least;
    }
    return least;
}

/* ---- requests ---- */

static double measure_requests(struct bench *bench, struct caller *callers, size_t count)
{
    uint8_t request[32] = "a CoAP request of a usual size";
    uint8_t back[64];
    double least = 0;
    for (int round = 0; round < ROUNDS; round++) {
        bench->server_ns = 0;
        for (size_t i = 0; i < REQUESTS; i++) {
            struct caller *caller = &callers[i * 7 % count];
            bench->calling = caller;
            need(gnutls_record_send(caller->tls, request, sizeof(request)) > 0, "cannot ask");
            serve(bench);
            need(gnutls_record_recv(caller->tls, back, sizeof(back)) == sizeof(request),
                 "no answer");
        }
        double each = bench->server_ns / REQUESTS;
        least = round == 0 || each < least ? each : least;
    }
    return least;
}

static size_t memory_used(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* What associations take, and what a request takes with few and with many of them. */
static void measure_many(struct bench *bench, struct report *report)
{
    struct caller *callers = calloc(MANY, sizeof(*callers));
    need(callers != NULL, "out of memory");
    for (uint32_t i = 0; i < MANY; i++) {
        caller_open(bench, &callers[i], 0x01000000U + i, false);
        handshake(bench, &callers[i], serve);
    }
    double few = measure_requests(bench, callers, FEW);
    double many = measure_requests(bench, callers, MANY);
    printf("a request over DTLS: %.2f us of %d peers, %.2f us of %d\n", few / 1000, FEW,
           many / 1000, MANY);
    for (size_t i = 0; i < MANY; i++) {
        gnutls_deinit(callers[i].tls);
    }
    size_t with = memory_used();
    struct lwm2m_dtls_link_statistics statistics;
    lwm2m_dtls_link_statistics_get(bench->link, &statistics);
    bench->calling = NULL;
    lwm2m_dtls_link_free(bench->link);
    bench->link = NULL;
    const struct report_row rows[] = {
        {"dtls_flat_3000_vs_100", many / few, "ratio", 1.2},
        {"bytes_per_dtls_device", (double)(with - memory_used()) / (double)statistics.associations,
         "bytes", 13000},
    };
    report_add(report, &rows[0]);
    report_add(report, &rows[1]);
    free(callers);
}

/* ---- preparing ---- */

static struct lwm2m_bytes text_of(struct pem *pem)
{
    return lwm2m_buffer_bytes(&pem->text);
}

static void make(struct pem *certificate, struct pem *key, const char *name, struct bench *issuer)
{
    lwm2m_buffer_init(&certificate->text, certificate->memory, PEM_MAX);
    lwm2m_buffer_init(&key->text, key->memory, PEM_MAX);
    need(lwm2m_private_key_make(&key->text) == LWM2M_OK, "no key");
    struct lwm2m_certificate_request request = {
        .name = name,
        .key = text_of(key),
        .is_authority = issuer == NULL,
        .starts_s = time(NULL) - 3600,
        .ends_s = time(NULL) + 86400,
    };
    if (issuer != NULL) {
        request.issuer = text_of(&issuer->authority);
        request.issuer_key = text_of(&issuer->authority_key);
    }
    need(lwm2m_certificate_make(&request, &certificate->text, NULL) == LWM2M_OK, "no certificate");
}

static gnutls_datum_t datum_of(struct pem *pem)
{
    return (gnutls_datum_t){(uint8_t *)(uintptr_t)text_of(pem).data, (unsigned)text_of(pem).length};
}

static void prepare_callers(struct bench *bench)
{
    gnutls_datum_t authority = datum_of(&bench->authority);
    gnutls_datum_t certificate = datum_of(&bench->certificate);
    gnutls_datum_t key = datum_of(&bench->key);
    const gnutls_datum_t identity = {(uint8_t *)(uintptr_t) "bench-1", 7};
    const gnutls_datum_t secret = {(uint8_t *)(uintptr_t) "0123456789abcdef", 16};
    need(gnutls_priority_init(&bench->psk,
                              "NONE:+VERS-DTLS1.2:+PSK:+AES-128-CCM-8:+AEAD:+SIGN-ALL:+COMP-NULL",
                              NULL) == 0 &&
             gnutls_priority_init(&bench->ecdsa,
                                  "NONE:+VERS-DTLS1.2:+ECDHE-ECDSA:+AES-128-CCM-8:+AEAD:"
                                  "+SIGN-ECDSA-SHA256:+GROUP-SECP256R1:+COMP-NULL:+CTYPE-X509",
                                  NULL) == 0,
         "no priorities");
    need(gnutls_psk_allocate_client_credentials(&bench->psk_credentials) == 0 &&
             gnutls_psk_set_client_credentials2(bench->psk_credentials, &identity, &secret,
                                                GNUTLS_PSK_KEY_RAW) == 0,
         "no key");
    need(gnutls_certificate_allocate_credentials(&bench->certified) == 0 &&
             gnutls_certificate_set_x509_trust_mem(bench->certified, &authority,
                                                   GNUTLS_X509_FMT_PEM) > 0 &&
             gnutls_certificate_set_x509_key_mem(bench->certified, &certificate, &key,
                                                 GNUTLS_X509_FMT_PEM) >= 0,
         "no certificate");
}

static void prepare_server(struct bench *bench)
{
    const struct lwm2m_psk psk = {
        .identity = lwm2m_bytes_from_text("bench-1"),
        .key = lwm2m_bytes_from_text("0123456789abcdef"),
    };
    const struct lwm2m_datagram_receiver receiver = {.context = bench, .receive = answer};
    struct lwm2m_credentials *credentials = NULL;
    struct lwm2m_dtls_link_config config;
    lwm2m_host_port_init(&bench->host, NULL, NULL);
    lwm2m_timers_init(&bench->timers, &bench->host.port);
    bench->below = (struct lwm2m_datagram_link){
        .context = bench,
        .send = send_to_client,
        .print_address = print_nothing,
        .max_datagram = DATAGRAM_MAX,
    };
    need(lwm2m_credentials_new(&bench->host.port, &credentials) == LWM2M_OK &&
             lwm2m_credentials_add_psk(credentials, &psk) == LWM2M_OK &&
             lwm2m_credentials_set_own_certificate(credentials, text_of(&bench->certificate),
                                                   text_of(&bench->key), NULL) == LWM2M_OK &&
             lwm2m_credentials_add_authorities(credentials, text_of(&bench->authority), NULL) ==
                 LWM2M_OK,
         "no credentials");
    lwm2m_dtls_link_config_init(&config);
    config.timers = &bench->timers;
    config.below = &bench->below;
    config.credentials = credentials;
    config.accepts = true;
    config.max_associations = MANY;
    need(lwm2m_dtls_link_new(&config, &bench->link) == LWM2M_OK, "no DTLS");
    lwm2m_credentials_release(credentials);
    lwm2m_dtls_link_set_receiver(bench->link, &receiver);
}

static void get_ticket(struct bench *bench)
{
    struct caller caller;
    caller_open(bench, &caller, 0x02000000U, false);
    handshake(bench, &caller, serve);
    need(gnutls_session_get_data2(caller.tls, &bench->ticket) == 0, "no ticket");
    gnutls_deinit(caller.tls);
}

void measure_dtls(struct report *report)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    need(bench != NULL, "out of memory");
    make(&bench->authority, &bench->authority_key, "Bench", NULL);
    make(&bench->certificate, &bench->key, "bench-1", bench);
    prepare_callers(bench);
    prepare_server(bench);
    double psk = measure_handshakes(bench, HANDSHAKES, false, NULL);
    double ecdsa = measure_handshakes(bench, CERTIFIED_HANDSHAKES, true, NULL);
    get_ticket(bench);
    double resumed = measure_handshakes(bench, HANDSHAKES, false, &bench->ticket);
    double bare = measure_bare(bench);
    printf("a handshake with certificates: %.0f us, of plain GnuTLS %.0f us\n", ecdsa / 1000,
           bare / 1000);
    const struct report_row rows[] = {
        {"psk_handshake_us", psk / 1000, "us", 60},
        {"resumed_handshake_us", resumed / 1000, "us", 60},
        {"ecdsa_handshake_vs_gnutls", ecdsa / bare, "ratio", 1.3},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        report_add(report, &rows[i]);
    }
    measure_many(bench, report);
    gnutls_free(bench->ticket.data);
    gnutls_psk_free_client_credentials(bench->psk_credentials);
    gnutls_certificate_free_credentials(bench->certified);
    gnutls_priority_deinit(bench->psk);
    gnutls_priority_deinit(bench->ecdsa);
    lwm2m_host_port_release(&bench->host);
    free(bench);
}
