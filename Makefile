# tickmark: see README.md. The two commands a newcomer needs: make run, make test.

BUILD ?= build
CC ?= gcc
CFLAGS ?= -O2 -g
DESTDIR ?=
PREFIX ?= /usr/local
WARNINGS := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wformat=2 -Wvla
PACKAGES := yaml-0.1 libxml-2.0 sqlite3 harfbuzz harfbuzz-subset md4c libdeflate zlib libcrypto libseccomp icu-uc libpcre2-8 libarchive
# Loaded when it is needed, so that only its headers are taken.
LOADED := libcurl
SANITIZE ?=
SAMPLE_PERIOD := 2025-Q4

# What Debian calls all that. The fonts are those that the theme of the reports names.
RUN_DEBIAN := build-essential pkg-config libyaml-dev libxml2-dev libsqlite3-dev libhpdf-dev libharfbuzz-dev libunibreak-dev \
	libmd4c-dev libdeflate-dev zlib1g-dev libssl-dev libseccomp-dev libicu-dev libpcre2-dev libarchive-dev libcurl4-openssl-dev \
	$(shell sed -n 's/^[a-z_]* *=.* from \(fonts-[a-z0-9-]*\)$$/\1/p' templates/theme.conf | LC_ALL=C sort -u)
TEST_DEBIAN := libcmocka-dev libjansson-dev clang clang-format libclang-rt-14-dev valgrind qpdf poppler-utils libxml2-utils unzip zip sqlite3 \
	openssl python3 mandoc jq

PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) $(LOADED) 2>/dev/null)
PACKAGE_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lhpdf -lunibreak -lm -lpthread
# Where a run spends its time is linked into the program, if its archive is there: a twelfth of a run is saved so.
WITHIN := sqlite3 yaml deflate
archive_of = $(filter /%,$(shell $(CC) -print-file-name=lib$(1).a))
within = $(if $(filter $(WITHIN:%=-l%),$(1)),$(or $(call archive_of,$(1:-l%=%)),$(1)),$(1))
PROGRAM_LIBS = $(foreach library,$(PACKAGE_LIBS),$(call within,$(library)))
PACKAGES_FOUND := $(shell pkg-config --exists $(PACKAGES) $(LOADED) 2>/dev/null && echo yes)
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) $(SANITIZE) -Igen -I$(BUILD)/embed $(PACKAGE_CFLAGS)
# Commands are shown in short; V=1 shows them whole.
SAY = $(if $(V),,@echo "  $(1)" &&)
# A make without -j still uses every processor for the builds it starts itself.
PARALLEL = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

