/*
 * Includes every public header. Written by `make symbols`.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_LWM2M_H
#define LWM2M_LWM2M_H

#include <lwm2m/attributes.h>
#include <lwm2m/base64.h>
#include <lwm2m/blockwise.h>
#include <lwm2m/bytes.h>
#include <lwm2m/capture.h>
#include <lwm2m/chaos.h>
#include <lwm2m/client.h>
#include <lwm2m/codec.h>
#include <lwm2m/corelink.h>
#include <lwm2m/credentials.h>
#include <lwm2m/definition.h>
#include <lwm2m/definition_files.h>
#include <lwm2m/dtls_link.h>
#include <lwm2m/endpoint.h>
#include <lwm2m/error.h>
#include <lwm2m/host.h>
#include <lwm2m/host_port.h>
#include <lwm2m/key_making.h>
#include <lwm2m/libcoap_transport.h>
#include <lwm2m/list.h>
#include <lwm2m/loop.h>
#include <lwm2m/message.h>
#include <lwm2m/number.h>
#include <lwm2m/object.h>
#include <lwm2m/objects.h>
#include <lwm2m/path.h>
#include <lwm2m/port.h>
#include <lwm2m/record.h>
#include <lwm2m/resolve.h>
#include <lwm2m/server.h>
#include <lwm2m/state.h>
#include <lwm2m/status.h>
#include <lwm2m/store.h>
#include <lwm2m/timers.h>
#include <lwm2m/transport.h>
#include <lwm2m/udp_link.h>
#include <lwm2m/uri.h>
#include <lwm2m/utf8.h>
#include <lwm2m/value.h>
#include <lwm2m/version.h>

#endif
