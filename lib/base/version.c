/*
 * Tells the version of the library.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/version.h>

const char *lwm2m_library_version(void)
{
    return LWM2M_VERSION;
}
