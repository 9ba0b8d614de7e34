#include "package_fixture.h"

#include "base/digest.h"
#include "base/limits.h"
#include "pack/bag.h"
#include "pack/zip_header.h"
#include "pack/zip_read.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <zlib.h>

/* A package of a few small files. */
static void make_package(const char *path, struct package_identity identity, uint8_t digest[DIGEST_BYTES]) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct package *package = package_create(path, &identity, diagnostics);
    assert_non_null(package);
    assert_true(package_add_bytes(package, "accounts.csv", "login,active\neve,true\n", 22));
    assert_true(package_add_bytes(package, "empty.log", "", 0));
    assert_true(package_add_bytes(package, "r\303\251sum\303\251.txt", "abc", 3));
    assert_true(package_end_payload(package));
    assert_true(package_finish(package, digest));
    package_free(package);
    fixture_quiet(diagnostics);
    diagnostics_free(diagnostics);
}

static void writes_the_same_bytes_twice(void **state) {
    (void)state;
    struct buffer first = {0};
    struct buffer second = {0};
    uint8_t digest[DIGEST_BYTES];
    uint8_t expected[DIGEST_BYTES];
    make_package(fixture_path("a.zip"), fixture_identity(), digest);
    make_package(fixture_path("b.zip"), fixture_identity(), NULL);
    fixture_read(fixture_path("a.zip"), &first);
    fixture_read(fixture_path("b.zip"), &second);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    assert_true(digest_bytes(first.data, first.length, expected));
    assert_memory_equal(digest, expected, DIGEST_BYTES);
    buffer_free(&first);
    buffer_free(&second);
}

/* APPNOTE 4.3.7 at the first entry, so that `file` and others can tell what the container is (EN 319 162-1 A.1). */
static void begins_with_a_stored_mimetype(void **state) {
    (void)state;
    struct buffer bytes = {0};
    fixture_read(fixture_path("a.zip"), &bytes);
    const uint8_t *b = (const uint8_t *)bytes.data;
    assert_memory_equal(b, "PK\3\4", 4);
    assert_int_equal(zip_header_get16(b + 4), 10);
    assert_int_equal(zip_header_get16(b + 6), 0);
    assert_int_equal(zip_header_get16(b + 8), 0);
    assert_int_equal(zip_header_get16(b + 10), 8 << 11 | 53 << 5 | 20 / 2);
    assert_int_equal(zip_header_get16(b + 12), (2025 - 1980) << 9 | 10 << 5 | 9);
    assert_int_equal(zip_header_get16(b + 28), 0);
    assert_memory_equal(b + 30, "mimetypeapplication/vnd.etsi.asic-e+zip", 39);
    buffer_free(&bytes);
}

static void lays_entries_out_in_order(void **state) {
    (void)state;
    static const char *const names[] = {
        "mimetype",     "data/accounts.csv", "data/empty.log",      "data/r\303\251sum\303\251.txt",
        "bag-info.txt", "bagit.txt",         "manifest-sha256.txt", "tagmanifest-sha256.txt"};
    struct diagnostics *diagnostics = diagnostics_new();
    struct zip_read *zip = zip_read_open(fixture_path("a.zip"), diagnostics);
    size_t count = 0;
    assert_non_null(zip);
    assert_true(zip_read_directory(zip, diagnostics));
    const struct zip_entry *entries = zip_read_entries(zip, &count);
    assert_int_equal(count, 8);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(entries[i].name, names[i]);
    }
    assert_int_equal(entries[2].method, ZIP_STORED);
    assert_int_equal(entries[1].method, ZIP_DEFLATED);
    zip_read_free(zip);
    fixture_quiet(diagnostics);
    diagnostics_free(diagnostics);
}

