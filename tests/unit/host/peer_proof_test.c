/*
 * Certificates and raw public keys in both roles: who is believed, and what is said of who is not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gnutls/abstract.h>

#include "host/certificate_check.h"
#include "support/authority.h"
#include "support/dtls_scene.h"

#define PEM_BYTES_MAX (1 << 20)
#define PEERS_MAX 24

/* A root that both ends believe, another that neither does, a server and a device. */
struct fixture {
    struct dtls_scene *scene;
    struct issued root, stranger, server, device;
};

struct pem {
    struct lwm2m_buffer text;
    uint8_t *memory;
};

static void pem_init(struct pem *pem)
{
    pem->memory = malloc(PEM_BYTES_MAX);
    assert_non_null(pem->memory);
    lwm2m_buffer_init(&pem->text, pem->memory, PEM_BYTES_MAX);
}

static struct lwm2m_bytes pem_bytes(const struct pem *pem)
{
    return lwm2m_buffer_bytes(&pem->text);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fixture->scene = dtls_scene_new(NULL);
    issue(&(struct issue_request){.name = "Root", .is_authority = true}, &fixture->root);
    issue(&(struct issue_request){.name = "Stranger", .is_authority = true}, &fixture->stranger);
    issue(&(struct issue_request){.name = "server.test", .issuer = &fixture->root},
          &fixture->server);
    issue(&(struct issue_request){.name = "dev-1", .issuer = &fixture->root}, &fixture->device);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    dtls_scene_free(fixture->scene);
    issued_release(&fixture->root);
    issued_release(&fixture->stranger);
    issued_release(&fixture->server);
    issued_release(&fixture->device);
    free(fixture);
    return 0;
}

static void trust(struct dtls_end *end, const struct issued *authority)
{
    struct pem pem;
    pem_init(&pem);
    issued_print(authority, &pem.text);
    assert_int_equal(lwm2m_credentials_add_authorities(end->credentials, pem_bytes(&pem), NULL),
                     LWM2M_OK);
    free(pem.memory);
}

/* Shows a chain: the first is its own, the key is that one's. */
static enum lwm2m_error show(struct dtls_end *end, const struct issued *const *chain, size_t count,
                             struct lwm2m_fault *fault)
{
    struct pem certificates;
    struct pem key;
    pem_init(&certificates);
    pem_init(&key);
    for (size_t i = 0; i < count; i++) {
        issued_print(chain[i], &certificates.text);
    }
    issued_print_key(chain[0], &key.text);
    enum lwm2m_error error = lwm2m_credentials_set_own_certificate(
        end->credentials, pem_bytes(&certificates), pem_bytes(&key), fault);
    free(certificates.memory);
    free(key.memory);
    return error;
}

static void use(struct dtls_end *end)
{
    lwm2m_dtls_link_set_credentials(end->link, end->credentials);
}

/* Both ends with certificates of the root. */
static void certify(struct fixture *fixture)
{
    struct dtls_end *server = &fixture->scene->server;
    struct dtls_end *client = &fixture->scene->client;
    dtls_scene_change(server);
    dtls_scene_change(client);
    trust(server, &fixture->root);
    trust(client, &fixture->root);
    const struct issued *own[2] = {&fixture->server, &fixture->device};
    assert_int_equal(show(server, &own[0], 1, NULL), LWM2M_OK);
    assert_int_equal(show(client, &own[1], 1, NULL), LWM2M_OK);
    use(server);
    use(client);
}

static void expect(struct dtls_end *client, const struct issued *certificate,
                   enum lwm2m_certificate_usage usage)
{
    struct pem pem;
    pem_init(&pem);
    issued_print(certificate, &pem.text);
    assert_int_equal(
        lwm2m_credentials_set_server_key(client->credentials, pem_bytes(&pem), usage, NULL),
        LWM2M_OK);
    free(pem.memory);
}