SOURCES := $(sort $(wildcard gen/*.c gen/*/*.c))
LIBRARY_SOURCES := $(filter-out gen/main.c,$(SOURCES))
OBJECTS := $(LIBRARY_SOURCES:%.c=$(BUILD)/%.o)
SQL := $(sort $(wildcard gen/*/*.sql))
EMBEDDED := $(SQL:gen/%.sql=$(BUILD)/embed/%.sql.h)
UNIT_SOURCES := $(sort $(wildcard tests/unit/*_test.c))
UNIT_PROGRAMS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/unit/%)
FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/*_fuzz.c))
FUZZ_PROGRAMS := $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/fuzz/%)

.PHONY: all
all: $(BUILD)/tickmark

# ---- the two commands ----

.PHONY: run
run: deps
	@$(MAKE) --no-print-directory $(PARALLEL) all
	@[ -e keys/signing.key ] || $(BUILD)/tickmark keygen
	@$(BUILD)/tickmark run --period $(SAMPLE_PERIOD); status=$$?; \
	if [ $$status -eq 1 ]; then \
		echo "Status 1 is as it should be: the sample company has exceptions on purpose (inputs/README.md)."; \
		echo "To read: out/$(SAMPLE_PERIOD)/portfolio.html or .pdf"; \
	elif [ $$status -ne 0 ]; then \
		exit $$status; \
	fi

.PHONY: test
test: deps-test
	@tests/run --build $(BUILD)

# ---- parts of the test ----

.PHONY: unit regress end lint fuzz-smoke bench
unit regress end lint fuzz-smoke: deps-test
	@tests/run --build $(BUILD) $@
bench: deps-test
	@$(MAKE) --no-print-directory $(PARALLEL) all $(BUILD)/bench/load $(BUILD)/bench/judge
	@tests/bench/run --build $(BUILD)

# ---- Debian packages ----

# $(1): packages. Says nothing and needs no network when all are there.
define install_packages
	@missing=; \
	if ! command -v dpkg-query >/dev/null; then \
		echo "This is no Debian system; please install what Debian calls: $(1)"; \
		exit 0; \
	fi; \
	for package in $(1); do \
		[ "$$(dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null)" = installed ] || missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	echo "Installing Debian packages:$$missing"; \
	if [ "$$(id -u)" -eq 0 ]; then as_root=; \
	elif command -v sudo >/dev/null; then as_root=sudo; \
	else echo "You are not root and there is no sudo; as root run: apt-get install$$missing"; exit 1; fi; \
	$$as_root apt-get -qq update && \
	$$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $$missing
endef

.PHONY: deps deps-test
deps:
	$(call install_packages,$(RUN_DEBIAN))
deps-test:
	$(call install_packages,$(RUN_DEBIAN) $(TEST_DEBIAN))

.PHONY: found
found:
ifeq ($(PACKAGES_FOUND),)
	@echo "Libraries are missing that tickmark is built on; \`make deps\` installs them (and \`make run\` does it by itself)."
	@exit 1
endif

# ---- the program ----

$(BUILD)/tickmark: $(BUILD)/gen/main.o $(BUILD)/libtickmark.a
	$(call SAY,link $@) $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PROGRAM_LIBS)

$(BUILD)/libtickmark.a: $(OBJECTS)
	@rm -f $@
	$(call SAY,archive $@) $(AR) rcsD $@ $^

$(BUILD)/%.o: %.c | found $(EMBEDDED)
	@mkdir -p $(@D)
	$(call SAY,compile $<) $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# A .sql file holds named statements ("-- name: insert_evidence"); each becomes a string constant sql_insert_evidence.
$(BUILD)/embed/%.sql.h: gen/%.sql gen/base/embed_sql.awk
	@mkdir -p $(@D)
	@awk -f gen/base/embed_sql.awk $< > $@.new && mv $@.new $@

.SECONDARY: $(EMBEDDED)

# The place that `init` copies from is part of the program: another PREFIX makes it anew.
$(BUILD)/prefix: always
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' > $@
.PHONY: always
always:
$(BUILD)/gen/cmd/init.o: $(BUILD)/prefix
$(BUILD)/gen/cmd/init.o: CFLAGS += -DTICKMARK_SHARE='"$(PREFIX)/share/tickmark"'

# ---- programs that only tests need ----

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libtickmark.a
	@mkdir -p $(@D)
	$(call SAY,link $@) $(CC) $(ALL_CFLAGS) -Itests/unit -MMD -MP $(LDFLAGS) -o $@ $< $(BUILD)/libtickmark.a -lcmocka -ljansson $(PACKAGE_LIBS)

$(BUILD)/bench/%: tests/bench/%.c $(BUILD)/libtickmark.a
	@mkdir -p $(@D)
	$(call SAY,link $@) $(CC) $(ALL_CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $< $(BUILD)/libtickmark.a $(PACKAGE_LIBS)

# What tests load before the program, so that memory runs out where they say.
$(BUILD)/end/%.so: tests/end/%.c
	@mkdir -p $(@D)
	$(call SAY,link $@) $(CC) $(ALL_CFLAGS) -fPIC -shared -o $@ $< -ldl

# Fuzz targets: the library built by clang with -fsanitize=fuzzer-no-link (tests/run does), each linked with libFuzzer.
$(BUILD)/fuzz/%: tests/fuzz/%.c $(BUILD)/libtickmark.a
	@mkdir -p $(@D)
	$(call SAY,link $@) $(CC) $(ALL_CFLAGS) -Itests/unit -MMD -MP $(LDFLAGS) -fsanitize=fuzzer -o $@ $< $(BUILD)/libtickmark.a -lcmocka -ljansson \
		$(PACKAGE_LIBS)

.PHONY: unit-programs fuzz-programs end-libraries
unit-programs: $(UNIT_PROGRAMS)
fuzz-programs: $(FUZZ_PROGRAMS)
end-libraries: $(BUILD)/end/scarce_memory.so

# ---- the rest ----

.PHONY: install
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/tickmark
	install -m 755 $(BUILD)/tickmark $(DESTDIR)$(PREFIX)/bin/tickmark
	install -m 644 gen/tickmark.1 $(DESTDIR)$(PREFIX)/share/man/man1/tickmark.1
	for file in $$(find schema templates -type f); do \
		install -D -m 644 $$file $(DESTDIR)$(PREFIX)/share/tickmark/$$file || exit 1; \
	done

.PHONY: format
format:
	clang-format -i $(sort $(wildcard gen/*.c gen/*/*.[ch] tests/unit/*.[ch] tests/fuzz/*.[ch]))

.PHONY: clean
clean:
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d) $(BUILD)/gen/main.d $(UNIT_PROGRAMS:=.d) $(FUZZ_PROGRAMS:=.d) $(BUILD)/bench/load.d
