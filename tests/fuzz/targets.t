# Runs fuzz targets side by side, each for FUZZ_TIME seconds: one test point each. What they find stays in
# BUILD/fuzz/NAME/: new inputs in corpus/, the input of a crash in crash-*, what was said in log.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use File::Path qw(make_path);
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $seconds = $ENV{FUZZ_TIME} // 60;
my $jobs = $ENV{JOBS} || 1;
my @targets = split ' ', $ENV{TARGETS} // '';
plan skip_all => 'there are no fuzz targets' unless @targets;

$ENV{ASAN_OPTIONS} //= 'detect_leaks=1';
$ENV{UBSAN_OPTIONS} //= 'print_stacktrace=1';

sub start {
    my ($target) = @_;
    my $folder = "$build/fuzz/$target";
    make_path("$folder/corpus");
    my @seeds = grep { -d } "tests/fuzz/corpus/$target";
    my $process = fork // die "fork: $!\n";
    return $process if $process;
    open STDOUT, '>', "$folder/log" or die "$folder/log: $!\n";
    open STDERR, '>&', \*STDOUT or die "$!\n";
    exec "$build/fuzz/${target}_fuzz", "-max_total_time=$seconds", '-timeout=10', '-rss_limit_mb=1024',
        '-print_final_stats=1', "-artifact_prefix=$folder/", "$folder/corpus", @seeds;
    die "$build/fuzz/${target}_fuzz: $!\n";
}

sub finish {
    my ($target, $status) = @_;
    my $log = do { local (@ARGV, $/) = "$build/fuzz/$target/log"; <> };
    my ($runs) = $log =~ /number_of_executed_units:\s*(\d+)/;
    # A run without a single execution has shown nothing.
    if ($status == 0 && $runs) {
        pass("$target: $runs inputs");
    } else {
        fail("$target, see $build/fuzz/$target/log");
        diag(join "\n", grep {defined} (split /\n/, $log)[-40 .. -1]);
    }
}

my %running;
for my $target (@targets) {
    reap() while keys %running >= $jobs;
    $running{start($target)} = $target;
}
reap() while %running;
done_testing;

sub reap {
    my $process = waitpid -1, 0;
    my $target = delete $running{$process};
    finish($target, $?) if defined $target;
}