/* True if both ends have an association. */
static bool meet(struct fixture *fixture)
{
    struct dtls_scene *scene = fixture->scene;
    memset(scene->server.counts, 0, sizeof(scene->server.counts));
    memset(scene->client.counts, 0, sizeof(scene->client.counts));
    dtls_scene_call(scene);
    dtls_scene_settle(scene);
    return scene->server.counts[LWM2M_DTLS_ESTABLISHED] == 1 &&
           scene->client.counts[LWM2M_DTLS_ESTABLISHED] == 1;
}

/* ---- certificates ---- */

static void believes_certificates_of_a_known_authority(void **state)
{
    struct fixture *fixture = *state;
    certify(fixture);
    assert_true(meet(fixture));
    assert_int_equal(fixture->scene->server.security, LWM2M_SECURITY_X509);
    assert_string_equal(fixture->scene->server.identity, "dev-1");
    assert_int_equal(fixture->scene->client.security, LWM2M_SECURITY_X509);
    assert_string_equal(fixture->scene->server.cipher, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8");
}

static void takes_the_name_of_a_certificate_without_common_name_from_its_uri(void **state)
{
    struct fixture *fixture = *state;
    issued_release(&fixture->device);
    issue(&(struct issue_request){.uri = "urn:dev:os:32473-7", .issuer = &fixture->root},
          &fixture->device);
    certify(fixture);
    assert_true(meet(fixture));
    assert_string_equal(fixture->scene->server.identity, "urn:dev:os:32473-7");
}

static void takes_each_suite_of_lwm2m_with_certificates(void **state)
{
    static const char *const ciphers[] = {
        "NONE:+VERS-DTLS1.2:+ECDHE-ECDSA:+AES-128-CCM-8:+AEAD:+SIGN-ECDSA-SHA256:"
        "+GROUP-SECP256R1:+COMP-NULL",
        "NONE:+VERS-DTLS1.2:+ECDHE-ECDSA:+AES-128-CBC:+SHA256:+SIGN-ECDSA-SHA256:"
        "+GROUP-SECP256R1:+COMP-NULL",
        "NONE:+VERS-DTLS1.2:+ECDHE-ECDSA:+AES-128-GCM:+AEAD:+SIGN-ECDSA-SHA256:"
        "+GROUP-SECP256R1:+COMP-NULL",
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++) {
        dtls_scene_free(fixture->scene);
        fixture->scene = dtls_scene_new(ciphers[i]);
        certify(fixture);
        assert_true(meet(fixture));
    }
}

/* One certificate that is shown, and what the other end says of it. */
struct refusal {
    const char *what;
    struct issue_request leaf;      /* issuer: NULL is the root */
    unsigned middle;                /* authorities between it and the root, which it shows */
    struct issue_request authority; /* of the first of those, or what they are all made like */
    bool hidden;                    /* they are not shown */
    bool no_authority;              /* nor are they authorities */
    bool by_itself, by_stranger, spoilt;
    enum lwm2m_dtls_failure failure;
    const char *detail; /* a part of it */
};

static const struct refusal refusals[] = {
    {.what = "expired",
     .leaf = {.starts_s = -7200, .ends_s = -3600},
     .failure = LWM2M_DTLS_CERTIFICATE_EXPIRED,
     .detail = "and the clock here says 2"},
    {.what = "not yet valid",
     .leaf = {.starts_s = 3600},
     .failure = LWM2M_DTLS_CERTIFICATE_NOT_YET_VALID,
     .detail = "is valid from 2"},
    {.what = "of another authority",
     .by_stranger = true,
     .failure = LWM2M_DTLS_UNKNOWN_AUTHORITY,
     .detail = "issued by 'CN=Stranger'"},
    {.what = "signed by itself",
     .by_itself = true,
     .failure = LWM2M_DTLS_UNKNOWN_AUTHORITY,
     .detail = "signed by itself"},
    {.what = "issued by RSA of 1024",
     .middle = 1,
     .authority = {.rsa_bits = 1024},
     .failure = LWM2M_DTLS_WEAK_CERTIFICATE,
     .detail = "112 bits"},
    {.what = "a chain of 20",
     .middle = 19,
     .failure = LWM2M_DTLS_BAD_CERTIFICATE,
     .detail = "more than 8"},
    {.what = "10000 names",
     .leaf = {.dns_names = 10000},
     .failure = LWM2M_DTLS_BAD_CERTIFICATE,
     .detail = "16 KiB"},
    {.what = "an authority that expired",
     .middle = 1,
     .authority = {.starts_s = -7200, .ends_s = -3600},
     .failure = LWM2M_DTLS_CERTIFICATE_EXPIRED,
     .detail = "'Middle 0' is valid until 2"},
    {.what = "issued by what is no authority",
     .middle = 1,
     .no_authority = true,
     .failure = LWM2M_DTLS_UNKNOWN_AUTHORITY},
    {.what = "an authority that is not shown",
     .middle = 1,
     .hidden = true,
     .failure = LWM2M_DTLS_UNKNOWN_AUTHORITY,
     .detail = "issued by 'CN=Middle 0'"},
    {.what = "for code alone",
     .leaf = {.purpose = GNUTLS_KP_CODE_SIGNING},
     .failure = LWM2M_DTLS_BAD_CERTIFICATE},
    {.what = "a signature that is not the authority's",
     .spoilt = true,
     .failure = LWM2M_DTLS_UNKNOWN_AUTHORITY},
};

struct shown {
    struct issued items[PEERS_MAX];
    const struct issued *chain[PEERS_MAX];
    size_t count, issued_count;
};

/* An authority of the root's name with another key. */
static const struct issued *spoil(struct shown *shown)
{
    struct issued *forged = &shown->items[shown->issued_count++];
    issue(&(struct issue_request){.name = "Root", .is_authority = true}, forged);
    return forged;
}

static void make(const struct fixture *fixture, const struct refusal *refusal, const char *name,
                 struct shown *shown)
{
    const struct issued *issuer = refusal->by_stranger ? &fixture->stranger : &fixture->root;
    memset(shown, 0, sizeof(*shown));
    if (refusal->spoilt) {
        issuer = spoil(shown);
    }
    for (unsigned i = refusal->middle; i > 0; i--) {
        char middle[32];
        snprintf(middle, sizeof(middle), "Middle %u", i - 1);
        struct issue_request request = refusal->authority;
        request.name = middle;
        request.issuer = issuer;
        request.is_authority = !refusal->no_authority;
        struct issued *issued = &shown->items[shown->issued_count++];
        issue(&request, issued);
        issuer = issued;
        shown->chain[i] = issued;
    }
    struct issue_request leaf = refusal->leaf;
    leaf.name = name;
    leaf.issuer = refusal->by_itself ? NULL : issuer;
    struct issued *own = &shown->items[shown->issued_count++];
    issue(&leaf, own);
    shown->chain[0] = own;
    shown->count = 1 + (refusal->hidden ? 0 : refusal->middle);
}

static void shown_release(struct shown *shown)
{
    for (size_t i = 0; i < shown->issued_count; i++) {
        issued_release(&shown->items[i]);
    }
}

/* What credentials do not take for our own, a stranger may show. */
static void check_excess(const struct shown *shown, const struct refusal *refusal)
{
    struct lwm2m_certificate_rules rules = {.authorities = NULL};
    gnutls_datum_t ders[PEERS_MAX];
    struct lwm2m_peer_fault fault;
    for (size_t i = 0; i < shown->count; i++) {
        assert_int_equal(
            gnutls_x509_crt_export2(shown->chain[i]->certificate, GNUTLS_X509_FMT_DER, &ders[i]),
            0);
    }
    assert_false(lwm2m_certificate_check(&rules, ders, (unsigned)shown->count, &fault));
    assert_int_equal(fault.failure, refusal->failure);
    assert_non_null(strstr(fault.detail, refusal->detail));
    for (size_t i = 0; i < shown->count; i++) {
        gnutls_free(ders[i].data);
    }
}

static void refuse_each(struct fixture *fixture, bool server_shows)
{
    struct dtls_scene *scene = fixture->scene;
    struct dtls_end *shows = server_shows ? &scene->server : &scene->client;
    struct dtls_end *looks = server_shows ? &scene->client : &scene->server;
    const struct issued *own = server_shows ? &fixture->device : &fixture->server;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        const struct refusal *refusal = &refusals[i];
        struct shown shown;
        dtls_scene_change(shows);
        dtls_scene_change(looks);
        trust(looks, &fixture->root);
        trust(shows, &fixture->root);
        assert_int_equal(show(looks, &own, 1, NULL), LWM2M_OK);
        make(fixture, refusal, server_shows ? "server.test" : "dev-1", &shown);
        if (refusal->middle >= LWM2M_CHAIN_MAX || refusal->leaf.dns_names > 0) {
            assert_int_equal(show(shows, shown.chain, shown.count, NULL), LWM2M_MALFORMED);
            check_excess(&shown, refusal);
            shown_release(&shown);
            continue;
        }
        assert_int_equal(show(shows, shown.chain, shown.count, NULL), LWM2M_OK);
        use(looks);
        use(shows);
        print_message("%s\n", refusal->what);
        assert_false(meet(fixture));
        assert_int_equal(looks->counts[LWM2M_DTLS_FAILED], 1);
        print_message("    %s; %s: %s\n", looks->detail, lwm2m_dtls_failure_name(shows->failure),
                      shows->detail);
        assert_string_equal(lwm2m_dtls_failure_name(looks->failure),
                            lwm2m_dtls_failure_name(refusal->failure));
        assert_true(refusal->detail == NULL || strstr(looks->detail, refusal->detail) != NULL);
        assert_int_equal(shows->counts[LWM2M_DTLS_FAILED], 1);
        shown_release(&shown);
    }
    certify(fixture);
    assert_true(meet(fixture));
}

