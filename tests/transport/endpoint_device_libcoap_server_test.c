/*
 * The transport suite with a device on the endpoint and a server on libcoap.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "support/pairing_suite.h"

int main(void)
{
    return pairing_suite_run(LWM2M_STACK_ENDPOINT, LWM2M_STACK_LIBCOAP);
}
