# lwm2m: the LwM2M toolkit for the command line. `make help` lists what there is to make.

CC ?= cc
AR ?= ar
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
BUILD ?= build
SAN ?=

include lib/files.mk
-include cli/files.mk

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wcast-qual -Wwrite-strings -Wvla -Wundef -Wconversion -Wno-sign-conversion -Werror
ALL_CFLAGS := -std=c11 $(WARNINGS) -fPIC -fvisibility=hidden -MMD -MP $(CFLAGS)
ALL_LDFLAGS := $(LDFLAGS)
ifneq ($(SAN),)
ALL_CFLAGS += -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
ALL_LDFLAGS += -fsanitize=$(SAN)
endif

Q := $(if $(V),,@)

# While the house is being built, only what stands is compiled.
present = $(wildcard $(1))
LIB_SOURCES := $(call present,$(addprefix lib/,$(PORTABLE) $(SERVER) $(HOST)))
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o)
INCLUDES := -Ilib/include -Ilib
TEST_SUPPORT := $(wildcard tests/support/*.c)
TEST_SUPPORT_OBJECTS := $(TEST_SUPPORT:%.c=$(BUILD)/%.o)
UNIT_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*/*_test.c tests/pair/*_test.c))

all: $(BUILD)/liblwm2m.a

$(BUILD)/liblwm2m.a: $(LIB_OBJECTS)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# Host files use POSIX and Linux; the others are held to C11.
$(BUILD)/lib/host/%.o: lib/host/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -D_GNU_SOURCE $(INCLUDES) -c $< -o $@

$(BUILD)/lib/%.o: lib/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(INCLUDES) -c $< -o $@

$(BUILD)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -D_GNU_SOURCE $(INCLUDES) -Itests -c $< -o $@

$(BUILD)/tests/unit/%_test $(BUILD)/tests/pair/%_test: $(BUILD)/tests/%_test.o

# An archive, so that a test links only the support that it uses.
$(BUILD)/tests/support.a: $(TEST_SUPPORT_OBJECTS)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(UNIT_TESTS): %: %.o $(BUILD)/tests/support.a $(BUILD)/liblwm2m.a
	$(Q)$(CC) $(ALL_LDFLAGS) $^ -lcmocka -lm -o $@

unit: $(UNIT_TESTS)
	CMOCKA_MESSAGE_OUTPUT=TAP prove --exec '' $(UNIT_TESTS)

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: all unit clean
.SECONDARY:
