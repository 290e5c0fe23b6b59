/*
 * Reads variables of the environment.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "output/environment.h"

#include <stdlib.h>

const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}
