# The portable core and the server engine keep no state of their own, and the portable core compiles
# freestanding for a Cortex-M4 and needs of a C library what the architecture allows.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Lint qw(listed report build cross has_program);

my $build = build();

# d and b, D and B, C: writable data, static included.
my @state;
for my $source (grep { -f } listed('PORTABLE'), listed('SERVER')) {
    my $object = "$build/" . ($source =~ s/\.c$/.o/r);
    next unless -f $object;
    for (split /\n/, qx(nm --defined-only $object)) {
        next unless /^\S* ([bBdDC]) (\S+)$/;
        # What sanitizers and constant tables of pointers (.data.rel.ro) leave is no state.
        next if $2 =~ /^(?:__odr_|__asan|__sanitizer|\.L|DW\.)/ || is_read_only($object, $2);
        push @state, "$source: $2 is a variable that outlives calls: put it into the struct that owns it";
    }
}

sub is_read_only {
    my ($object, $symbol) = @_;
    return qx(objdump -t $object) =~ /\s\.data\.rel\.ro\S*\s+\S+\s+(?:\.hidden )?\Q$symbol\E$/m;
}

report('engines and codecs have no mutable globals', @state);

SKIP: {
    my $gcc = cross() . 'gcc';
    skip "$gcc is not installed ('.ci/deps install cross')", 2 unless has_program($gcc);
    my $output = qx(make --no-print-directory BUILD=$build cortex-m4 2>&1);
    my $compiled = $? == 0;
    report('the portable core compiles freestanding for a Cortex-M4', $compiled ? () : $output);
    skip 'it did not compile', 1 unless $compiled;
    my $nm = cross() . 'nm';
    my @needed = map { (split)[-1] } split /\n/, qx($nm -u $build/cortex-m4/portable.o);
    report('it needs of a C library memcpy, memmove, memset, memcmp and strlen only',
        map {"the portable core needs $_: it may not"}
            grep { !/^(?:memcpy|memmove|memset|memcmp|strlen|__aeabi_\w+)$/ } @needed);
}
done_testing;
