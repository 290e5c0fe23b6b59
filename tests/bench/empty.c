/*
 * Does nothing: what remains of a process when it is only linked. With an argument it ends at once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <unistd.h>

int main(int argc, char **argv)
{
    (void)argv;
    return argc > 1 ? 0 : pause();
}
