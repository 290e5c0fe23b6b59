/*
 * Follows a certificate to an authority by GnuTLS, and puts into words what it finds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "host/certificate_check.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <gnutls/crypto.h>

#include <lwm2m/utf8.h>

#include "host/key_text.h"

/* 112 bits: RSA of 2048 and SHA-256, which is what LwM2M asks for at least. */
#define VERIFY_FLAGS GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM)

struct chain {
    gnutls_x509_crt_t items[LWM2M_CHAIN_MAX];
    unsigned count;
};

static bool refuse(struct lwm2m_peer_fault *fault, enum lwm2m_dtls_failure failure,
                   const char *detail)
{
    fault->failure = failure;
    snprintf(fault->detail, sizeof(fault->detail), "%s", detail);
    return false;
}

/* ---- names ---- */

static bool is_name(const char *name, size_t length)
{
    struct lwm2m_bytes bytes = {(const uint8_t *)name, length};

    if (length == 0 || !lwm2m_utf8_is_valid(bytes)) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (bytes.data[i] < ' ' || bytes.data[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool common_name_of(gnutls_x509_crt_t certificate, char name[LWM2M_CERTIFICATE_NAME_MAX])
{
    size_t size = LWM2M_CERTIFICATE_NAME_MAX - 1;

    if (gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name,
                                      &size) != GNUTLS_E_SUCCESS ||
        !is_name(name, size)) {
        return false;
    }
    name[size] = '\0';
    return true;
}

static bool alternative_name_of(gnutls_x509_crt_t certificate,
                                char name[LWM2M_CERTIFICATE_NAME_MAX])
{
    for (unsigned i = 0;; i++) {
        size_t size = LWM2M_CERTIFICATE_NAME_MAX - 1;
        int type = gnutls_x509_crt_get_subject_alt_name(certificate, i, name, &size, NULL);
        if (type < 0 && type != GNUTLS_E_SHORT_MEMORY_BUFFER) {
            return false; /* there are no more */
        }
        if ((type == GNUTLS_SAN_DNSNAME || type == GNUTLS_SAN_URI) && is_name(name, size)) {
            name[size] = '\0';
            return true;
        }
    }
}

static bool name_of(gnutls_x509_crt_t certificate, char name[LWM2M_CERTIFICATE_NAME_MAX])
{
    return common_name_of(certificate, name) || alternative_name_of(certificate, name);
}

bool lwm2m_certificate_name(const gnutls_datum_t *der, char name[LWM2M_CERTIFICATE_NAME_MAX])
{
    gnutls_x509_crt_t certificate = NULL;
    bool found = false;

    if (gnutls_x509_crt_init(&certificate) != GNUTLS_E_SUCCESS) {
        return false;
    }
    if (gnutls_x509_crt_import(certificate, der, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS) {
        found = name_of(certificate, name);
    }
    gnutls_x509_crt_deinit(certificate);
    return found;
}

bool lwm2m_public_key_fingerprint(const gnutls_datum_t *key, char text[LWM2M_FINGERPRINT_MAX])
{
    uint8_t digest[32];

    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, key->data, key->size, digest) != GNUTLS_E_SUCCESS) {
        return false;
    }
    lwm2m_key_print_hex((struct lwm2m_bytes){digest, sizeof(digest)}, text);
    return true;
}

/* ---- words ---- */

static void print_time(time_t when, char text[32])
{
    struct tm parts;

    if (gmtime_r(&when, &parts) == NULL || strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        snprintf(text, 32, "a time out of range");
    }
}

static const char *owner_of(gnutls_x509_crt_t certificate, char name[LWM2M_CERTIFICATE_NAME_MAX])
{
    return name_of(certificate, name) ? name : "one without a name";
}

/* The clock is named, as it is often what is wrong: devices wake up in 1970. */
static bool refuse_time(const struct chain *chain, bool expired, struct lwm2m_peer_fault *fault)
{
    time_t now = time(NULL);
    char owner[LWM2M_CERTIFICATE_NAME_MAX];
    char clock[32];
    char limit[32];

    refuse(fault, expired ? LWM2M_DTLS_CERTIFICATE_EXPIRED : LWM2M_DTLS_CERTIFICATE_NOT_YET_VALID,
           "that of its authority");
    print_time(now, clock);
    for (unsigned i = 0; i < chain->count; i++) {
        time_t end = gnutls_x509_crt_get_expiration_time(chain->items[i]);
        time_t start = gnutls_x509_crt_get_activation_time(chain->items[i]);
        if (expired ? end < now : start > now) {
            print_time(expired ? end : start, limit);
            snprintf(fault->detail, sizeof(fault->detail),
                     "'%.100s' is valid %s %s, and the clock here says %s",
                     owner_of(chain->items[i], owner), expired ? "until" : "from", limit, clock);
            break;
        }
    }
    return false;
}

static bool refuse_authority(const struct chain *chain, unsigned status,
                             struct lwm2m_peer_fault *fault)
{
    gnutls_x509_crt_t last = chain->items[chain->count - 1];
    char issuer[200];
    size_t size = sizeof(issuer);
    bool alone = chain->count == 1 && gnutls_x509_crt_check_issuer(last, last);

    refuse(fault, LWM2M_DTLS_UNKNOWN_AUTHORITY, "");
    if ((status & GNUTLS_CERT_SIGNATURE_FAILURE) != 0) {
        snprintf(fault->detail, sizeof(fault->detail), "a signature in it is wrong");
    } else if (alone) {
        snprintf(fault->detail, sizeof(fault->detail), "it is signed by itself");
    } else if (gnutls_x509_crt_get_issuer_dn(last, issuer, &size) == GNUTLS_E_SUCCESS &&
               is_name(issuer, strlen(issuer))) {
        snprintf(fault->detail, sizeof(fault->detail), "it was issued by '%s'", issuer);
    }
    return false;
}

static bool refuse_name(const struct chain *chain, const char *wanted,
                        struct lwm2m_peer_fault *fault)
{
    char owner[LWM2M_CERTIFICATE_NAME_MAX];

    refuse(fault, LWM2M_DTLS_WRONG_NAME, "");
    snprintf(fault->detail, sizeof(fault->detail),
             "it is made out to '%.120s', and '%.120s' was called",
             owner_of(chain->items[0], owner), wanted);
    return false;
}

static bool refuse_status(const struct chain *chain, unsigned status, const char *name,
                          struct lwm2m_peer_fault *fault)
{
    const unsigned authority =
        GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA | GNUTLS_CERT_SIGNATURE_FAILURE;
    gnutls_datum_t text = {NULL, 0};

    if ((status & GNUTLS_CERT_INSECURE_ALGORITHM) != 0) {
        return refuse(fault, LWM2M_DTLS_WEAK_CERTIFICATE,
                      "a key or a signature of its chain has less than 112 bits of strength");
    }
    if ((status & authority) != 0) {
        return refuse_authority(chain, status, fault);
    }
    if ((status & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED)) != 0) {
        return refuse_time(chain, (status & GNUTLS_CERT_EXPIRED) != 0, fault);
    }
    /* A name is not looked for in a certificate that is not for servers. */
    if ((status & GNUTLS_CERT_UNEXPECTED_OWNER) != 0 &&
        (status & GNUTLS_CERT_PURPOSE_MISMATCH) == 0) {
        return refuse_name(chain, name, fault);
    }
    refuse(fault, LWM2M_DTLS_BAD_CERTIFICATE, "");
    if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0) ==
        GNUTLS_E_SUCCESS) {
        snprintf(fault->detail, sizeof(fault->detail), "%s", text.data);
        gnutls_free(text.data);
    }
    return false;
}

