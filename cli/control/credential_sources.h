/*
 * Where keys come from: files and options of the command line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CONTROL_CREDENTIAL_SOURCES_H
#define CONTROL_CREDENTIAL_SOURCES_H

#include <stdbool.h>

#include <lwm2m/credentials.h>

#include "argv/options.h"
#include "control/outcome.h"
#include "output/printer.h"

/* Borrowed texts; zeroed: no keys. */
struct credential_sources {
    const char *psk_file;     /* --psk-file */
    const char *psk_identity; /* --psk-identity: which of them, of one who calls */
    const char *psk;          /* --psk: the key itself, of one who calls */
    const char *certificate;  /* --cert: our own */
    const char *key;          /* --key: its private key, or the one to show raw */
    const char *authorities;  /* --ca */
    const char *public_keys;  /* --rpk: those of devices, of a server */
    const char *server_key;   /* --server-public-key, of one who calls */
    const char *usage;        /* --certificate-usage: what that says */
    const char *server_name;  /* --server-name: who it is made out to */
    const char *ciphers;      /* --ciphers; NULL: the default */
    bool any_mode;            /* --insecure-permissions */
};

#define CREDENTIAL_FILE_OPTION(owner, member_name, option_name, environment_name, text)            \
    {.name = (option_name),                                                                        \
     .kind = OPTION_TEXT,                                                                          \
     .offset = offsetof(owner, member_name),                                                       \
     .argument = "FILE",                                                                           \
     .environment = (environment_name),                                                            \
     .help = (text)}

#define CREDENTIAL_FILE_OPTIONS(owner, member)                                                     \
    CREDENTIAL_FILE_OPTION(owner, member.psk_file, "psk-file", "LWM2M_PSK_FILE",                   \
                           "pre-shared keys, IDENTITY:HEX a line; turns coaps on"),                \
        CREDENTIAL_FILE_OPTION(owner, member.certificate, "cert", NULL,                            \
                               "our certificate and those of its issuers, PEM or DER"),            \
        CREDENTIAL_FILE_OPTION(owner, member.key, "key", NULL,                                     \
                               "its private key; alone: the one of a raw public key"),             \
        CREDENTIAL_FILE_OPTION(owner, member.authorities, "ca", NULL,                              \
                               "authorities whose certificates are believed"),                     \
        {.name = "ciphers",                                                                        \
         .kind = OPTION_TEXT,                                                                      \
         .offset = offsetof(owner, member.ciphers),                                                \
         .argument = "PRIORITIES",                                                                 \
         .help = "cipher suites, as a priority string of GnuTLS"},                                 \
    {                                                                                              \
        .name = "insecure-permissions", .kind = OPTION_FLAG,                                       \
        .offset = offsetof(owner, member.any_mode),                                                \
        .help = "take key files that others may read"                                              \
    }

/* Of one who is called, beside those. */
#define CREDENTIAL_SERVER_OPTIONS(owner, member)                                                   \
    CREDENTIAL_FILE_OPTIONS(owner, member),                                                        \
        CREDENTIAL_FILE_OPTION(owner, member.public_keys, "rpk", NULL,                             \
                               "raw public keys of devices, ENDPOINT:BASE64 a line")

/* Of one who calls, beside those. */
#define CREDENTIAL_CALLER_OPTIONS(owner, member)                                                   \
    CREDENTIAL_FILE_OPTIONS(owner, member),                                                        \
        {.name = "psk-identity",                                                                   \
         .kind = OPTION_TEXT,                                                                      \
         .offset = offsetof(owner, member.psk_identity),                                           \
         .argument = "ID",                                                                         \
         .help = "whose key of the file; that of the endpoint if left out"},                       \
        {.name = "psk",                                                                            \
         .kind = OPTION_TEXT,                                                                      \
         .offset = offsetof(owner, member.psk),                                                    \
         .argument = "HEX",                                                                        \
         .help = "the key itself, which other users of the machine can see"},                      \
        CREDENTIAL_FILE_OPTION(owner, member.server_key, "server-public-key", NULL,                \
                               "the server's certificate or raw public key"),                      \
        {.name = "certificate-usage",                                                              \
         .kind = OPTION_TEXT,                                                                      \
         .offset = offsetof(owner, member.usage),                                                  \
         .argument = "0-3",                                                                        \
         .help = "what that certificate says (3: it is the server's)"},                            \
    {                                                                                              \
        .name = "server-name", .kind = OPTION_TEXT, .offset = offsetof(owner, member.server_name), \
        .argument = "NAME", .help = "whose certificate the server shows; the URI's host"           \
    }

/* True if they name any key. */
bool credential_sources_any(const struct credential_sources *sources);

/* Takes the text of the file at path, which is for messages. NULL with *failure filled. */
struct lwm2m_credentials *credentials_parse(const char *path, struct lwm2m_bytes text,
                                            const struct lwm2m_port *port,
                                            struct control_outcome *failure);
/* Reads what a server believes. NULL with *failure filled. */
struct lwm2m_credentials *credentials_read(const struct credential_sources *sources,
                                           const struct lwm2m_port *port,
                                           struct control_outcome *failure);
/* Reads what a device of that endpoint name calls its server with. NULL with *failure filled. */
struct lwm2m_credentials *credentials_read_caller(const struct credential_sources *sources,
                                                  const struct lwm2m_port *port,
                                                  const char *endpoint,
                                                  const struct printer *printer,
                                                  struct control_outcome *failure);

#endif