static void a_server_says_what_is_wrong_with_a_device(void **state)
{
    refuse_each(*state, false);
}

static void a_device_says_what_is_wrong_with_a_server(void **state)
{
    refuse_each(*state, true);
}

static void a_device_hears_that_its_certificate_is_refused(void **state)
{
    struct fixture *fixture = *state;
    certify(fixture);
    dtls_scene_change(&fixture->scene->client);
    trust(&fixture->scene->client, &fixture->root);
    struct issued other;
    issue(&(struct issue_request){.name = "dev-1", .issuer = &fixture->stranger}, &other);
    const struct issued *own = &other;
    assert_int_equal(show(&fixture->scene->client, &own, 1, NULL), LWM2M_OK);
    use(&fixture->scene->client);
    assert_false(meet(fixture));
    assert_int_equal(fixture->scene->client.failure, LWM2M_DTLS_REFUSED_CERTIFICATE);
    issued_release(&other);
}

static void a_device_does_not_take_a_certificate_of_another_server(void **state)
{
    struct fixture *fixture = *state;
    issued_release(&fixture->server);
    issue(&(struct issue_request){.name = "other.test", .issuer = &fixture->root},
          &fixture->server);
    certify(fixture);
    assert_false(meet(fixture));
    assert_int_equal(fixture->scene->client.failure, LWM2M_DTLS_WRONG_NAME);
    assert_non_null(strstr(fixture->scene->client.detail, "'other.test', and 'server.test'"));
    assert_int_equal(
        lwm2m_credentials_set_server_name(fixture->scene->client.credentials, "other.test"),
        LWM2M_OK);
    assert_true(meet(fixture));
}