/* The digests are those that `printf | sha256sum` gives. */
static void reports_digests_and_sizes(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    struct package_identity identity = fixture_identity();
    struct package *package = package_create(fixture_path("digest.zip"), &identity, diagnostics);
    uint8_t digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_BYTES];
    uint64_t size = 0;
    size_t count = 0;
    struct byte_sink *sink = package_entry_begin(package, "abc");
    assert_true(sink->write(sink, "a", 1) && sink->write(sink, "", 0) && sink->write(sink, "bc", 2));
    assert_true(package_entry_end(package, digest, &size));
    digest_hex(digest, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(size, 3);
    const struct package_entry *entries = package_entries(package, &count);
    assert_int_equal(count, 2);
    assert_string_equal(entries[1].name, "data/abc");
    assert_memory_equal(entries[1].digest, digest, DIGEST_BYTES);
    package_free(package);
    assert_false(file_exists(fixture_path("digest.zip")));
    diagnostics_free(diagnostics);
}

static void clamps_dates_that_zip_cannot_hold(void **state) {
    (void)state;
    struct zip_time early = zip_header_time(0);
    assert_int_equal(early.date, 1 << 5 | 1);
    assert_int_equal(early.time, 0);
    struct zip_time first = zip_header_time(315532800); /* date -u -d 1980-01-01 +%s */
    assert_int_equal(first.date, 1 << 5 | 1);
    struct zip_time late = zip_header_time(4354819200); /* date -u -d 2108-01-01 +%s */
    assert_int_equal(late.date, 127 << 9 | 12 << 5 | 31);
    assert_int_equal(late.time, 23 << 11 | 59 << 5 | 29);
}

static void refuses_a_ratio_above_the_limit_only(void **state) {
    (void)state;
    uint64_t above = LIMIT_PACKAGE_RATIO_ABOVE;
    assert_false(zip_header_ratio_refused(above, 1));
    assert_true(zip_header_ratio_refused(above + 1, 1));
    assert_false(zip_header_ratio_refused(100000000, 1000000));
    assert_true(zip_header_ratio_refused(100000001, 1000000));
    assert_true(zip_header_ratio_refused(UINT64_MAX, 1));
}

static void stores_what_deflates_too_well(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    struct package_identity identity = fixture_identity();
    struct package *package = package_create(fixture_path("zeros.zip"), &identity, diagnostics);
    size_t length = 3000001;
    char *zeros = calloc(1, length);
    size_t count = 0;
    zeros[length - 1] = 'x';
    assert_true(package_add_bytes(package, "a", zeros, length));
    assert_true(package_add_bytes(package, "b", "behind it", 9));
    assert_true(package_end_payload(package) && package_finish(package, NULL));
    package_free(package);
    struct zip_read *zip = zip_read_open(fixture_path("zeros.zip"), diagnostics);
    assert_true(zip_read_directory(zip, diagnostics));
    const struct zip_entry *entries = zip_read_entries(zip, &count);
    assert_int_equal(entries[1].method, ZIP_STORED);
    assert_int_equal(entries[1].packed, length);
    assert_int_equal(entries[1].crc, crc32(0, (const Bytef *)zeros, (uInt)length));
    struct buffer bytes = {0};
    fixture_read(fixture_path("zeros.zip"), &bytes);
    uint64_t data = entries[1].offset + zip_header_local_length(&entries[1]);
    assert_memory_equal(bytes.data + data, zeros, length);
    buffer_free(&bytes);
    zip_read_free(zip);
    free(zeros);
    fixture_quiet(diagnostics);
    diagnostics_free(diagnostics);
}

/* Up to 16 MiB an entry is deflated whole; one byte more, and it is deflated as it comes. Twice, since they share a
 * stream. */
