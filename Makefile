# tickmark: see README.md. The two commands a newcomer needs: make run, make test.

BUILD ?= build
CC ?= gcc
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wformat=2 -Wvla
PACKAGES := yaml-0.1 libxml-2.0 libpcre2-8 sqlite3 libarchive harfbuzz harfbuzz-subset md4c libdeflate zlib libcrypto \
	jansson libpng libseccomp icu-uc
SANITIZE ?=

PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PACKAGE_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lhpdf -lunibreak -lm -lpthread
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS) $(SANITIZE) -Igen -I$(BUILD)/embed $(PACKAGE_CFLAGS)

SOURCES := $(sort $(wildcard gen/*.c gen/*/*.c))
LIBRARY_SOURCES := $(filter-out gen/main.c,$(SOURCES))
OBJECTS := $(LIBRARY_SOURCES:%.c=$(BUILD)/%.o)
SQL := $(sort $(wildcard gen/*/*.sql))
EMBEDDED := $(SQL:gen/%.sql=$(BUILD)/embed/%.sql.h)
UNIT_SOURCES := $(sort $(wildcard tests/unit/*_test.c))
UNIT_PROGRAMS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/unit/%)

.PHONY: all
all: $(BUILD)/tickmark

$(BUILD)/tickmark: $(BUILD)/gen/main.o $(BUILD)/libtickmark.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PACKAGE_LIBS)

$(BUILD)/libtickmark.a: $(OBJECTS)
	rm -f $@
	$(AR) rcsD $@ $^

$(BUILD)/%.o: %.c | $(EMBEDDED)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# A .sql file holds named statements ("-- name: insert_evidence"); each becomes a string constant sql_insert_evidence.
$(BUILD)/embed/%.sql.h: gen/%.sql gen/base/embed_sql.awk
	@mkdir -p $(@D)
	awk -f gen/base/embed_sql.awk $< > $@.new && mv $@.new $@

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libtickmark.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests/unit -MMD -MP $(LDFLAGS) -o $@ $< $(BUILD)/libtickmark.a -lcmocka $(PACKAGE_LIBS)

.PHONY: unit
unit: $(UNIT_PROGRAMS)
	@status=0; for program in $(UNIT_PROGRAMS); do $$program || status=1; done; exit $$status

.PHONY: clean
clean:
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d) $(BUILD)/gen/main.d
