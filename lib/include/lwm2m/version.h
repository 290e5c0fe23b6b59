/*
 * The version of the library.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LWM2M_VERSION_H
#define LWM2M_VERSION_H

/* Of these headers. */
#define LWM2M_VERSION "0.1.0"

/* Of the library that is linked. */
const char *lwm2m_library_version(void);

#endif
