#!/usr/bin/perl
# Proof against Leshan: performs each row of the tables in leshan/LESHAN.md, in their order, and compares what comes
# back with what the row says. The document is the test, so it stays true. LESHAN_UPDATE=1 writes what comes back into it.
#
# `make leshan` fetches Leshan's libraries; without them, or without Java, all is skipped.
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use IO::Select;
use IPC::Open2;
use Time::HiRes qw(time sleep);

my $here = abs_path(dirname($0)) . '/leshan';
my $document = "$here/LESHAN.md";
my $lwm2m = abs_path($ENV{LWM2M} || "$here/../../../build/lwm2m");
my $leshan = abs_path($ENV{LESHAN} || "$here/../../../build/leshan");
my $patience = 10;
my $folder = tempdir(CLEANUP => 1);
my (%programs, %heard, @pids, $background);

$ENV{NO_COLOR} = 1;
$ENV{LC_ALL} = 'C.UTF-8';
$ENV{TMPDIR} = $folder;
$ENV{XDG_CONFIG_HOME} = "$folder/config";
$ENV{LWM2M_SOCKET} = "$folder/server.sock";
$ENV{LWM2M_CLIENT_SOCKET} = "$folder/device.sock";
$ENV{LWM2M_ENDPOINT} = 'dut';
delete @ENV{qw(LWM2M_TIMEOUT LWM2M_CONFIG LWM2M_COAP_URI LWM2M_COAPS_URI LWM2M_PSK_FILE)};
$SIG{PIPE} = 'IGNORE';
$| = 1;

sub skip_all { print "1..0 # SKIP $_[0]\n"; exit 0 }

my @jars = glob "$leshan/jars/*.jar";
skip_all("Leshan is not here: 'make leshan' fetches it") unless grep { /leshan-lwm2m-core/ } @jars;
skip_all("no javac: '.ci/deps install java' installs it") if system('command -v javac >/dev/null');

my $class_path = join ':', "$folder/classes", @jars;
sub compiled { return system('javac', '-cp', $class_path, '-d', "$folder/classes", glob "$here/*.java") == 0 }

# ---- the programs ----

# A program whose lines are read as they come: by name, with its handles and what was read of it.
sub start {
    my ($name, @command) = @_;
    my $pid = open2(my $output, my $input, @command);
    $input->autoflush(1);
    push @pids, $pid;
    $programs{$name} = { pid => $pid, input => $input, output => $output, read => '' };
    $heard{$name} = [];
}

# The next line of a program; undef at its end, or when patience is.
sub next_line {
    my ($program) = @_;
    my $end = time + $patience;
    while (index($program->{read}, "\n") < 0) {
        my $left = $end - time;
        return undef unless $left > 0 && IO::Select->new($program->{output})->can_read($left);
        return undef unless sysread $program->{output}, $program->{read}, 65536, length $program->{read};
    }
    my ($line, $rest) = split /\n/, $program->{read}, 2;
    $program->{read} = $rest;
    return $line;
}

# Reads lines until one begins with that mark; events that pass are kept.
sub line_with {
    my ($name, $mark) = @_;
    while (defined(my $line = next_line($programs{$name}))) {
        return $1 if $line =~ /^\Q$mark\E(.*)/;
        push @{ $heard{$name} }, $1 if $line =~ /^! (.*)/;
    }
    return 'nothing';
}

sub stop_all {
    close $programs{$_}{input} for keys %programs;
    kill 'TERM', map { $programs{$_}{pid} } grep { /^lwm2m/ } keys %programs;
    for my $pid (splice @pids) {
        local $SIG{ALRM} = sub { kill 'KILL', $pid };
        alarm 10;
        waitpid $pid, 0;
        alarm 0;
    }
    %programs = ();
}

sub java { return ('java', '-Xshare:auto', '-XX:TieredStopAtLevel=1', '-cp', $class_path, @_) }

sub start_our_server {
    start('lwm2m server', 'sh', '-c', 'exec "$@" 2>&1', 'sh', $lwm2m, 'server', '-l', '127.0.0.1', '-p', '0',
        '--object', "$folder/models/3442.xml", '--socket', $ENV{LWM2M_SOCKET});
    my $uri = line_with('lwm2m server', 'listening on ');
    line_with('lwm2m server', 'control socket');
    return $uri;
}