static void deflates_small_and_large_entries(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t length;
    } wanted[] = {{"a", (16u << 20) + 1}, {"b", 16u << 20}, {"c", 9}, {"d", 17u << 20}};
    const size_t wanted_count = sizeof wanted / sizeof wanted[0];
    const size_t piece = 1000003;
    struct diagnostics *diagnostics = diagnostics_new();
    struct package_identity identity = fixture_identity();
    struct package *package = package_create(fixture_path("sizes.zip"), &identity, diagnostics);
    struct buffer text = {0};
    size_t count = 0;
    char command[512];

    for (unsigned line = 0; text.length < 17u << 20; line++) {
        buffer_format(&text, "%u,%u\n", line, line * 2654435761u);
    }
    assert_false(text.failed);
    for (size_t i = 0; i < wanted_count; i++) {
        struct byte_sink *sink = package_entry_begin(package, wanted[i].name);
        for (size_t at = 0; at < wanted[i].length; at += piece) {
            size_t rest = wanted[i].length - at;
            assert_true(sink->write(sink, text.data + at, rest < piece ? rest : piece));
        }
        assert_true(package_entry_end(package, NULL, NULL));
    }
    assert_true(package_end_payload(package) && package_finish(package, NULL));
    package_free(package);
    struct zip_read *zip = zip_read_open(fixture_path("sizes.zip"), diagnostics);
    assert_true(zip_read_directory(zip, diagnostics));
    const struct zip_entry *entries = zip_read_entries(zip, &count);
    for (size_t i = 0; i < wanted_count; i++) {
        assert_int_equal(entries[i + 1].method, ZIP_DEFLATED);
        assert_int_equal(entries[i + 1].size, wanted[i].length);
        assert_int_equal(entries[i + 1].crc, crc32(0, (const Bytef *)text.data, (uInt)wanted[i].length));
    }
    zip_read_free(zip);
    snprintf(command, sizeof command, "unzip -tqq '%s' && python3 -m zipfile -t '%s' >/dev/null",
             fixture_path("sizes.zip"), fixture_path("sizes.zip"));
    assert_int_equal(system(command), 0);
    buffer_free(&text);
    fixture_quiet(diagnostics);
    diagnostics_free(diagnostics);
}

#define SMALL_EACH 37 /* small entry n has n times as many bytes */

/* Packs an entry of `length` bytes between so many small ones, looks at those, and gives its deflated data. */
static void pack_between(const struct buffer *text, size_t length, size_t small, struct diagnostics *diagnostics,
                         struct buffer *out) {
    const char *path = fixture_path("between.zip");
    struct package_identity identity = fixture_identity();
    struct package *package = package_create(path, &identity, diagnostics);
    struct buffer bytes = {0};
    char name[32];
    size_t count = 0;

    for (size_t i = 0; i <= 2 * small; i++) {
        snprintf(name, sizeof name, "%03zu", i);
        bool added = i == small ? package_add_bytes(package, name, text->data, length)
                                : package_add_bytes(package, name, text->data + i, i * SMALL_EACH);
        assert_true(added);
    }
    assert_true(package_end_payload(package) && package_finish(package, NULL));
    package_free(package);
    struct zip_read *zip = zip_read_open(path, diagnostics);
    assert_true(zip_read_directory(zip, diagnostics));
    const struct zip_entry *entries = zip_read_entries(zip, &count);
    assert_true(count > 2 * small + 1);
    for (size_t i = 0; i <= 2 * small; i++) {
        const struct zip_entry *entry = &entries[i + 1]; /* behind mimetype */
        size_t size = i == small ? length : i * SMALL_EACH;
        assert_int_equal(entry->size, size);
        assert_int_equal(entry->crc, crc32(0, (const Bytef *)text->data + (i == small ? 0 : i), (uInt)size));
    }
    fixture_read(path, &bytes);
    const struct zip_entry *entry = &entries[small + 1];
    buffer_append(out, bytes.data + entry->offset + zip_header_local_length(entry), (size_t)entry->packed);
    buffer_free(&bytes);
    zip_read_free(zip);
    assert_int_equal(remove(path), 0);
}