static void refuses_a_device_without_certificate(void **state)
{
    struct fixture *fixture = *state;
    certify(fixture);
    dtls_scene_set_key(fixture->scene, "dev-1", "sesame");
    assert_false(meet(fixture));
    assert_int_equal(fixture->scene->server.failure, LWM2M_DTLS_NO_COMMON_CIPHER);
}

/* ---- usage ---- */

static void believes_by_certificate_usage(void **state)
{
    static const struct {
        enum lwm2m_certificate_usage usage;
        char expected; /* the 's'erver's, 'r'oot's, the stran'g'er's */
        bool trusted;  /* the root is among the authorities */
        bool good;
    } cases[] = {
        {LWM2M_USAGE_CA_CONSTRAINT, 'r', true, true},
        {LWM2M_USAGE_CA_CONSTRAINT, 'g', true, false},
        {LWM2M_USAGE_CA_CONSTRAINT, 'r', false, false},
        {LWM2M_USAGE_SERVICE_CERTIFICATE_CONSTRAINT, 's', true, true},
        {LWM2M_USAGE_SERVICE_CERTIFICATE_CONSTRAINT, 's', false, false},
        {LWM2M_USAGE_SERVICE_CERTIFICATE_CONSTRAINT, 'r', true, false},
        {LWM2M_USAGE_TRUST_ANCHOR_ASSERTION, 'r', false, true},
        {LWM2M_USAGE_TRUST_ANCHOR_ASSERTION, 'g', true, false},
        {LWM2M_USAGE_DOMAIN_ISSUED_CERTIFICATE, 's', false, true},
        {LWM2M_USAGE_DOMAIN_ISSUED_CERTIFICATE, 'r', true, false},
    };
    struct fixture *fixture = *state;
    struct dtls_end *client = &fixture->scene->client;
    const struct issued *own = &fixture->device;
    certify(fixture);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dtls_scene_change(client);
        assert_int_equal(show(client, &own, 1, NULL), LWM2M_OK);
        if (cases[i].trusted) {
            trust(client, &fixture->root);
        }
        expect(client,
               cases[i].expected == 's'   ? &fixture->server
               : cases[i].expected == 'r' ? &fixture->root
                                          : &fixture->stranger,
               cases[i].usage);
        use(client);
        print_message("usage %d, %c\n", cases[i].usage, cases[i].expected);
        assert_int_equal(meet(fixture), cases[i].good);
    }
}

