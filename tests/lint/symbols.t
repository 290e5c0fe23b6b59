# What the public headers declare is what the shared library exports, nothing more and nothing less.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Lint qw(sources_under read_file report build);

my @headers = sources_under(qr/\.h$/, 'lib/include');
my @declared = split ' ', qx(tests/lint/public_symbols @headers);
die "tests/lint/public_symbols failed\n" if $? || !@declared;

my $map = qx(tests/lint/public_symbols --map @headers);
report('lib/liblwm2m.map lists what the headers declare',
    $map eq read_file('lib/liblwm2m.map') ? () : "lib/liblwm2m.map is out of date: run 'make symbols'");

my $library = build() . '/liblwm2m.so.0';
my @symbols = map { (split)[2] } grep { !/ A / } split /\n/, qx(nm -D --defined-only $library);
s/\@.*// for @symbols;
my %exported = map { $_ => 1 } grep { !/^(?:_init|_fini|__asan|__ubsan|__odr)/ } @symbols;
report('exported names carry the prefix lwm2m_',
    map {"$library exports $_"} sort grep { !/^lwm2m_/ } keys %exported);
my @missing = map {"$_ is declared in a public header, but not in $library"} grep { !$exported{$_} } @declared;
report('every declared function is exported', @missing);

my $archive = build() . '/liblwm2m.a';
my @external = map { /\b[TDBRVWC] (\S+)$/ ? $1 : () } split /\n/, qx(nm --defined-only $archive);
report('external names of the archive carry the prefix lwm2m_',
    map {"$archive defines $_: make it static, or give it the prefix"}
        sort grep { !/^lwm2m_/ && !/^(?:__odr_|__asan|DW\.)/ } @external);
done_testing;
