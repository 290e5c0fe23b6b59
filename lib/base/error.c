/*
 * Names and sentences of the errors, and the fault that a decoder leaves behind.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/error.h>

struct wording {
    const char *name;
    const char *text;
};

static const struct wording wordings[] = {
#define WORDING(name, text) {#name, text},
    LWM2M_ERROR_LIST(WORDING)
#undef WORDING
};

static const struct wording *find_wording(enum lwm2m_error error)
{
    size_t number = (size_t)error;
    return number < sizeof wordings / sizeof *wordings ? &wordings[number] : NULL;
}

const char *lwm2m_error_name(enum lwm2m_error error)
{
    const struct wording *wording = find_wording(error);
    return wording ? wording->name : "UNKNOWN";
}

const char *lwm2m_error_text(enum lwm2m_error error)
{
    const struct wording *wording = find_wording(error);
    return wording ? wording->text : "unknown error";
}

enum lwm2m_error lwm2m_fault_set(struct lwm2m_fault *fault, enum lwm2m_error error, size_t offset,
                                 const char *reason)
{
    if (fault) {
        *fault = (struct lwm2m_fault){.error = error, .offset = offset, .reason = reason};
    }
    return error;
}
