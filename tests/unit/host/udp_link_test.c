/*
 * Tests of lib/host/udp_link.c and the socket under it, over the loopback interface on ports that
 * the kernel chooses.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <lwm2m/host_port.h>
#include <lwm2m/resolve.h>
#include <lwm2m/udp_link.h>

/* Far more than the loopback interface takes. */
#define PATIENCE_MS 2000

struct fixture {
    struct lwm2m_host_port host;
    struct lwm2m_timers timers;
    struct lwm2m_loop *loop;
};

/* A link and what it has received. */
struct node {
    struct lwm2m_udp_link *link;
    struct lwm2m_address bound;
    bool echoes;
    size_t received, expected, unreachable;
    struct lwm2m_address from, lost;
    uint8_t data[4096];
    size_t length;
};

/* The endpoint of the tests of attach: only what a link asks of one. */
struct lwm2m_endpoint {
    size_t received, expected, failed;
};

static void endpoint_receive(void *context, const struct lwm2m_address *from,
                             struct lwm2m_bytes datagram)
{
    (void)from;
    ((struct lwm2m_endpoint *)context)->received += datagram.length;
}

static void endpoint_expect(void *context, const struct lwm2m_address *addresses, size_t count)
{
    (void)addresses;
    ((struct lwm2m_endpoint *)context)->expected += count;
}

static void endpoint_fail(void *context, const struct lwm2m_address *to, enum lwm2m_error error)
{
    (void)to;
    assert_int_equal(error, LWM2M_UNREACHABLE);
    ((struct lwm2m_endpoint *)context)->failed++;
}

struct lwm2m_datagram_receiver lwm2m_endpoint_receiver(struct lwm2m_endpoint *endpoint)
{
    return (struct lwm2m_datagram_receiver){
        .context = endpoint,
        .receive = endpoint_receive,
        .fail = endpoint_fail,
        .expect = endpoint_expect,
    };
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    if (fixture == NULL) {
        return -1;
    }
    lwm2m_host_port_init(&fixture->host, NULL, NULL);
    lwm2m_timers_init(&fixture->timers, &fixture->host.port);
    if (lwm2m_loop_new(&fixture->timers, &fixture->loop) != LWM2M_OK) {
        return -1;
    }
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    lwm2m_loop_free(fixture->loop);
    lwm2m_host_port_release(&fixture->host);
    free(fixture);
    return 0;
}

static struct lwm2m_address address_of(const char *text, uint16_t port)
{
    struct lwm2m_addresses addresses;
    assert_int_equal(lwm2m_resolve_text(lwm2m_bytes_from_text(text), port, &addresses, NULL),
                     LWM2M_OK);
    return addresses.items[0];
}

static bool host_has(const char *text)
{
    struct lwm2m_address address = address_of(text, 0);
    struct sockaddr_in6 name = {.sin6_family = AF_INET6};
    memcpy(&name.sin6_addr, address.address, 16);
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    bool has = fd >= 0 && bind(fd, (const struct sockaddr *)&name, sizeof(name)) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return has;
}

static void node_receive(void *context, const struct lwm2m_address *from,
                         struct lwm2m_bytes datagram)
{
    struct node *node = context;
    node->received++;
    node->from = *from;
    node->length = datagram.length;
    memcpy(node->data, datagram.data, datagram.length);
    if (node->echoes) {
        const struct lwm2m_datagram_link *link = lwm2m_udp_link_datagrams(node->link);
        assert_int_equal(link->send(link->context, from, datagram), LWM2M_OK);
    }
}

static void node_unreachable(void *context, const struct lwm2m_address *to, enum lwm2m_error error)
{
    assert_int_equal(error, LWM2M_UNREACHABLE);
    struct node *node = context;
    node->unreachable++;
    node->lost = *to;
}

static void node_open_with(struct node *node, const struct lwm2m_udp_link_config *config)
{
    struct lwm2m_datagram_receiver receiver = {
        .context = node, .receive = node_receive, .fail = node_unreachable};
    memset(node, 0, sizeof(*node));
    assert_int_equal(lwm2m_udp_link_open(config, &node->link), LWM2M_OK);
    assert_int_equal(lwm2m_udp_link_set_receiver(node->link, &receiver), LWM2M_OK);
    lwm2m_udp_link_bound(node->link, &node->bound);
    assert_int_not_equal(node->bound.port, 0);
}

static void node_open(struct node *node, struct fixture *fixture, const char *address)
{
    struct lwm2m_udp_link_config config;
    lwm2m_udp_link_config_init(&config);
    config.loop = fixture->loop;
    config.bind = address_of(address, 0);
    node_open_with(node, &config);
}

