# The lists of the build name exactly the files that exist, and tests mirror them.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Lint qw(listed sources_under read_file report);

my %listed;
for my $list (qw(PORTABLE SERVER HOST CLI)) {
    $listed{$_}++ for listed($list);
}
my @existing = sources_under(qr/\.c$/, 'lib', 'cli');
my @unlisted = map {"$_ is in no list, so it is not built"} grep { !$listed{$_} } @existing;
report('every source file is in lib/files.mk or cli/files.mk', @unlisted);
report('no file is listed twice', map {"$_ is listed twice"} sort grep { $listed{$_} > 1 } keys %listed);
report('every listed file is there', map {"$_ is listed, but there is no such file"} sort grep { !-f } keys %listed);

# A test belongs to a source file, so that one is found from the other.
my @orphans;
for my $test (sources_under(qr/_test\.c$/, 'tests/unit')) {
    my ($source) = $test =~ m{^tests/unit/(.*)_test\.c$};
    push @orphans, "$test: there is no lib/$source.c or .h that it would be the test of"
        unless grep { -f } "lib/$source.c", "lib/$source.h", "lib/include/lwm2m/" . ($source =~ s{.*/}{}r) . '.h',
            ($source =~ m{^cli/} ? ("$source.c", "$source.h") : ());
}
report('every unit test is named after a source file', @orphans);

# Tables without code, and sources whose test is that of the file they were split from.
my %covered_elsewhere = map { $_ => 1 } grep { /\S/ && !/^#/ } split /\n/, read_file('tests/lint/tested_elsewhere');
my (@untested, @superfluous);
for my $source (grep { m{^lib/} } @existing) {
    my $test = $source =~ s{^lib/(.*)\.c$}{tests/unit/$1_test.c}r;
    push @untested, "$source has no $test (or a line in tests/lint/tested_elsewhere that says which test covers it)"
        unless -f $test || grep { /^\Q$source\E\s/ } keys %covered_elsewhere;
}
for (keys %covered_elsewhere) {
    my ($source, $test) = split;
    push @superfluous, "tests/lint/tested_elsewhere: there is no $source" unless -f $source;
    push @superfluous, "tests/lint/tested_elsewhere: there is no $test" unless defined $test && -f $test;
}
report('every source file of the library has its test', @untested);
report('tests that are said to be elsewhere are there', sort @superfluous);
done_testing;