/* Small entries are deflated together, which must leave no trace: neither in their bytes nor in those behind them. */
static void deflates_an_entry_the_same_wherever_it_stands(void **state) {
    (void)state;
    static const size_t lengths[] = {1000, 200000, 256 << 10, (256 << 10) + 1, 700000};
    struct diagnostics *diagnostics = diagnostics_new();
    struct buffer text = {0};

    for (unsigned line = 0; text.length < 700000; line++) {
        buffer_format(&text, "%u,%u\n", line, line * 2654435761u);
    }
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct buffer alone = {0};
        pack_between(&text, lengths[i], 0, diagnostics, &alone);
        for (size_t small = 1; small < 150; small += 37) {
            struct buffer between = {0};
            pack_between(&text, lengths[i], small, diagnostics, &between);
            assert_int_equal(between.length, alone.length);
            assert_memory_equal(between.data, alone.data, alone.length);
            buffer_free(&between);
        }
        buffer_free(&alone);
    }
    buffer_free(&text);
    fixture_quiet(diagnostics);
    diagnostics_free(diagnostics);
}

static void uses_zip64_where_it_must(void **state) {
    (void)state;
    struct zip_entry entry = {.name = "data/a", .name_length = 6, .packed = 0xfffffffe, .size = 0xfffffffe};
    assert_false(zip_header_large(&entry));
    assert_int_equal(zip_header_local_length(&entry), 36);
    entry.size = 0xffffffff;
    assert_true(zip_header_large(&entry));
    assert_int_equal(zip_header_local_length(&entry), 56);
    struct buffer local = {0};
    struct buffer central = {0};
    entry.offset = 0x100000000;
    zip_header_local(&entry, zip_header_time(FIXTURE_DATE), &local);
    zip_header_central(&entry, zip_header_time(FIXTURE_DATE), &central);
    const uint8_t *l = (const uint8_t *)local.data;
    const uint8_t *c = (const uint8_t *)central.data;
    assert_int_equal(local.length, 56);
    assert_int_equal(central.length, 46 + 6 + 28);
    assert_memory_equal(l + 4, c + 6, 24); /* version needed to name length */
    assert_int_equal(zip_header_get16(l + 4), 45);
    assert_int_equal(zip_header_get32(l + 18), 0xffffffff);
    assert_int_equal(zip_header_get16(l + 36), 1);
    assert_int_equal(zip_header_get64(l + 40), 0xffffffff);
    assert_int_equal(zip_header_get64(l + 48), 0xfffffffe);
    assert_int_equal(zip_header_get64(c + 46 + 6 + 4 + 16), 0x100000000);
    buffer_clear(&local);
    zip_header_end(0xfffe, 100, 200, &local);
    assert_int_equal(local.length, 22);
    buffer_clear(&local);
    zip_header_end(0xffff, 100, 200, &local);
    assert_int_equal(local.length, 56 + 20 + 22);
    buffer_free(&local);
    buffer_free(&central);
}

static void folds_long_labels_at_spaces(void **state) {
    (void)state;
    struct package_identity identity = fixture_identity();
    struct buffer text = {0};
    identity.description = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen";
    bag_info(&identity, 1234, 5, &text);
    assert_non_null(strstr(buffer_text(&text), "Bagging-Date: 2025-10-09\n"));
    assert_non_null(strstr(buffer_text(&text), "Payload-Oxum: 1234.5\n"));
    assert_non_null(strstr(buffer_text(&text), "Compressor: libdeflate "));
    assert_non_null(strstr(buffer_text(&text),
                           "External-Description: one two three four five six seven eight nine ten eleven\n"
                           " twelve thirteen fourteen\n"));
    for (const char *line = buffer_text(&text); *line != '\0'; line += strcspn(line, "\n") + 1) {
        assert_true(strcspn(line, "\n") <= 79);
    }
    buffer_free(&text);
}