/* ---- raw public keys ---- */

static void show_raw_key(struct dtls_end *end, const struct issued *own)
{
    struct pem key;
    pem_init(&key);
    issued_print_key(own, &key.text);
    assert_int_equal(lwm2m_credentials_set_own_raw_key(end->credentials, pem_bytes(&key), NULL),
                     LWM2M_OK);
    free(key.memory);
}

static void expect_key(struct dtls_end *client, const struct issued *own)
{
    struct pem pem;
    pem_init(&pem);
    issued_print_public_key(own, &pem.text);
    assert_int_equal(lwm2m_credentials_set_server_key(client->credentials, pem_bytes(&pem),
                                                      LWM2M_USAGE_DOMAIN_ISSUED_CERTIFICATE, NULL),
                     LWM2M_OK);
    free(pem.memory);
}

static void know_key(struct dtls_end *server, const struct issued *device, const char *endpoint)
{
    uint8_t der[512];
    size_t size = sizeof(der);
    gnutls_pubkey_t key = NULL;
    assert_int_equal(gnutls_pubkey_init(&key), 0);
    assert_int_equal(gnutls_pubkey_import_x509(key, device->certificate, 0), 0);
    assert_int_equal(gnutls_pubkey_export(key, GNUTLS_X509_FMT_DER, der, &size), 0);
    gnutls_pubkey_deinit(key);
    const struct lwm2m_public_key known = {
        .key = {der, size},
        .endpoint_name = lwm2m_bytes_from_text(endpoint),
    };
    assert_int_equal(lwm2m_credentials_add_public_key(server->credentials, &known), LWM2M_OK);
}

