/*
 * Files that are written whole: what takes the name, and what stays when it does not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Both cmocka and the printer have a function of this name. */
#define print_error cmocka_print_error
#include <cmocka.h>
#undef print_error

#include "output/whole_file.h"

static char folder[] = "/tmp/whole_file_test.XXXXXX";

static int enter_folder(void **state)
{
    (void)state;
    memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

/* How many entries the folder has; removes them if told. */
static int count_entries(bool remove)
{
    DIR *entries = opendir(".");
    const struct dirent *entry;
    int count = 0;
    while ((entry = readdir(entries)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            count++;
            if (remove) {
                assert_int_equal(unlink(entry->d_name), 0);
            }
        }
    }
    closedir(entries);
    return count;
}

static int leave_folder(void **state)
{
    (void)state;
    count_entries(true);
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static bool write_text(const char *name, const char *text, mode_t mode)
{
    struct whole_file file;
    return whole_file_open(&file, name, mode) &&
           whole_file_close(&file, fputs(text, file.stream) >= 0);
}

static void assert_holds(const char *name, const char *text)
{
    char held[64] = "";
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    held[fread(held, 1, sizeof(held) - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(held, text);
}

static mode_t mode_of(const char *name)
{
    struct stat status;
    assert_int_equal(stat(name, &status), 0);
    return status.st_mode & 07777;
}

static void a_new_file_has_the_mode_of_the_umask_or_the_one_given(void **state)
{
    mode_t mask = umask(027);
    (void)state;
    assert_true(write_text("usual", "1", 0));
    assert_true(write_text("private", "2", 0600));
    assert_int_equal(umask(mask), 027);
    assert_int_equal(mode_of("usual"), 0640);
    assert_int_equal(mode_of("private"), 0600);
    assert_holds("usual", "1");
    assert_int_equal(count_entries(false), 2);
}

static void a_file_that_is_replaced_keeps_its_mode(void **state)
{
    (void)state;
    assert_true(write_text("file", "first", 0));
    assert_int_equal(chmod("file", 0604), 0);
    assert_true(write_text("file", "2nd", 0644));
    assert_int_equal(mode_of("file"), 0604);
    assert_holds("file", "2nd");
}

static void until_it_is_closed_the_old_file_is_seen(void **state)
{
    struct whole_file file;
    (void)state;
    assert_true(write_text("file", "old", 0));
    assert_true(whole_file_open(&file, "file", 0));
    assert_true(fputs("new", file.stream) >= 0 && fflush(file.stream) == 0);
    assert_holds("file", "old");
    assert_true(whole_file_close(&file, true));
    assert_holds("file", "new");
}

static void a_failure_leaves_the_old_file_alone_and_tells_why(void **state)
{
    struct whole_file file;
    (void)state;
    assert_true(write_text("file", "old", 0));
    assert_true(whole_file_open(&file, "file", 0));
    fputs("new", file.stream);
    errno = ENOMEM;
    assert_false(whole_file_close(&file, false));
    assert_int_equal(errno, ENOMEM);
    assert_holds("file", "old");
    assert_int_equal(count_entries(false), 1);
}

static void a_link_stays_and_what_it_leads_to_is_replaced(void **state)
{
    struct stat status;
    (void)state;
    assert_true(write_text("file", "old", 0));
    assert_int_equal(symlink("file", "link"), 0);
    assert_int_equal(symlink("later", "dangling"), 0);
    assert_true(write_text("link", "new", 0));
    assert_true(write_text("dangling", "made", 0));
    assert_int_equal(lstat("link", &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(lstat("dangling", &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_holds("file", "new");
    assert_holds("later", "made");
}

static void a_pipe_is_written_to_and_stays_one(void **state)
{
    char held[8] = "";
    struct stat status;
    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    int reader = open("pipe", O_RDONLY | O_NONBLOCK);
    assert_true(write_text("pipe", "through", 0));
    assert_int_equal(read(reader, held, sizeof(held)), 7);
    close(reader);
    assert_string_equal(held, "through");
    assert_int_equal(stat("pipe", &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
}

static void what_cannot_be_written_is_told_by_errno(void **state)
{
    static const struct {
        const char *name;
        int error;
    } cases[] = {
        {"no/such/folder", ENOENT}, {"/", EISDIR}, {".", EISDIR},
        {"/dev/full", ENOSPC},      {"", ENOENT},
    };
    char longest[PATH_MAX + 2];
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(write_text(cases[i].name, "1", 0));
        assert_int_equal(errno, cases[i].error);
    }
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_false(write_text(longest, "1", 0));
    assert_int_equal(errno, ENAMETOOLONG);
    longest[NAME_MAX + 1] = '\0'; /* the temporary file's name is short, the last one is not */
    assert_false(write_text(longest, "1", 0));
    assert_int_equal(errno, ENAMETOOLONG);
    assert_int_equal(count_entries(false), 0);
}

static void a_refusal_says_what_to_do(void **state)
{
    char *text;
    size_t length;
    struct printer printer = {.diagnostics = open_memstream(&text, &length)};
    (void)state;
    assert_int_equal(whole_file_refuse(&printer, "a/b", ENOENT), EXIT_CODE_IO);
    fclose(printer.diagnostics);
    assert_string_equal(text, "lwm2m: cannot write a/b: No such file or directory\n"
                              "  make its folder first, or name a file in another one\n");
    free(text);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_new_file_has_the_mode_of_the_umask_or_the_one_given),
        IN_FOLDER(a_file_that_is_replaced_keeps_its_mode),
        IN_FOLDER(until_it_is_closed_the_old_file_is_seen),
        IN_FOLDER(a_failure_leaves_the_old_file_alone_and_tells_why),
        IN_FOLDER(a_link_stays_and_what_it_leads_to_is_replaced),
        IN_FOLDER(a_pipe_is_written_to_and_stays_one),
        IN_FOLDER(what_cannot_be_written_is_told_by_errno),
        cmocka_unit_test(a_refusal_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