/* ---- checking ---- */

/* What GnuTLS shall look at beside the chain: whose it is, and what for. */
static bool verify(const struct lwm2m_certificate_rules *rules, gnutls_x509_trust_list_t list,
                   const struct chain *chain, struct lwm2m_peer_fault *fault)
{
    const char *purpose = rules->of_server ? GNUTLS_KP_TLS_WWW_SERVER : GNUTLS_KP_TLS_WWW_CLIENT;
    uint8_t address[16];
    gnutls_typed_vdata_st data[2] = {
        {.type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (uint8_t *)(uintptr_t)purpose},
    };
    unsigned count = 1;
    unsigned status = 0;

    if (rules->name != NULL) {
        data[1].type = GNUTLS_DT_IP_ADDRESS;
        data[1].data = address;
        if (inet_pton(AF_INET, rules->name, address) == 1) {
            data[1].size = 4;
        } else if (inet_pton(AF_INET6, rules->name, address) == 1) {
            data[1].size = 16;
        } else {
            data[1].type = GNUTLS_DT_DNS_HOSTNAME;
            data[1].data = (uint8_t *)(uintptr_t)rules->name;
        }
        count = 2;
    }
    int result =
        gnutls_x509_trust_list_verify_crt2(list, (gnutls_x509_crt_t *)(uintptr_t)chain->items,
                                           chain->count, data, count, VERIFY_FLAGS, &status, NULL);
    if (result < 0) {
        return refuse(fault, LWM2M_DTLS_BAD_CERTIFICATE, gnutls_strerror(result));
    }
    return status == 0 || refuse_status(chain, status, rules->name, fault);
}

static bool is_expected(gnutls_x509_crt_t certificate, const struct lwm2m_certificate_rules *rules)
{
    return gnutls_x509_crt_equals2(certificate, &rules->expected) != 0;
}