static void refuses_labels_of_several_lines(void **state) {
    (void)state;
    static const char *const bad[] = {"two\nlines", "two\rlines", "bell\a", "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct diagnostics *diagnostics = diagnostics_new();
        struct package_identity identity = fixture_identity();
        identity.description = bad[i];
        assert_null(package_create(fixture_path("label.zip"), &identity, diagnostics));
        assert_true(fixture_says(diagnostics, DIAGNOSTIC_PACKAGE_LABEL, "External-Description"));
        assert_false(file_exists(fixture_path("label.zip")));
        diagnostics_free(diagnostics);
    }
}

static void refuse_second(const char *first, const char *second, const char *told) {
    struct diagnostics *diagnostics = diagnostics_new();
    struct package_identity identity = fixture_identity();
    struct package *package = package_create(fixture_path("names.zip"), &identity, diagnostics);
    assert_true(package_add_bytes(package, first, "1", 1));
    assert_null(package_entry_begin(package, second));
    assert_true(fixture_says(diagnostics, DIAGNOSTIC_FILE_NAME, told));
    package_free(package);
    diagnostics_free(diagnostics);
}

static void refuses_names_that_fall_together(void **state) {
    (void)state;
    refuse_second("A.csv", "a.csv", "data/A.csv");
    refuse_second("e\314\201", "\303\251", "data/e");       /* e + combining acute, e acute */
    refuse_second("\303\204", "\303\244", "data/\303\204"); /* A and a with diaeresis */
    refuse_second("a", "a/b", "data/a");
    refuse_second("A/b", "a", "data/A/b");
    refuse_second("K", "\342\204\252", "data/K"); /* KELVIN SIGN is K in NFC */
    refuse_second("a", "b\\c", "backslash");
}

static void takes_files(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    struct package_identity identity = fixture_identity();
    struct package *package = package_create(fixture_path("files.zip"), &identity, diagnostics);
    char hex[DIGEST_HEX_BYTES];
    size_t count = 0;
    fixture_write(fixture_path("abc"), "abc", 3, 0644);
    assert_true(package_add_file(package, "abc", fixture_path("abc")));
    const struct package_entry *entries = package_entries(package, &count);
    digest_hex(entries[1].digest, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_false(package_add_file(package, "none", fixture_path("none")));
    assert_true(fixture_says(diagnostics, DIAGNOSTIC_FILE_READ, "none"));
    package_free(package);
    diagnostics_free(diagnostics);
}

static void never_overwrites(void **state) {
    (void)state;
    struct diagnostics *diagnostics = diagnostics_new();
    struct package_identity identity = fixture_identity();
    struct stat status;
    fixture_write(fixture_path("there.zip"), "mine", 4, 0644);
    assert_null(package_create(fixture_path("there.zip"), &identity, diagnostics));
    assert_int_equal(stat(fixture_path("there.zip"), &status), 0);
    assert_int_equal(status.st_size, 4);
    assert_null(package_create("/dev/full", &identity, diagnostics));
    assert_null(package_create(fixture_path("nowhere/a.zip"), &identity, diagnostics));
    assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_FILE_WRITE), 3);
    assert_int_equal(access("/dev/full", F_OK), 0);
    diagnostics_free(diagnostics);
}

/* Writes a package where files may have `most` bytes. Returns whether it succeeded. */
static bool write_limited(rlim_t most, struct diagnostics *diagnostics) {
    struct package_identity identity = fixture_identity();
    struct rlimit before;
    struct rlimit limit;
    unsigned seed = 1;
    char noise[5000];
    for (size_t i = 0; i < sizeof noise; i++) {
        seed = seed * 1103515245u + 12345u;
        noise[i] = (char)(seed >> 16);
    }
    char *zeros = calloc(1, 2000000);
    assert_non_null(zeros);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = most;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    struct package *package = package_create(fixture_path("limited.zip"), &identity, diagnostics);
    bool done = package && package_add_bytes(package, "a", noise, sizeof noise) &&
                package_add_bytes(package, "b", zeros, 2000000) && package_end_payload(package) &&
                package_finish(package, NULL);
    package_free(package);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    free(zeros);
    return done;
}