# How a heading of the document is set up.
my %scenes = (
    "Our server, Leshan's device" => sub {
        my $uri = start_our_server();
        start('device', java('DemoDevice', $uri, 'dut'));
    },
    "Our server, Leshan's device in queue mode" => sub {
        my $uri = start_our_server();
        start('device', java('DemoDevice', $uri, 'dut', '--queue-mode'));
    },
    "Leshan's server, our device" => sub {
        start('server', java('DemoServer'));
        my $uri = line_with('server', '! listening on ');
        start('lwm2m client', 'sh', '-c', 'exec "$@" >device.log 2>&1', 'sh', $lwm2m, 'client', '-u', $uri, '-e', 'dut', '-L',
            '300', '--object', "$folder/models/3442.xml", '--profile', "$here/device.json", '--socket', $ENV{LWM2M_CLIENT_SOCKET});
    },
);

# ---- the rows ----

sub shell {
    my ($command) = @_;
    my @words = ('bash', '-c', 'lwm2m() { timeout 20 "$LWM2M_PROGRAM" "$@"; }; ' . $command);
    local $ENV{LWM2M_PROGRAM} = $lwm2m;
    open my $output, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', @words or die "bash: $!\n";
    return $output;
}

sub result_of {
    my ($output) = @_;
    my $text = join '', <$output>;
    close $output;
    my $exit = $? >> 8;
    return $text . ($exit ? " (exit $exit)" : '');
}

# Times, ports and names that change are left out; lines become one; a long run of a letter is counted.
sub normal {
    my ($text) = @_;
    $text = 'nothing' unless defined $text;
    $text =~ s/^\d\d:\d\d:\d\d +//mg;
    $text =~ s/(127\.0\.0\.1):\d+/$1:PORT/g;
    $text =~ s/\s*\n\s*(?=\S)/; /g;
    $text =~ s/\s+/ /g;
    $text =~ s/^ | $//g;
    $text =~ s/(([A-Za-z])\2{40,})/"$2*" . length $1/ge;
    return $text eq '' ? 'done' : $text;
}

# What a row tries:
#   lwm2m ...          a command of ours, through a shell; with & at the end it goes on beside the rows that follow
#   the command ends   what that command printed
#   device ...         a line to Leshan's device; server ...: a line to Leshan's server
#   device says        the next thing that happened there; server says
sub perform {
    my ($what) = @_;
    if ($what =~ /^(device|server) says$/) {
        return @{ $heard{$1} } ? shift @{ $heard{$1} } : line_with($1, '! ');
    }
    if ($what =~ /^(device|server) (.*)/) {
        print { $programs{$1}{input} } "$2\n";
        return line_with($1, '= ');
    }
    if ($what eq 'the command ends') {
        return result_of($background);
    }
    if ($what =~ /^(lwm2m .*) &$/) {
        $background = shell($1);
        sleep 1;
        return 'begun';
    }
    return result_of(shell($what));
}

open my $file, '<', $document or die "$document: $!\n";
my @lines = <$file>;
close $file;
my $rows = grep { /^\| `/ } @lines;
print '1..', $rows + 1, "\n";
my $count = 1;
if (!compiled()) {
    print "not ok 1 - our programs on Leshan's libraries compile\n";
    exit 1;
}
print "ok 1 - our programs on Leshan's libraries compile\n";
chdir $folder or die "$folder: $!\n";
system("jar", "xf", (grep { /core-.*-tests/ } @jars)[0], "models/3442.xml") == 0
    or die "the model of object 3442 is not in Leshan's jar\n";

my $failed = 0;
for my $line (@lines) {
    if ($line =~ /^## (.*)/) {
        stop_all();
        $scenes{$1}->() if $scenes{$1};
    }
    next unless $line =~ /^\| `(.*?)` \| `(.*?)` \|(.*)$/;
    my ($shown, $expected, $remark) = ($1, $2, $3);
    (my $what = $shown) =~ s/\\\|/|/g;
    (my $came = normal(perform($what))) =~ s/\|/\\|/g;
    $came =~ s/`/'/g;
    $line = "| `$shown` | `$came` |$remark\n";
    $count++;
    print $came eq $expected || $ENV{LESHAN_UPDATE} ? 'ok' : 'not ok', " $count - $what\n";
    next if $came eq $expected;
    $failed++;
    print "# expected $expected\n# came     $came\n";
}
stop_all();
if ($ENV{LESHAN_UPDATE}) {
    open my $new, '>', $document or die "$document: $!\n";
    print $new @lines;
    close $new;
}
exit($failed ? 1 : 0);
