# A file includes only its own folder and lower floors; the portable core only the headers of
# freestanding C, and string.h.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Lint qw(listed sources_under read_file report);

my %floor = (
    'lib/base' => 0,
    'lib/model' => 1,
    'lib/codec' => 2, 'lib/coap' => 2,
    'lib/client' => 3, 'lib/server' => 3,
    'lib/objects' => 4,
    'lib/host' => 5, 'cli/argv' => 5, 'cli/output' => 5,
    'cli/control' => 6, 'cli/command' => 6,
    'cli/service' => 7, 'cli/simulation' => 7,
    'cli/session' => 8, 'cli/daemon' => 8,
    'cli/shell' => 9, 'cli/script' => 9,
    'cli/commands' => 10,
    'cli' => 11,
);
my @allowed_in_portable = qw(stdbool.h stddef.h stdint.h limits.h float.h string.h);
my $rooms = join '|', map { s{^(lib|cli)/}{}r } grep {m{/}} keys %floor;

# "codec/tlv.h" as lib/codec; undef for a header that is in no folder of ours.
sub folder_of_include {
    my ($from, $include) = @_;
    return undef unless $include =~ m{^($rooms)/};
    return exists $floor{"lib/$1"} ? "lib/$1" : "cli/$1";
}

# Public headers stand on the floor of the file that implements them, so far as one of that name exists.
sub floor_of_public {
    my ($name) = @_;
    for my $folder (sort { $floor{$a} <=> $floor{$b} } keys %floor) {
        return $floor{$folder} if $folder =~ /^lib/ && -f "$folder/$name.c";
    }
    return undef;
}

my %portable = map { $_ => 1 } listed('PORTABLE');
my (@upward, @foreign, @unknown, @system);
for my $path (sources_under(qr/\.[ch]$/, 'lib', 'cli')) {
    next if $path =~ m{^lib/include/};
    my ($folder) = $path =~ m{^(lib/[^/]+|cli/[^/]+(?=/)|cli)};
    if (!defined $floor{$folder}) {
        push @unknown, "$path: the folder $folder has no floor: add it to tests/lint/floors.t and ARCHITECTURE.md";
        next;
    }
    my $is_portable = $portable{$path} || ($path =~ /\.h$/ && $folder =~ m{^lib/(?!host|server)});
    my $line = 0;
    for (split /\n/, read_file($path)) {
        $line++;
        next unless /^\s*#\s*include\s*([<"])([^>"]+)[>"]/;
        my ($quote, $include) = ($1, $2);
        if ($quote eq '<' && $include =~ m{^lwm2m/(\w+)\.h$}) {
            my $public = floor_of_public($1);
            push @upward, "$path:$line: <$include> belongs to floor $public, $folder is floor $floor{$folder}"
                if defined $public && $public > $floor{$folder};
        } elsif ($quote eq '<') {
            push @system, "$path:$line: the portable core may not include <$include>"
                if $is_portable && !grep { $_ eq $include } @allowed_in_portable;
        } else {
            my $target = folder_of_include($path, $include);
            if (!defined $target) {
                push @foreign, "$path:$line: write \"folder/$include\", from lib/ or cli/ on"
                    unless $folder eq 'cli' && $include !~ m{/};
            } elsif ($floor{$target} > $floor{$folder}) {
                push @upward, "$path:$line: $target is floor $floor{$target}, above $folder on floor $floor{$folder}";
            } elsif ($target ne $folder && $floor{$target} == $floor{$folder}) {
                push @upward, "$path:$line: $target and $folder stand on one floor and do not see each other";
            } elsif ($folder =~ /^cli/ && $target =~ /^lib/) {
                push @upward, "$path:$line: the program uses the public headers of the library only";
            }
        }
    }
}
report('every folder has a floor', @unknown);
report('includes go down, never up or sideways', @upward);
report('private headers are named by folder', @foreign);
report('the portable core includes what freestanding C has', @system);
done_testing;
