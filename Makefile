# lwm2m: the LwM2M toolkit for the command line. `make help` lists what there is to make.
# SPDX-License-Identifier: Apache-2.0

VERSION := $(shell sed -n 's/^.define LWM2M_VERSION "\(.*\)"/\1/p' lib/include/lwm2m/version.h)
SONAME := liblwm2m.so.0

CC ?= cc
AR ?= ar
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
WERROR ?= -Werror
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
BUILD ?= build
# SAN=address,undefined builds with sanitizers; better together with a BUILD of its own.
SAN ?=
# SHARED=yes links the program with the shared library, as packages want it; without, it stands alone.
SHARED ?=
# DEPS=no: make check and make demo never install packages.
DEPS ?=
FUZZ_CC ?= clang-14
FUZZ_TIME ?= 60
CROSS ?= arm-none-eabi-
SCDOC ?= scdoc
CLANG_FORMAT ?= clang-format-14
CLANG_TIDY ?= clang-tidy-14
JOBS ?= $(shell nproc 2>/dev/null || echo 1)

all:

include lib/files.mk
include cli/files.mk

Q := $(if $(V),,@)
comma := ,

# ---- what there is ----

PORTABLE_SOURCES := $(addprefix lib/,$(PORTABLE))
LIB_SOURCES := $(addprefix lib/,$(PORTABLE) $(SERVER) $(HOST))
CLI_SOURCES := $(addprefix cli/,$(CLI))
# Of the library's host part and of the program, for pkg-config.
LIB_PACKAGES ?= expat gnutls libcoap-3-gnutls
CLI_PACKAGES ?= inih libcjson readline smartcols
PUBLIC_HEADERS := $(sort $(wildcard lib/include/lwm2m/*.h))

LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o)
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(BUILD)/%.o)
CLI_REST := $(filter-out $(BUILD)/cli/main.o,$(CLI_OBJECTS))
PROGRAM := $(BUILD)/lwm2m
LIBRARIES := $(BUILD)/liblwm2m.a $(BUILD)/$(SONAME) $(BUILD)/liblwm2m.so $(BUILD)/lwm2m.pc

TEST_SUPPORT := $(wildcard tests/support/*.c)
TEST_SUPPORT_OBJECTS := $(TEST_SUPPORT:%.c=$(BUILD)/%.o)
UNIT_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*/*_test.c tests/unit/cli/*/*_test.c))
PAIR_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/pair/*_test.c))
TRANSPORT_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/transport/*_test.c))
CMOCKA_TESTS := $(UNIT_TESTS) $(PAIR_TESTS) $(TRANSPORT_TESTS)
CLI_UNIT_TESTS := $(filter $(BUILD)/tests/unit/cli/%,$(UNIT_TESTS))
CLI_TESTS := $(wildcard tests/cli/*.bats)
INTEROP_TESTS := $(wildcard tests/interop/*.bats tests/interop/*.t)
LINT := $(wildcard tests/lint/*.t)
FUZZ_TARGETS := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
BENCHES := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*_bench.c))
BENCH_SOURCES := $(filter-out tests/bench/empty.c tests/bench/libcbor_%.c %_bench.c,$(wildcard tests/bench/*.c))
MANUALS := $(patsubst man/%.scd,$(BUILD)/man/%,$(wildcard man/*.scd))

# ---- how it is compiled ----

WARNINGS := -Wall -Wextra -Wshadow -Wformat-security -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wcast-qual -Wwrite-strings -Wvla -Wundef -Wconversion -Wno-sign-conversion \
	-Wno-missing-field-initializers $(WERROR)
SAN_FLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
BASE_CFLAGS := -std=c11 $(WARNINGS) -fPIC -fno-semantic-interposition -MMD -MP
ALL_CFLAGS = $(BASE_CFLAGS) $(SAN_FLAGS) $(CFLAGS) $(CPPFLAGS)
# Whoever uses no part of a library does not load it.
ALL_LDFLAGS = $(SAN_FLAGS) $(CFLAGS) -Wl,--as-needed $(LDFLAGS)
INCLUDES := -Ilib/include -Ilib

# Asked once, and only where something needs them.
LIB_CFLAGS = $(eval LIB_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(LIB_PACKAGES)))$(LIB_CFLAGS)
LIB_LIBS = $(eval LIB_LIBS := $$(shell $(PKG_CONFIG) --libs $(LIB_PACKAGES)))$(LIB_LIBS)
CLI_CFLAGS = $(eval CLI_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(CLI_PACKAGES)))$(CLI_CFLAGS)
CLI_LIBS = $(eval CLI_LIBS := $$(shell $(PKG_CONFIG) --libs $(CLI_PACKAGES)))$(CLI_LIBS)

# Host files use POSIX and Linux; the others are held to C11.
compile = $(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) $(1) -c $< -o $@

$(BUILD)/lib/host/%.o: lib/host/%.c $(BUILD)/flags | $(BUILD)/packages.found
	$(call compile,-D_GNU_SOURCE $(INCLUDES) $(LIB_CFLAGS))

$(BUILD)/lib/%.o: lib/%.c $(BUILD)/flags
	$(call compile,$(INCLUDES))

$(BUILD)/cli/%.o: cli/%.c $(BUILD)/flags | $(BUILD)/packages.found
	$(call compile,-D_GNU_SOURCE -Icli -Ilib/include $(CLI_CFLAGS))

$(BUILD)/tests/unit/cli/%.o: tests/unit/cli/%.c $(BUILD)/flags | $(BUILD)/packages.found
	$(call compile,-D_GNU_SOURCE $(INCLUDES) -Icli -Itests $(CLI_CFLAGS))

$(BUILD)/tests/%.o: tests/%.c $(BUILD)/flags
	$(call compile,-D_GNU_SOURCE $(INCLUDES) -Itests)

# The texts that `lwm2m completion` prints, as a table in C: the files that are installed.
GENERATED := $(BUILD)/generated/commands/completion_files.h
$(GENERATED): completions/lwm2m.bash completions/_lwm2m completions/lwm2m.fish Makefile
	@mkdir -p $(@D)
	@{ echo 'static const struct { const char *shell, *text; } completion_texts[] = {'; \
		for entry in bash:lwm2m.bash zsh:_lwm2m fish:lwm2m.fish; do \
			echo "{\"$${entry%%:*}\","; \
			sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&\\n"/' "completions/$${entry#*:}"; echo '},'; \
		done; echo '};'; } >$@

$(BUILD)/cli/commands/completion.o $(BUILD)/fuzz/objects/cli/commands/completion.o: $(GENERATED)
$(BUILD)/cli/commands/completion.o $(BUILD)/fuzz/objects/cli/commands/completion.o: \
	private CPPFLAGS += -I$(BUILD)/generated

# Rewritten only when the compiler or its flags are others than last time: then all is compiled again.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(CC) $(ALL_CFLAGS) $(LDFLAGS))' | cmp -s - $@ || \
		printf '%s\n' '$(subst ','\'',$(CC) $(ALL_CFLAGS) $(LDFLAGS))' >$@

$(BUILD)/packages.found:
	@mkdir -p $(@D)
	@command -v $(PKG_CONFIG) >/dev/null || { \
		echo "$(PKG_CONFIG) is missing: 'make deps' installs what lwm2m needs." >&2; exit 1; }
	@$(PKG_CONFIG) --print-errors --exists $(LIB_PACKAGES) $(CLI_PACKAGES) || { \
		echo "A library is missing: 'make deps' installs what lwm2m needs." >&2; exit 1; }
	@touch $@

# ---- the program and the library ----

## build the program and the library: build/lwm2m, build/liblwm2m.{a,so}
all: $(LIBRARIES) $(PROGRAM)

$(BUILD)/liblwm2m.a: $(LIB_OBJECTS)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# The run-time libraries of the sanitizers come with the program only.
NO_UNDEFINED := $(if $(SAN),,-Wl$(comma)--no-undefined)
$(BUILD)/$(SONAME): $(LIB_OBJECTS) lib/liblwm2m.map
	$(Q)$(CC) -shared $(ALL_LDFLAGS) $(NO_UNDEFINED) -Wl,-soname,$(SONAME) \
		-Wl,--version-script=lib/liblwm2m.map -Wl,-Bsymbolic-functions $(LIB_OBJECTS) $(LIB_LIBS) -o $@

$(BUILD)/liblwm2m.so: $(BUILD)/$(SONAME)
	@ln -sf $(SONAME) $@

$(BUILD)/lwm2m.pc: lib/lwm2m.pc.in FORCE
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
		-e 's|@VERSION@|$(VERSION)|' -e 's|@PACKAGES@|$(LIB_PACKAGES)|' $< >$@

$(BUILD)/cli.a: $(CLI_REST)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/lwm2m: $(CLI_OBJECTS) $(BUILD)/liblwm2m.$(if $(SHARED),so,a)
	$(Q)$(CC) $(ALL_LDFLAGS) $^ $(LIB_LIBS) $(CLI_LIBS) -lm -o $@

# What the public headers declare is what the library exports.
## write lib/liblwm2m.map and lwm2m/lwm2m.h anew, from the public headers
symbols:
	$(Q)mkdir -p $(BUILD)
	$(Q)tests/lint/public_symbols --all $(PUBLIC_HEADERS) >$(BUILD)/lwm2m.h.new
	$(Q)tests/lint/public_symbols --map $(PUBLIC_HEADERS) >$(BUILD)/liblwm2m.map.new
	$(Q)mv $(BUILD)/lwm2m.h.new lib/include/lwm2m/lwm2m.h
	$(Q)mv $(BUILD)/liblwm2m.map.new lib/liblwm2m.map

# ---- tests ----

# An archive, so that a test links only the support that it uses.
$(BUILD)/tests/support.a: $(TEST_SUPPORT_OBJECTS)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(filter-out $(CLI_UNIT_TESTS),$(CMOCKA_TESTS)): %: %.o $(BUILD)/tests/support.a $(BUILD)/liblwm2m.a
	$(Q)$(CC) $(ALL_LDFLAGS) $^ -Wl,--as-needed $(LIB_LIBS) -lcmocka -lm -o $@

# Both cmocka and the program have a print_error; ours must not be taken for cmocka's.
$(CLI_UNIT_TESTS): %: %.o $(BUILD)/tests/support.a $(BUILD)/cli.a $(BUILD)/liblwm2m.a
	$(Q)$(CC) $(ALL_LDFLAGS) -Wl,--exclude-libs,ALL $^ -Wl,--as-needed $(LIB_LIBS) $(CLI_LIBS) -lcmocka -lm -o $@

test_run = tests/run --jobs=$(JOBS) $(if $(V),--verbose) --result=$(BUILD)/result
run_tests = $(Q)$(TEST_ENV) $(test_run)
TEST_ENV = LWM2M='$(abspath $(BUILD)/lwm2m)' BUILD='$(abspath $(BUILD))' LESHAN='$(abspath $(LESHAN))'
LINT_ENV = BUILD='$(BUILD)' CC='$(CC)' CROSS='$(CROSS)' PORTABLE='$(PORTABLE)' SERVER='$(SERVER)' \
	HOST='$(HOST)' CLI='$(CLI)'

## run every check: lint, unit, pair, transport and command tests; ends with `N passed, N failed`
check:
	$(Q)$(MAKE) --no-print-directory ensure-deps
	$(Q)$(MAKE) --no-print-directory check-all

check-all: all $(CMOCKA_TESTS)
	$(Q)$(TEST_ENV) $(LINT_ENV) $(test_run) $(LINT) $(CMOCKA_TESTS) $(CLI_TESTS) $(INTEROP_TESTS)

# The same without lint, which looks at the text of the project and not at what runs.
check-run: all $(CMOCKA_TESTS)
	$(run_tests) $(CMOCKA_TESTS) $(CLI_TESTS) $(INTEROP_TESTS)

## run the checks of the text of the project
lint: $(LIBRARIES)
	$(Q)$(LINT_ENV) $(test_run) $(LINT)

## run the tests of single files of the library, tests/unit
unit: $(UNIT_TESTS)
	$(run_tests) $(UNIT_TESTS)

## run the tests of both engines against each other on virtual time, tests/pair
pair: $(PAIR_TESTS)
	$(run_tests) $(PAIR_TESTS)

## run the transport suite over every pairing of stacks, tests/transport
transport: $(TRANSPORT_TESTS)
	$(run_tests) $(TRANSPORT_TESTS)

## run the tests of the commands, tests/cli
cli-check: all
	$(run_tests) $(CLI_TESTS)

## run the tests against programs of others and against hostile ones, tests/interop; fetches Leshan
interop: all leshan
	$(run_tests) $(INTEROP_TESTS)

# Fetched once for every build folder. Without network or Java its test is skipped, with a word; `make check` never fetches.
LESHAN := build/leshan
## fetch Leshan's libraries from Maven Central into build/leshan
leshan:
	$(Q)tests/interop/leshan/fetch tests/interop/leshan/pom.xml $(LESHAN)

## write what came back from Leshan into tests/interop/leshan/LESHAN.md
leshan-table: all leshan
	$(Q)$(TEST_ENV) LESHAN_UPDATE=1 perl tests/interop/leshan.t

## run each fuzz target (or FUZZ=name) for FUZZ_TIME seconds
fuzz: $(addprefix $(BUILD)/fuzz/,$(addsuffix _fuzz,$(or $(FUZZ),$(FUZZ_TARGETS))))
	$(Q)FUZZ_TIME=$(FUZZ_TIME) BUILD='$(BUILD)' JOBS=$(JOBS) TARGETS='$(or $(FUZZ),$(FUZZ_TARGETS))' \
		tests/run --verbose --result=$(BUILD)/result tests/fuzz/targets.t

FUZZ_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
$(BUILD)/fuzz/objects/%.o: %.c
	@mkdir -p $(@D)
	@command -v $(FUZZ_CC) >/dev/null || { \
		echo "$(FUZZ_CC) is missing: '.ci/deps install fuzz' installs it." >&2; exit 1; }
	$(Q)$(FUZZ_CC) -std=c11 $(FUZZ_FLAGS) -MMD -MP -D_GNU_SOURCE $(INCLUDES) -Icli -Itests $(LIB_CFLAGS) \
		$(if $(findstring /cli/,$@),$(CLI_CFLAGS)) $(CPPFLAGS) -c $< -o $@

$(BUILD)/fuzz/liblwm2m.a: $(LIB_SOURCES:%.c=$(BUILD)/fuzz/objects/%.o)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

FUZZ_SUPPORT := $(TEST_SUPPORT:%.c=$(BUILD)/fuzz/objects/%.o)
$(BUILD)/fuzz/support.a: $(FUZZ_SUPPORT)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/fuzz/cli.a: $(patsubst %.c,$(BUILD)/fuzz/objects/%.o,$(filter-out cli/main.c,$(CLI_SOURCES)))
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# The targets that are about the program need what it links.
CLI_FUZZERS := $(BUILD)/fuzz/script_fuzz $(BUILD)/fuzz/control_fuzz $(BUILD)/fuzz/profile_fuzz $(BUILD)/fuzz/message_filter_fuzz $(BUILD)/fuzz/decode_fuzz $(BUILD)/fuzz/configuration_fuzz $(BUILD)/fuzz/completion_fuzz $(BUILD)/fuzz/line_format_fuzz
$(CLI_FUZZERS): $(BUILD)/fuzz/cli.a
$(CLI_FUZZERS): FUZZ_LIBS = $(CLI_LIBS)

$(BUILD)/fuzz/%_fuzz: $(BUILD)/fuzz/objects/tests/fuzz/%_fuzz.o \
		$(if $(FUZZ_SUPPORT),$(BUILD)/fuzz/support.a) $(BUILD)/fuzz/liblwm2m.a
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined -Wl,--start-group $^ -Wl,--end-group \
		-Wl,--as-needed $(FUZZ_LIBS) $(LIB_LIBS) -lcmocka -lm -o $@

## measure against the goals, in about a minute; writes build/bench.json (tests/bench/README.md)
bench: $(BUILD)/tests/bench/bench $(BUILD)/tests/bench/empty $(PROGRAM) $(BENCHES)
	$(Q)$< $(BUILD)/lwm2m $(BUILD)/tests/bench/empty $(BUILD)/bench.json

# libcbor is only there to compare with: the benchmark does without, and says so.
LIBCBOR_LIBS = $(eval LIBCBOR_LIBS := $$(shell $(PKG_CONFIG) --silence-errors --libs libcbor))$(LIBCBOR_LIBS)

.SECONDEXPANSION:
$(BUILD)/tests/bench/bench: $(BENCH_SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/liblwm2m.a \
		$(BUILD)/tests/bench/libcbor_$$(if $$(LIBCBOR_LIBS),parser,missing).o
	$(Q)$(CC) $(ALL_LDFLAGS) $^ $(LIB_LIBS) $(CLI_LIBS) $(LIBCBOR_LIBS) -o $@

$(BENCHES): %: %.o $(BUILD)/liblwm2m.a
	$(Q)$(CC) $(ALL_LDFLAGS) $^ -Wl,--as-needed $(LIB_LIBS) -o $@

# It uses nothing, and loads all that the program does.
$(BUILD)/tests/bench/empty: $(BUILD)/tests/bench/empty.o | $(BUILD)/packages.found
	$(Q)$(CC) $(ALL_LDFLAGS) $^ -Wl,--no-as-needed $(LIB_LIBS) $(CLI_LIBS) -lm -o $@

ifneq ($(wildcard tests/demo/walk),)
## show a server and a simulated device at work
demo:
	$(Q)$(MAKE) --no-print-directory ensure-deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/demo/walk $(BUILD)/lwm2m
endif

## count the lines that the unit, pair and command tests reach; writes build-coverage/coverage.html
coverage:
	$(Q)$(MAKE) --no-print-directory BUILD=build-coverage CFLAGS='-O0 -g --coverage' check-run
	$(Q)gcovr --root . --filter lib/ --filter cli/ --object-directory build-coverage \
		--exclude-unreachable-branches --html-details build-coverage/coverage.html --print-summary

# ---- the portable core on the target ----

CROSS_FLAGS := -std=c11 -ffreestanding -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -Os \
	-ffunction-sections -fdata-sections -Wall -Wextra -Werror
CORTEX_OBJECTS := $(PORTABLE_SOURCES:%.c=$(BUILD)/cortex-m4/%.o)
$(BUILD)/cortex-m4/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CROSS)gcc $(CROSS_FLAGS) -MMD -MP $(INCLUDES) -c $< -o $@

# What a linked image would still have to bring along is what this leaves undefined.
$(BUILD)/cortex-m4/portable.o: $(CORTEX_OBJECTS)
	$(Q)$(CROSS)ld -r $^ -o $@

cortex-m4: $(BUILD)/cortex-m4/portable.o

## print the size of the program, of the library, and of the portable core for a Cortex-M4
size: all
	$(Q)size $(BUILD)/$(SONAME) $(PROGRAM)
	$(Q)if command -v $(CROSS)gcc >/dev/null; then \
		$(MAKE) --no-print-directory cortex-m4 && $(CROSS)size --totals $(CORTEX_OBJECTS); \
	else echo "skipped: $(CROSS)gcc is not installed ('.ci/deps install cross')"; fi

# ---- housekeeping ----

SOURCE_FOLDERS := $(wildcard lib cli tests firmware-sim)
# Headers are laid out by hand: their comments stand beside what they are about.
FORMATTED := $(filter-out lib/model/definition_table.c,$(shell find $(SOURCE_FOLDERS) -name '*.c' 2>/dev/null))
## format the C sources, and give every body its braces
format:
	$(Q)for file in $(FORMATTED); do $(CLANG_TIDY) --quiet --fix $$file -- -std=c11 -D_GNU_SOURCE \
		$(INCLUDES) -Icli -Itests >/dev/null 2>&1; done; $(CLANG_FORMAT) -i $(FORMATTED)

## say which C sources `make format` would change
format-check:
	$(Q)$(CLANG_FORMAT) --dry-run --Werror $(FORMATTED)

## install the Debian packages that building and checking need (.ci/packages/build)
deps:
	$(Q).ci/deps install build

ensure-deps:
ifneq ($(DEPS),no)
	@missing=$$(.ci/deps missing build | tr '\n' ' '); if [ -n "$$missing" ]; then \
		echo "These packages are missing: $$missing" >&2; \
		echo "Running 'make deps' to install them; DEPS=no would leave them out." >&2; \
		$(MAKE) --no-print-directory deps; fi
endif

$(BUILD)/man/%: man/%.scd
	@mkdir -p $(@D)
	@command -v $(SCDOC) >/dev/null || { \
		echo "$(SCDOC) is missing: 'make deps' installs it." >&2; exit 1; }
	$(Q)$(SCDOC) <$< >$@

## compile the manual pages into build/man
man: $(MANUALS)

install_file = mkdir -p $(DESTDIR)$(dir $(3)) && install -m $(1) $(2) $(DESTDIR)$(3)
COMPLETIONS := bash:completions/lwm2m.bash:bash-completion/completions/lwm2m \
	zsh:completions/_lwm2m:zsh/site-functions/_lwm2m \
	fish:completions/lwm2m.fish:fish/vendor_completions.d/lwm2m.fish
split = $(word $(1),$(subst :, ,$(2)))

## install under DESTDIR and PREFIX: program, library, headers, manual pages, completions
install: all man
	$(Q)$(call install_file,755,$(PROGRAM),$(BINDIR)/lwm2m)
	$(Q)$(call install_file,755,$(BUILD)/$(SONAME),$(LIBDIR)/$(SONAME))
	$(Q)ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/liblwm2m.so
	$(Q)$(call install_file,644,$(BUILD)/liblwm2m.a,$(LIBDIR)/liblwm2m.a)
	$(Q)$(call install_file,644,$(BUILD)/lwm2m.pc,$(LIBDIR)/pkgconfig/lwm2m.pc)
	$(Q)$(foreach header,$(PUBLIC_HEADERS),$(call \
		install_file,644,$(header),$(INCLUDEDIR)/lwm2m/$(notdir $(header))) &&) true
	$(Q)$(foreach page,$(MANUALS),$(call \
		install_file,644,$(page),$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page))) &&) true
	$(Q)$(call install_file,644,man/lwm2m-json.schema.json,$(DATADIR)/lwm2m/lwm2m-json.schema.json)
	$(Q)$(foreach entry,$(COMPLETIONS),$(if $(wildcard $(call split,2,$(entry))),$(call \
		install_file,644,$(call split,2,$(entry)),$(DATADIR)/$(call split,3,$(entry))) &&)) true

## remove what install put there
uninstall:
	$(Q)rm -f $(DESTDIR)$(BINDIR)/lwm2m $(DESTDIR)$(LIBDIR)/$(SONAME) $(DESTDIR)$(LIBDIR)/liblwm2m.so \
		$(DESTDIR)$(LIBDIR)/liblwm2m.a $(DESTDIR)$(LIBDIR)/pkgconfig/lwm2m.pc
	$(Q)rm -f $(PUBLIC_HEADERS:lib/include/%=$(DESTDIR)$(INCLUDEDIR)/%)
	$(Q)rm -f $(foreach page,$(MANUALS),$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	$(Q)rm -f $(DESTDIR)$(DATADIR)/lwm2m/lwm2m-json.schema.json
	$(Q)rm -f $(foreach entry,$(COMPLETIONS),$(DESTDIR)$(DATADIR)/$(call split,3,$(entry)))
	$(Q)rmdir $(DESTDIR)$(INCLUDEDIR)/lwm2m 2>/dev/null || true

# Built from a copy, since dpkg-buildpackage writes beside what it builds.
DEB := $(BUILD)/deb
copy_project = tar -c --sort=name --owner=0 --group=0 --exclude=./.git --exclude='./build*' $(1) .
## build the Debian packages into build/deb; DEB_BUILD_OPTIONS=nocheck leaves their tests out
deb:
ifneq ($(DEPS),no)
	$(Q).ci/deps install build package
endif
	$(Q)rm -rf $(DEB) && mkdir -p $(DEB)/lwm2m-$(VERSION)
	$(Q)$(call copy_project,) | tar -x -C $(DEB)/lwm2m-$(VERSION)
	$(Q)$(call copy_project,--exclude=./debian --xz --transform='s|^\.|lwm2m-$(VERSION)|') \
		>$(DEB)/lwm2m_$(VERSION).orig.tar.xz
	$(Q)cd $(DEB)/lwm2m-$(VERSION) && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS \
		dpkg-buildpackage -us -uc -j$(JOBS)

## install those packages into a root of their own, run what they bring, and let lintian look at them
deb-check: deb
	$(Q)DEB='$(abspath $(DEB))' $(test_run) $(wildcard tests/package/*.bats)

## list what there is to make
help:
	@awk '/^## / { text = substr($$0, 4); next } \
		text && /^[a-z-]+:/ { name = $$1; sub(/:.*/, "", name); printf "  make %-14s %s\n", name, text } \
		{ text = "" }' Makefile
	@echo "Variables: CC AR PKG_CONFIG CFLAGS LDFLAGS PREFIX DESTDIR BUILD SAN=address,undefined V=1 DEPS=no"

## remove the build folder
clean:
	$(Q)rm -rf $(BUILD)

-include $(shell find $(BUILD) -path '$(DEB)' -prune -o -type f -name '*.d' -print 2>/dev/null)

FORCE:
.PHONY: all symbols check check-all check-run lint unit pair transport cli-check interop leshan leshan-table fuzz bench demo coverage deb deb-check \
	cortex-m4 size format format-check deps ensure-deps man install uninstall help clean FORCE
.SECONDARY:
.DELETE_ON_ERROR:
