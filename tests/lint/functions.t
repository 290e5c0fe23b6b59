# Functions stay short, files stay short, the portable core does not recurse.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Lint qw(listed sources_under read_file without_comments report);

use constant {LINES_OF_FUNCTION => 70, LINES_OF_FILE => 600};

# Name, first line, last line and body of each function of a file in the project's layout: the name at the
# start of a line, braces of the body in the first column.
sub functions_of {
    my ($text) = @_;
    my ($head, $name, $start, @body, @functions) = ('');
    my $line = 0;
    for (split /\n/, without_comments($text)) {
        $line++;
        if (!defined $start) {
            $head = $_ if /^\w/ && /\(/;
            ($name) = $head =~ /(\w+)\s*\(/ if /^\w/ && /\(/;
            ($start, @body) = ($line) if /^\{/ && defined $name;
        } elsif (/^\}/) {
            push @functions, {name => $name, start => $start, lines => $line - $start + 1, body => join("\n", @body)};
            ($start, $name) = ();
        } else {
            push @body, $_;
        }
    }
    return @functions;
}

my %portable = map { $_ => 1 } listed('PORTABLE');
my (@long, @large, @recursive);
for my $path (sources_under(qr/\.[ch]$/, 'lib', 'cli')) {
    my $text = read_file($path);
    my $lines = () = $text =~ /\n/g;
    push @large, "$path has $lines lines: is it about two things?"
        if $lines > LINES_OF_FILE && $text !~ /^\/\*.{0,200}[Gg]enerated/s;
    next unless $path =~ /\.c$/;
    my @functions = functions_of($text);
    my %calls;
    for my $function (@functions) {
        push @long, "$path:$function->{start}: $function->{name} has $function->{lines} lines: split it"
            if $function->{lines} > LINES_OF_FUNCTION;
        $calls{$function->{name}} = {map { $_ => 1 } $function->{body} =~ /(?<![\w.>])(\w+)\s*\(/g};
    }
    next unless $portable{$path};
    for my $function (@functions) {
        my %seen;
        my @todo = keys %{$calls{$function->{name}}};
        while (defined(my $called = shift @todo)) {
            next if $seen{$called}++ || !$calls{$called};
            push @todo, keys %{$calls{$called}};
        }
        push @recursive, "$path:$function->{start}: $function->{name} calls itself"
            if $seen{$function->{name}};
    }
}
report('no function is over ' . LINES_OF_FUNCTION . ' lines', @long);
report('no file is over ' . LINES_OF_FILE . ' lines', @large);
report('the portable core does not recurse within a file', @recursive);
done_testing;
