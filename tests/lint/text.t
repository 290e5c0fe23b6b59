# The text of the files: licence lines, forbidden functions, nothing left open, nothing of the machine it
# was written on.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Lint qw(project_files read_file without_comments report);

my %banned = (
    strcpy => 'stpcpy into counted memory', strcat => 'snprintf', strncpy => 'snprintf or memcpy',
    strncat => 'snprintf', sprintf => 'snprintf', vsprintf => 'vsnprintf', gets => 'getline',
    strtok => 'strtok_r or a loop', alloca => 'memory with a bound', system => 'posix_spawn',
    popen => 'posix_spawn', wordexp => 'words of our own', tmpnam => 'mkstemp', mktemp => 'mkstemp',
    gmtime => 'gmtime_r', localtime => 'localtime_r', ctime => 'strftime', asctime => 'strftime',
    atoi => 'a parser that sees errors', atol => 'a parser that sees errors',
    atof => 'a parser that sees errors', rand => "the port's random", setjmp => 'a returned error', longjmp => 'a returned error',
);
my $banned = join '|', sort keys %banned;
# Data, generated files and what has no place for a comment.
my $unmarked = qr{(?:^LICENSE$|^\.git|\.json$|\.txt$|\.csv$|\.tsv$|\.hex$|\.bin$|\.pem$|\.pcap(?:ng)?$|\.xml$
    |^tests/vectors/|/corpus/|/golden/|\.md$|\.clang-(?:format|tidy)$|^\.ci/packages/|^debian/(?:changelog|source/format)$|\.in$|\.expected$)}x;

my (@licence, @forbidden, @open, @machine, @space, @tools);
for my $path (project_files()) {
    next if -B $path && !-z $path;
    my $text = read_file($path);
    if ($path !~ $unmarked && $text !~ /SPDX-License-Identifier: Apache-2\.0/) {
        push @licence, "$path: add the line 'SPDX-License-Identifier: Apache-2.0' to the comment at its top";
    }
    next if $path =~ m{/corpus/|^tests/vectors/};
    my $line = 0;
    for (split /\n/, $text, -1) {
        $line++;
        push @open, "$path:$line: finish it, or open an issue and name its number"
            if /\b(?:TO[D]O|FIX[M]E|X[X]X)\b/;
        push @machine, "$path:$line: names a folder of one machine" if m{(?<![\w.\$\}])/(?:wor[k]|home/\w|roo[t]|tmp/w[t])/};
        push @space, "$path:$line: blanks at the end of the line" if /[ \t]$/ && $path !~ /\.(?:md|scd|diff)$/;
    }
    next unless $path =~ m{^(?:lib|cli)/.*\.[ch]$};
    $line = 0;
    for (split /\n/, without_comments($text)) {
        $line++;
        while (/(?<![\w.>])($banned)\s*\(/g) {
            my $name = $1;
            push @forbidden, "$path:$line: $name is forbidden: use $banned{$name}";
        }
    }
}
report('every file names its licence', @licence);
report('no forbidden function is called', @forbidden);
report('nothing is left open', @open);
report('nothing names a folder of one machine', @machine);
report('no line ends in blanks', @space);
done_testing;
