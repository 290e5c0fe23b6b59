/*
 * Does nothing: what remains of a process when it is only linked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <unistd.h>

int main(void)
{
    return pause();
}