static void leaves_nothing_when_space_runs_out(void **state) {
    (void)state;
    static const rlim_t sizes[] = {0, 20, 60, 1000, 5000, 6000, 100000, 1999999, 2005000, 2005500, 2006000, 2006500};
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct diagnostics *diagnostics = diagnostics_new();
        bool done = write_limited(sizes[i], diagnostics);
        assert_int_equal(diagnostics_count_id(diagnostics, DIAGNOSTIC_FILE_WRITE), done ? 0 : 1);
        assert_int_equal(diagnostics_exit_status(diagnostics), done ? 0 : 3);
        assert_true(file_exists(fixture_path("limited.zip")) == done);
        assert_true(i > 6 || !done);
        unlink(fixture_path("limited.zip"));
        diagnostics_free(diagnostics);
    }
    struct diagnostics *diagnostics = diagnostics_new();
    assert_true(write_limited(10000000, diagnostics));
    fixture_quiet(diagnostics);
    diagnostics_free(diagnostics);
}

/* 4 GiB and more of one byte: slow and large, so only on request. */
static void shifts_an_entry_that_passes_4_gib(void **state) {
    (void)state;
    if (!getenv("TICKMARK_TEST_LARGE")) {
        skip();
    }
    struct diagnostics *diagnostics = diagnostics_new();
    struct package_identity identity = fixture_identity();
    struct package *package = package_create(fixture_path("large.zip"), &identity, diagnostics);
    size_t block = 1u << 20;
    size_t count = 0;
    char *zeros = calloc(1, block);
    struct byte_sink *sink = package_entry_begin(package, "a");
    for (int i = 0; i < 4100; i++) {
        assert_true(sink->write(sink, zeros, block));
    }
    assert_true(package_entry_end(package, NULL, NULL));
    assert_true(package_add_bytes(package, "b", "behind it", 9));
    assert_true(package_end_payload(package) && package_finish(package, NULL));
    package_free(package);
    free(zeros);
    struct zip_read *zip = zip_read_open(fixture_path("large.zip"), diagnostics);
    assert_true(zip_read_directory(zip, diagnostics));
    const struct zip_entry *entries = zip_read_entries(zip, &count);
    assert_int_equal(entries[1].size, 4100ull << 20);
    assert_true(entries[2].offset > UINT32_MAX);
    zip_read_free(zip);
    char command[512];
    snprintf(command, sizeof command, "unzip -tqq '%s' && python3 -m zipfile -t '%s' >/dev/null",
             fixture_path("large.zip"), fixture_path("large.zip"));
    assert_int_equal(system(command), 0);
    fixture_quiet(diagnostics);
    diagnostics_free(diagnostics);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_same_bytes_twice),
        cmocka_unit_test(begins_with_a_stored_mimetype),
        cmocka_unit_test(lays_entries_out_in_order),
        cmocka_unit_test(reports_digests_and_sizes),
        cmocka_unit_test(clamps_dates_that_zip_cannot_hold),
        cmocka_unit_test(refuses_a_ratio_above_the_limit_only),
        cmocka_unit_test(stores_what_deflates_too_well),
        cmocka_unit_test(deflates_small_and_large_entries),
        cmocka_unit_test(deflates_an_entry_the_same_wherever_it_stands),
        cmocka_unit_test(uses_zip64_where_it_must),
        cmocka_unit_test(folds_long_labels_at_spaces),
        cmocka_unit_test(refuses_labels_of_several_lines),
        cmocka_unit_test(refuses_names_that_fall_together),
        cmocka_unit_test(takes_files),
        cmocka_unit_test(never_overwrites),
        cmocka_unit_test(leaves_nothing_when_space_runs_out),
        cmocka_unit_test(shifts_an_entry_that_passes_4_gib),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
