/*
 * CoAP codes as numbers, as bytes and as text, and the answer that each error of ours deserves.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/status.h>

uint8_t lwm2m_status_code(enum lwm2m_status status)
{
    unsigned number = (unsigned)status;

    return (uint8_t)((number / 100 % 8) << 5 | (number % 100 & 0x1f));
}

enum lwm2m_status lwm2m_status_from_code(uint8_t code)
{
    unsigned class = code >> 5;

    if (class < 2 || class > 5) {
        return LWM2M_STATUS_NONE;
    }
    return (enum lwm2m_status)(class * 100 + (code & 0x1fu));
}

bool lwm2m_status_is_success(enum lwm2m_status status)
{
    return (unsigned)status / 100 == 2;
}

const char *lwm2m_status_text(enum lwm2m_status status)
{
    switch ((unsigned)status) {
#define STATUS_TEXT(name, number, text)                                                            \
    case number:                                                                                   \
        return text;
        LWM2M_STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
    default:
        break;
    }
    switch ((unsigned)status / 100) {
    case 2:
        return "Success";
    case 4:
        return "Client Error";
    case 5:
        return "Server Error";
    default:
        return "Unknown";
    }
}

const char *lwm2m_status_print(enum lwm2m_status status, char text[LWM2M_STATUS_TEXT_MAX])
{
    unsigned number = (unsigned)status;

    text[0] = (char)('0' + number / 100 % 10);
    text[1] = '.';
    text[2] = (char)('0' + number / 10 % 10);
    text[3] = (char)('0' + number % 10);
    text[4] = '\0';
    return text;
}

const char *lwm2m_method_name(uint8_t code)
{
    switch (code) {
    case LWM2M_METHOD_GET:
        return "GET";
    case LWM2M_METHOD_POST:
        return "POST";
    case LWM2M_METHOD_PUT:
        return "PUT";
    case LWM2M_METHOD_DELETE:
        return "DELETE";
    case LWM2M_METHOD_FETCH:
        return "FETCH";
    case LWM2M_METHOD_PATCH:
        return "PATCH";
    case LWM2M_METHOD_IPATCH:
        return "iPATCH";
    default:
        return "?";
    }
}

enum lwm2m_status lwm2m_status_from_error(enum lwm2m_error error)
{
    switch (error) {
    case LWM2M_MALFORMED:
    case LWM2M_TYPE:
    case LWM2M_RANGE:
    case LWM2M_ARGUMENT:
    case LWM2M_EXISTS:
        return LWM2M_STATUS_BAD_REQUEST;
    case LWM2M_UNAUTHORIZED:
        return LWM2M_STATUS_UNAUTHORIZED;
    case LWM2M_NOT_FOUND:
        return LWM2M_STATUS_NOT_FOUND;
    case LWM2M_NOT_ALLOWED:
        return LWM2M_STATUS_METHOD_NOT_ALLOWED;
    case LWM2M_INCOMPLETE:
        return LWM2M_STATUS_REQUEST_ENTITY_INCOMPLETE;
    case LWM2M_TOO_LARGE:
        return LWM2M_STATUS_REQUEST_ENTITY_TOO_LARGE;
    case LWM2M_FORMAT:
        return LWM2M_STATUS_UNSUPPORTED_CONTENT_FORMAT;
    case LWM2M_UNSUPPORTED:
        return LWM2M_STATUS_NOT_IMPLEMENTED;
    case LWM2M_BUSY:
        return LWM2M_STATUS_SERVICE_UNAVAILABLE;
    default:
        return LWM2M_STATUS_INTERNAL_SERVER_ERROR;
    }
}