static void exchange_keys(struct fixture *fixture, const struct issued *known,
                          const struct issued *expected)
{
    struct dtls_end *server = &fixture->scene->server;
    struct dtls_end *client = &fixture->scene->client;
    dtls_scene_change(server);
    dtls_scene_change(client);
    show_raw_key(server, &fixture->server);
    show_raw_key(client, &fixture->device);
    know_key(server, known, "dev-1");
    expect_key(client, expected);
    use(server);
    use(client);
}

static void believes_raw_public_keys_that_it_knows(void **state)
{
    struct fixture *fixture = *state;
    struct lwm2m_bytes name;
    exchange_keys(fixture, &fixture->device, &fixture->server);
    assert_true(meet(fixture));
    assert_int_equal(fixture->scene->server.security, LWM2M_SECURITY_RPK);
    assert_int_equal(strlen(fixture->scene->server.identity), 64);
    assert_true(lwm2m_credentials_endpoint_name(
        fixture->scene->server.credentials, LWM2M_SECURITY_RPK,
        lwm2m_bytes_from_text(fixture->scene->server.identity), &name));
    assert_true(lwm2m_bytes_equal_text(name, "dev-1"));
}

static void refuses_raw_public_keys_that_it_does_not_know(void **state)
{
    struct fixture *fixture = *state;
    exchange_keys(fixture, &fixture->stranger, &fixture->server);
    assert_false(meet(fixture));
    assert_int_equal(fixture->scene->server.failure, LWM2M_DTLS_UNKNOWN_KEY);
    assert_int_equal(fixture->scene->client.failure, LWM2M_DTLS_REFUSED_CERTIFICATE);
    exchange_keys(fixture, &fixture->device, &fixture->stranger);
    assert_false(meet(fixture));
    assert_int_equal(fixture->scene->client.failure, LWM2M_DTLS_UNKNOWN_KEY);
    assert_int_equal(fixture->scene->server.failure, LWM2M_DTLS_REFUSED_CERTIFICATE);
}

static void a_server_takes_keys_certificates_and_raw_keys_side_by_side(void **state)
{
    struct fixture *fixture = *state;
    struct dtls_end *server = &fixture->scene->server;
    struct dtls_end *client = &fixture->scene->client;
    const struct lwm2m_psk psk = dtls_scene_psk("dev-1", "sesame");
    const struct issued *own = &fixture->device;
    certify(fixture);
    know_key(server, &fixture->device, "dev-1");
    assert_int_equal(lwm2m_credentials_add_psk(server->credentials, &psk), LWM2M_OK);
    assert_true(meet(fixture));
    assert_int_equal(server->security, LWM2M_SECURITY_X509);
    dtls_scene_set_key(fixture->scene, "dev-1", "sesame");
    assert_true(meet(fixture));
    assert_int_equal(server->security, LWM2M_SECURITY_PSK);
    dtls_scene_change(client);
    show_raw_key(client, own);
    expect_key(client, &fixture->server);
    use(client);
    assert_true(meet(fixture));
    assert_int_equal(server->security, LWM2M_SECURITY_RPK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(believes_certificates_of_a_known_authority),
        TEST(takes_the_name_of_a_certificate_without_common_name_from_its_uri),
        TEST(takes_each_suite_of_lwm2m_with_certificates),
        TEST(a_server_says_what_is_wrong_with_a_device),
        TEST(a_device_says_what_is_wrong_with_a_server),
        TEST(a_device_hears_that_its_certificate_is_refused),
        TEST(a_device_does_not_take_a_certificate_of_another_server),
        TEST(refuses_a_device_without_certificate),
        TEST(believes_by_certificate_usage),
        TEST(believes_raw_public_keys_that_it_knows),
        TEST(refuses_raw_public_keys_that_it_does_not_know),
        TEST(a_server_takes_keys_certificates_and_raw_keys_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
