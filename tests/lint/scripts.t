# Shell scripts pass shellcheck, Perl scripts compile.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Lint qw(project_files report has_program);

my (@shell, @perl);
for my $path (project_files()) {
    open my $file, '<', $path or next;
    my $first = <$file> // '';
    push @shell, $path if $first =~ m{^#!.*\b(?:sh|bash)\b};
    push @perl, $path if $first =~ m{^#!.*\bperl\b} || $path =~ m{^tests/.*\.(?:t|pm)$};
}
report('every Perl script compiles', map {
    my $output = qx($^X -Itests/lint -c $_ 2>&1);
    $? ? "$_: $output" : ()
} @perl);
SKIP: {
    skip "shellcheck is not installed ('.ci/deps install develop')", 1 unless has_program('shellcheck');
    # SC1007 takes `one= two=`, two empty variables, for a mistake.
    my $output = @shell ? qx(shellcheck --severity=warning --exclude=SC1007 @shell 2>&1) : '';
    report('every shell script passes shellcheck', $? ? $output : ());
}
done_testing;