/* The chain, or the authority that it ends at, holds the expected one. */
static bool leads_to_expected(const struct lwm2m_certificate_rules *rules,
                              const struct chain *chain)
{
    gnutls_x509_crt_t issuer = NULL;
    bool found = false;

    for (unsigned i = 1; i < chain->count && !found; i++) {
        found = is_expected(chain->items[i], rules);
    }
    if (!found &&
        gnutls_x509_trust_list_get_issuer(rules->authorities, chain->items[chain->count - 1],
                                          &issuer, GNUTLS_TL_GET_COPY) == GNUTLS_E_SUCCESS) {
        found = is_expected(issuer, rules);
        gnutls_x509_crt_deinit(issuer);
    }
    return found;
}

/* The expected one is the only authority. */
static bool verify_by_expected(const struct lwm2m_certificate_rules *rules,
                               const struct chain *chain, struct lwm2m_peer_fault *fault)
{
    gnutls_x509_trust_list_t list = NULL;
    bool good = false;

    if (gnutls_x509_trust_list_init(&list, 0) != GNUTLS_E_SUCCESS ||
        gnutls_x509_trust_list_add_trust_mem(list, &rules->expected, NULL, GNUTLS_X509_FMT_DER, 0,
                                             0) < 1) {
        refuse(fault, LWM2M_DTLS_BAD_CERTIFICATE, "the authority cannot be used");
    } else {
        good = verify(rules, list, chain, fault);
    }
    if (list != NULL) {
        gnutls_x509_trust_list_deinit(list, 1);
    }
    return good;
}

static bool check(const struct lwm2m_certificate_rules *rules, const struct chain *chain,
                  struct lwm2m_peer_fault *fault)
{
    if (rules->expected.size == 0 || rules->usage == LWM2M_USAGE_CA_CONSTRAINT ||
        rules->usage == LWM2M_USAGE_SERVICE_CERTIFICATE_CONSTRAINT) {
        if (rules->authorities == NULL) {
            return refuse(fault, LWM2M_DTLS_UNKNOWN_AUTHORITY, "no authority is known here");
        }
        if (!verify(rules, rules->authorities, chain, fault)) {
            return false;
        }
    }
    if (rules->expected.size == 0) {
        return true;
    }
    switch (rules->usage) {
    case LWM2M_USAGE_CA_CONSTRAINT:
        return leads_to_expected(rules, chain) ||
               refuse(fault, LWM2M_DTLS_UNKNOWN_AUTHORITY,
                      "the expected authority is not among those that it leads to");
    case LWM2M_USAGE_TRUST_ANCHOR_ASSERTION:
        return verify_by_expected(rules, chain, fault);
    default:
        return is_expected(chain->items[0], rules) ||
               refuse(fault, LWM2M_DTLS_UNKNOWN_KEY, "it is not the certificate that is expected");
    }
}

static const char *find_excess(const gnutls_datum_t *ders, unsigned count)
{
    size_t bytes = 0;

    for (unsigned i = 0; i < count && i < LWM2M_CHAIN_MAX; i++) {
        bytes += ders[i].size;
    }
    return count > LWM2M_CHAIN_MAX               ? "its chain has more than 8 certificates"
           : bytes > LWM2M_CERTIFICATE_BYTES_MAX ? "with its chain it has more than 16 KiB"
                                                 : NULL;
}

bool lwm2m_certificate_check(const struct lwm2m_certificate_rules *rules,
                             const gnutls_datum_t *ders, unsigned count,
                             struct lwm2m_peer_fault *fault)
{
    struct chain chain = {.count = 0};
    const char *excess = find_excess(ders, count);

    if (count == 0 || excess != NULL) {
        return refuse(fault, count == 0 ? LWM2M_DTLS_NO_CERTIFICATE : LWM2M_DTLS_BAD_CERTIFICATE,
                      count == 0 ? "" : excess);
    }
    for (; chain.count < count; chain.count++) {
        gnutls_x509_crt_t *item = &chain.items[chain.count];
        if (gnutls_x509_crt_init(item) != GNUTLS_E_SUCCESS) {
            break;
        }
        if (gnutls_x509_crt_import(*item, &ders[chain.count], GNUTLS_X509_FMT_DER) !=
            GNUTLS_E_SUCCESS) {
            gnutls_x509_crt_deinit(*item);
            break;
        }
    }
    bool good = chain.count == count
                    ? check(rules, &chain, fault)
                    : refuse(fault, LWM2M_DTLS_BAD_CERTIFICATE, "it cannot be read");
    while (chain.count > 0) {
        gnutls_x509_crt_deinit(chain.items[--chain.count]);
    }
    return good;
}
