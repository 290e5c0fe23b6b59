/*
 * Puts the events of a server into words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "commands/server_notes.h"

#include <stdlib.h>

#include <lwm2m/resolve.h>

#include "control/event_types.h"
#include "output/printer.h"

static void show_desired(const struct printer *printer, const struct lwm2m_server_event *event)
{
    static const char *const words[] = {
        [LWM2M_DESIRED_PENDING] = "pending",
        [LWM2M_DESIRED_APPLIED] = "applied",
        [LWM2M_DESIRED_REFUSED] = "refused",
    };
    char path[LWM2M_PATH_TEXT_MAX];
    char *shown = text_escape_bytes(event->endpoint_name.data, event->endpoint_name.length);
    lwm2m_path_print(event->desired->path, path);
    print_note(printer, 1, "desired %s %s %s", shown != NULL ? shown : "?", path,
               words[event->desired->status]);
    free(shown);
}

void server_notes_event(void *context, const struct lwm2m_server_event *event)
{
    const struct printer *printer = context;
    char address[LWM2M_ADDRESS_TEXT_MAX] = "";
    if (!printer_shows(printer, 1)) {
        return; /* before any text is made: this is called for every Update */
    }
    if (event->peer != NULL) {
        lwm2m_peer_print_address(event->peer, address);
    }
    if (event->type == LWM2M_SERVER_DESIRED) {
        show_desired(printer, event);
        return;
    }
    if (event->registration == NULL) {
        char *shown = text_escape_bytes(event->endpoint_name.data, event->endpoint_name.length);
        print_note(printer, 1, "denied %s %s: %s", shown != NULL ? shown : "?", address,
                   event->detail != NULL ? event->detail : "");
        free(shown);
        return;
    }
    char *shown = text_escape(event->registration->endpoint_name);
    print_note(printer, 1, "%s %s %s", event_type_name(event->type), shown != NULL ? shown : "?",
               address);
    free(shown);
}

void server_notes_handshake(void *context, const struct lwm2m_dtls_event *event)
{
    char address[LWM2M_ADDRESS_TEXT_MAX];
    const struct printer *printer = context;
    if (!printer_shows(printer, 1)) {
        return;
    }
    char *identity = text_escape_bytes(event->identity.data, event->identity.length);
    bool known = identity != NULL && identity[0] != '\0';
    const char *as = known ? " as '" : "", *name = known ? identity : "", *end = known ? "'" : "";
    lwm2m_address_print(&event->address, address);
    if (event->type == LWM2M_DTLS_FAILED) {
        print_note(printer, 1, "handshake with %s%s%s%s failed: %s%s%s", address, as, name, end,
                   lwm2m_dtls_failure_text(event->failure), event->detail != NULL ? ": " : "",
                   event->detail != NULL ? event->detail : "");
    } else if (event->type == LWM2M_DTLS_ESTABLISHED) {
        print_note(printer, 1, "secured %s%s%s%s with %s", address, as, name, end, event->cipher);
    }
    free(identity);
}
