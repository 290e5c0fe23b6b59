/*
 * The transport suite: everything that the engines ask of a transport, over real sockets, for a device and a server
 * on the endpoint or on libcoap. Each pairing is a program of its own in tests/transport, so that they run side by
 * side: most of the time they wait.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TESTS_SUPPORT_PAIRING_SUITE_H
#define TESTS_SUPPORT_PAIRING_SUITE_H

#include <lwm2m/host.h>

/* Runs it and prints a row with the result; the number of tests that failed. */
int pairing_suite_run(enum lwm2m_stack device, enum lwm2m_stack server);

#endif
