# What the lint scripts share: the lists of the build, the files of the project, and one way to report.
#
# SPDX-License-Identifier: Apache-2.0
package Lint;
use strict;
use warnings;
use Exporter 'import';
use File::Find;
use Test::More ();

our @EXPORT_OK = qw(listed sources_under project_files read_file without_comments has_program report build cc cross);

sub build { return $ENV{BUILD} // 'build' }
sub cc { return $ENV{CC} // 'cc' }
sub cross { return $ENV{CROSS} // 'arm-none-eabi-' }

# The files of a list of lib/files.mk or cli/files.mk, as make has handed it over, that exist.
sub listed {
    my ($list) = @_;
    die "$list is not set: run this by 'make lint'\n" unless defined $ENV{$list};
    my $folder = $list eq 'CLI' ? 'cli' : 'lib';
    return map {"$folder/$_"} split ' ', $ENV{$list};
}

sub has_program {
    my ($program) = @_;
    return system("command -v $program >/dev/null 2>&1") == 0;
}

# Files below folders whose names match, sorted.
sub sources_under {
    my ($pattern, @folders) = @_;
    my @found;
    find({no_chdir => 1, wanted => sub { push @found, $_ if -f && /$pattern/ }},
        grep { -d } @folders) if grep { -d } @folders;
    return sort @found;
}

# Every file of the project that git knows or would add.
sub project_files {
    my @files = split /\0/, qx(git ls-files -z --cached --others --exclude-standard);
    return grep { -f && !-l } @files;
}

sub read_file {
    my ($path) = @_;
    open my $file, '<', $path or die "$path: $!\n";
    local $/;
    return scalar <$file>;
}

# C text with comments and the content of strings blanked, line by line as before.
sub without_comments {
    my ($text) = @_;
    my $blank = sub { my $part = shift; $part =~ s/[^\n]/ /g; return $part };
    $text =~ s{(/\*.*?\*/|//[^\n]*)|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')}
              {defined $1 ? $blank->($1) : '"' . (' ' x (length($2) - 2)) . '"'}gse;
    return $text;
}

# One test point: passes if there are no findings, else names each of them.
sub report {
    my ($name, @findings) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    Test::More::ok(!@findings, $name);
    Test::More::diag($_) for @findings;
    return !@findings;
}

1;
