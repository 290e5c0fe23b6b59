# Every header compiles alone: public ones as C11 and, where a compiler is there, as C++.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Lint qw(sources_under report cc has_program);

sub refused {
    my ($command, @headers) = @_;
    my @findings;
    for my $header (@headers) {
        my $output = qx($command $header 2>&1);
        push @findings, "$header does not compile alone:\n$output" if $?;
    }
    return @findings;
}

my $flags = '-Wall -Wextra -Werror -fsyntax-only -Ilib/include';
my @public = sources_under(qr/\.h$/, 'lib/include');
my $cc = cc();
report('every public header compiles alone as C11', refused("$cc -std=c11 $flags -x c", @public));

SKIP: {
    my ($cxx) = grep { has_program($_) } 'g++', 'c++', 'clang++-14';
    skip 'no C++ compiler is installed', 1 unless $cxx;
    report('every public header compiles alone as C++', refused("$cxx -std=c++11 $flags -x c++", @public));
}

my @private = grep { !m{^lib/include/} } sources_under(qr/\.h$/, 'lib');
report('every private header of the library compiles alone',
    refused("$cc -std=c11 $flags -D_GNU_SOURCE -Ilib -x c", @private));

my %included = map { $_ => 1 } -f 'lib/include/lwm2m/lwm2m.h' ?
    do { open my $all, '<', 'lib/include/lwm2m/lwm2m.h' or die; map { m{<(lwm2m/\w+\.h)>} ? $1 : () } <$all> } : ();
report('lwm2m.h includes every public header',
    map {"lib/include/$_ is not included by lwm2m/lwm2m.h: run 'make symbols'"}
        grep { $_ ne 'lwm2m/lwm2m.h' && !$included{$_} } map { s{^lib/include/}{}r } @public);
done_testing;