static enum lwm2m_error node_send(struct node *node, const struct lwm2m_address *to,
                                  const char *text)
{
    const struct lwm2m_datagram_link *link = lwm2m_udp_link_datagrams(node->link);
    return link->send(link->context, to, lwm2m_bytes_from_text(text));
}

/* Turns the loop until *counter is at least `count`, or patience is at its end. */
static void turn_until(struct fixture *fixture, const size_t *counter, size_t count)
{
    uint64_t end = lwm2m_timers_now(&fixture->timers) + PATIENCE_MS;
    while (*counter < count && lwm2m_timers_now(&fixture->timers) < end) {
        assert_int_equal(lwm2m_loop_turn(fixture->loop, 50), LWM2M_OK);
    }
    assert_in_range(*counter, count, SIZE_MAX);
}

static void assert_same_peer(const struct lwm2m_address *a, const struct lwm2m_address *b)
{
    assert_memory_equal(a->address, b->address, sizeof(a->address));
    assert_int_equal(a->port, b->port);
}

static void asks_and_is_answered(struct fixture *fixture, const char *listens, const char *asked)
{
    struct node server, client;
    node_open(&server, fixture, listens);
    server.echoes = true;
    node_open(&client, fixture, asked);
    struct lwm2m_address to = address_of(asked, server.bound.port);
    assert_int_equal(node_send(&client, &to, "are you there?"), LWM2M_OK);
    turn_until(fixture, &client.received, 1);
    assert_int_equal(client.length, strlen("are you there?"));
    assert_memory_equal(client.data, "are you there?", client.length);
    assert_same_peer(&client.from, &to);
    assert_same_peer(&server.from, &client.bound);
    lwm2m_udp_link_close(client.link);
    lwm2m_udp_link_close(server.link);
}

static void datagram_goes_and_its_answer_comes_back(void **state)
{
    asks_and_is_answered(*state, "127.0.0.1", "127.0.0.1");
}

static void socket_on_every_address_serves_ipv4_and_ipv6(void **state)
{
    asks_and_is_answered(*state, "[::]", "127.0.0.1");
    if (host_has("::1")) {
        asks_and_is_answered(*state, "[::]", "[::1]");
    }
}

/* All of 127.0.0.0/8 is ours: without IP_PKTINFO the answer would leave from 127.0.0.1. */
static void answer_leaves_from_the_address_that_was_asked(void **state)
{
    struct fixture *fixture = *state;
    struct node server, client;
    node_open(&server, fixture, "[::]");
    server.echoes = true;
    node_open(&client, fixture, "127.0.0.1");
    struct lwm2m_address to = address_of("127.4.5.6", server.bound.port);
    assert_int_equal(node_send(&client, &to, "x"), LWM2M_OK);
    turn_until(fixture, &client.received, 1);
    assert_same_peer(&client.from, &to);
    assert_memory_equal(server.from.local, to.address, sizeof(to.address));
    lwm2m_udp_link_close(client.link);
    lwm2m_udp_link_close(server.link);
}

static void datagrams_beyond_one_batch_arrive_in_order(void **state)
{
    struct fixture *fixture = *state;
    struct node server, client;
    node_open(&server, fixture, "127.0.0.1");
    node_open(&client, fixture, "127.0.0.1");
    for (unsigned i = 0; i < 150; i++) {
        char text[2] = {(char)(i + 1), 0};
        assert_int_equal(node_send(&client, &server.bound, text), LWM2M_OK);
    }
    turn_until(fixture, &server.received, 150);
    assert_int_equal(server.data[0], 150);
    struct lwm2m_udp_link_statistics statistics;
    lwm2m_udp_link_statistics_get(client.link, &statistics);
    assert_int_equal(statistics.sent, 150);
    assert_int_equal(statistics.sent_bytes, 150);
    assert_int_equal(statistics.queue_full, 0);
    lwm2m_udp_link_close(client.link);
    lwm2m_udp_link_close(server.link);
}

static void closed_port_is_reported_as_unreachable(struct fixture *fixture, const char *address)
{
    struct node gone, client;
    node_open(&gone, fixture, address);
    lwm2m_udp_link_close(gone.link);
    node_open(&client, fixture, address);
    assert_int_equal(node_send(&client, &gone.bound, "x"), LWM2M_OK);
    turn_until(fixture, &client.unreachable, 1);
    assert_same_peer(&client.lost, &gone.bound);
    /* The socket goes on, and is quiet: nothing keeps it ready. */
    struct node server;
    node_open(&server, fixture, address);
    assert_int_equal(node_send(&client, &server.bound, "y"), LWM2M_OK);
    turn_until(fixture, &server.received, 1);
    uint64_t before = lwm2m_timers_now(&fixture->timers);
    assert_int_equal(lwm2m_loop_turn(fixture->loop, 30), LWM2M_OK);
    assert_in_range(lwm2m_timers_now(&fixture->timers) - before, 30, PATIENCE_MS);
    assert_int_equal(client.unreachable, 1);
    lwm2m_udp_link_close(server.link);
    lwm2m_udp_link_close(client.link);
}

