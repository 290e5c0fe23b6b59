/* SPDX-License-Identifier: Apache-2.0 */
#include <lwm2m/utf8.h>