static void peer_that_nobody_listens_for_is_reported(void **state)
{
    closed_port_is_reported_as_unreachable(*state, "127.0.0.1");
    if (host_has("::1")) {
        closed_port_is_reported_as_unreachable(*state, "[::1]");
    }
}

/* 255.255.255.255 is forbidden to sockets without SO_BROADCAST: EACCES, at once. */
static void peer_that_the_kernel_refuses_is_reported_and_the_rest_is_sent(void **state)
{
    struct fixture *fixture = *state;
    struct node server, client;
    struct lwm2m_address refused = address_of("255.255.255.255", 9);
    node_open(&server, fixture, "127.0.0.1");
    node_open(&client, fixture, "[::]");
    assert_int_equal(node_send(&client, &server.bound, "a"), LWM2M_OK);
    assert_int_equal(node_send(&client, &refused, "b"), LWM2M_OK);
    assert_int_equal(node_send(&client, &server.bound, "c"), LWM2M_OK);
    turn_until(fixture, &server.received, 2);
    turn_until(fixture, &client.unreachable, 1);
    assert_same_peer(&client.lost, &refused);
    struct lwm2m_udp_link_statistics statistics;
    lwm2m_udp_link_statistics_get(client.link, &statistics);
    assert_int_equal(statistics.send_failures, 1);
    assert_int_equal(statistics.sent, 2);
    lwm2m_udp_link_close(client.link);
    lwm2m_udp_link_close(server.link);
}

static void datagrams_longer_than_the_bound_are_dropped_and_counted(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_udp_link_config config;
    struct node server, client;
    static char text[301];
    memset(text, 'x', 300);
    lwm2m_udp_link_config_init(&config);
    config.loop = fixture->loop;
    config.bind = address_of("127.0.0.1", 0);
    config.max_received = 200;
    node_open_with(&server, &config);
    node_open(&client, fixture, "127.0.0.1");
    assert_int_equal(node_send(&client, &server.bound, text), LWM2M_OK);
    text[200] = 0;
    assert_int_equal(node_send(&client, &server.bound, text), LWM2M_OK);
    turn_until(fixture, &server.received, 1);
    assert_int_equal(server.length, 200);
    struct lwm2m_udp_link_statistics statistics;
    lwm2m_udp_link_statistics_get(server.link, &statistics);
    assert_int_equal(statistics.truncated, 1);
    assert_int_equal(statistics.received, 2);
    lwm2m_udp_link_close(client.link);
    lwm2m_udp_link_close(server.link);
}

static void empty_datagram_arrives(void **state)
{
    struct fixture *fixture = *state;
    struct node server, client;
    node_open(&server, fixture, "127.0.0.1");
    node_open(&client, fixture, "127.0.0.1");
    assert_int_equal(node_send(&client, &server.bound, NULL), LWM2M_OK);
    turn_until(fixture, &server.received, 1);
    assert_int_equal(server.length, 0);
    lwm2m_udp_link_close(client.link);
    lwm2m_udp_link_close(server.link);
}

static void datagram_that_is_too_long_to_send_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct node client;
    static uint8_t bytes[2000];
    node_open(&client, fixture, "127.0.0.1");
    const struct lwm2m_datagram_link *link = lwm2m_udp_link_datagrams(client.link);
    assert_int_equal(link->send(link->context, &client.bound,
                                (struct lwm2m_bytes){bytes, link->max_datagram + 1}),
                     LWM2M_TOO_LARGE);
    lwm2m_udp_link_close(client.link);
}

static void full_ring_refuses_and_counts(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_udp_link_config config;
    struct node client;
    lwm2m_udp_link_config_init(&config);
    config.loop = fixture->loop;
    config.bind = address_of("127.0.0.1", 0);
    config.max_queued = 3; /* below one batch: only the end of the turn sends */
    node_open_with(&client, &config);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(node_send(&client, &client.bound, "x"), LWM2M_OK);
    }
    assert_int_equal(node_send(&client, &client.bound, "x"), LWM2M_BUSY);
    turn_until(fixture, &client.received, 3);
    assert_int_equal(node_send(&client, &client.bound, "y"), LWM2M_OK);
    turn_until(fixture, &client.received, 4);
    struct lwm2m_udp_link_statistics statistics;
    lwm2m_udp_link_statistics_get(client.link, &statistics);
    assert_int_equal(statistics.queue_full, 1);
    lwm2m_udp_link_close(client.link);
}

static void port_in_use_is_told_by_errno(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_udp_link_config config;
    struct lwm2m_udp_link *second = NULL;
    struct node first;
    node_open(&first, fixture, "127.0.0.1");
    lwm2m_udp_link_config_init(&config);
    config.loop = fixture->loop;
    config.bind = first.bound;
    assert_int_equal(lwm2m_udp_link_open(&config, &second), LWM2M_IO);
    assert_int_equal(errno, EADDRINUSE);
    assert_null(second);
    lwm2m_udp_link_close(first.link);
}

static void configurations_out_of_range_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_udp_link_config good, bad[7];
    struct lwm2m_udp_link *link;
    lwm2m_udp_link_config_init(&good);
    good.loop = fixture->loop;
    for (size_t i = 0; i < 7; i++) {
        bad[i] = good;
    }
    bad[0].size--;
    bad[1].loop = NULL;
    bad[2].max_datagram = 63;
    bad[3].max_datagram = 65508;
    bad[4].max_received = 65536;
    bad[5].max_queued = 0;
    bad[6].max_queued = SIZE_MAX;
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(lwm2m_udp_link_open(&bad[i], &link), LWM2M_ARGUMENT);
    }
}

static void *allocate_nth(void *context, size_t size)
{
    size_t *left = context;
    if (*left == 0) {
        return NULL;
    }
    (*left)--;
    return malloc(size);
}

static void release(void *context, void *memory)
{
    (void)context;
    free(memory);
}

/* The loop keeps a pointer to the timers, the timers to the port: swapping the port is enough. */
static void running_out_of_memory_leaves_nothing_behind(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_port failing = fixture->host.port;
    struct lwm2m_udp_link_config config;
    struct lwm2m_udp_link *link = NULL;
    size_t allocations = 0, left;
    enum lwm2m_error error = LWM2M_NO_MEMORY;
    failing.context = &left;
    failing.allocate = allocate_nth;
    failing.release = release;
    lwm2m_udp_link_config_init(&config);
    config.loop = fixture->loop;
    config.bind = address_of("127.0.0.1", 0);
    fixture->timers.port = &failing;
    for (; error == LWM2M_NO_MEMORY && allocations < 20; allocations++) {
        left = allocations;
        error = lwm2m_udp_link_open(&config, &link);
    }
    assert_int_equal(error, LWM2M_OK);
    assert_int_equal(allocations, 8); /* seven of them failed in turn */
    lwm2m_udp_link_close(link);
    fixture->timers.port = &fixture->host.port;
}

static void attached_endpoint_gets_datagrams_and_word_of_lost_ones(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_endpoint endpoint = {0};
    struct node node, gone;
    node_open(&node, fixture, "127.0.0.1");
    node_open(&gone, fixture, "127.0.0.1");
    lwm2m_udp_link_close(gone.link);
    assert_int_equal(lwm2m_udp_link_attach(node.link, &endpoint), LWM2M_OK);
    assert_int_equal(node_send(&node, &node.bound, "abc"), LWM2M_OK);
    assert_int_equal(node_send(&node, &gone.bound, "abc"), LWM2M_OK);
    turn_until(fixture, &endpoint.received, 3);
    turn_until(fixture, &endpoint.failed, 1);
    lwm2m_udp_link_close(node.link);
}

#define WITH_LOOP(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LOOP(datagram_goes_and_its_answer_comes_back),
        WITH_LOOP(socket_on_every_address_serves_ipv4_and_ipv6),
        WITH_LOOP(answer_leaves_from_the_address_that_was_asked),
        WITH_LOOP(datagrams_beyond_one_batch_arrive_in_order),
        WITH_LOOP(peer_that_nobody_listens_for_is_reported),
        WITH_LOOP(peer_that_the_kernel_refuses_is_reported_and_the_rest_is_sent),
        WITH_LOOP(datagrams_longer_than_the_bound_are_dropped_and_counted),
        WITH_LOOP(empty_datagram_arrives),
        WITH_LOOP(datagram_that_is_too_long_to_send_is_refused),
        WITH_LOOP(full_ring_refuses_and_counts),
        WITH_LOOP(port_in_use_is_told_by_errno),
        WITH_LOOP(configurations_out_of_range_are_refused),
        WITH_LOOP(running_out_of_memory_leaves_nothing_behind),
        WITH_LOOP(attached_endpoint_gets_datagrams_and_word_of_lost_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
