#include "cmd/bundle.h"

#include "base/file.h"
#include "base/path.h"

#include <archive.h>
#include <hb.h>
#include <hpdf.h>
#include <libdeflate.h>
#include <libxml/xmlversion.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uversion.h>
#include <yaml.h>
#include <zlib.h>

/* Adds the regular files below a folder as `<name>/...`. */
static bool add_folder(struct command *command, const char *folder, const char *name, struct package *package) {
    struct file_list list;

    if (!file_list(command->arena, folder, false, &list, command->diagnostics)) {
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        char *entry = arena_format(command->arena, "%s/%s", name, list.entries[i].path);
        char *path = path_join(command->arena, folder, list.entries[i].path);
        if (entry == NULL || path == NULL) {
            diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the package's names");
            return false;
        }
        if (!package_add_file(package, entry, path)) {
            return false;
        }
    }
    return true;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool add_report(struct command *command, const char *path, struct package *package) {
    char *entry = arena_format(command->arena, "reports/%s", path_name(path));

    if (entry == NULL) {
        diagnostics_report(command->diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the package's names");
        return false;
    }
    return package_add_file(package, entry, path);
}

static bool add_reports(struct command *command, const struct report_paths *paths, struct package *package) {
    const char *files[] = {paths->html, paths->xml, paths->summary};

    qsort(files, sizeof files / sizeof files[0], sizeof files[0], compare_names);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (!add_report(command, files[i], package)) {
            return false;
        }
    }
    return true;
}

/* What made the package: two runs with the same list give the same bytes. */
static bool add_toolchain(struct package *package) {
    struct buffer text = {0};

    buffer_append_text(&text, "tickmark " COMMAND_VERSION "\n");
    buffer_format(&text, "sqlite %s\n", sqlite3_libversion());
    buffer_format(&text, "zlib %s\n", zlibVersion());
    buffer_append_text(&text, "libdeflate " LIBDEFLATE_VERSION_STRING "\n");
    buffer_format(&text, "libharu %s\n", HPDF_GetVersion());
    buffer_format(&text, "libyaml %s\n", yaml_get_version_string());
    buffer_format(&text, "harfbuzz %s\n", hb_version_string());
    buffer_append_text(&text, "libxml2 " LIBXML_DOTTED_VERSION "\n");
    buffer_format(&text, "%s\n", archive_version_string()); /* "libarchive 3.6.2" */
    buffer_append_text(&text, "icu " U_ICU_VERSION "\n");
    buffer_format(&text, "openssl %s\n", OpenSSL_version(OPENSSL_VERSION_STRING));
    bool done = !text.failed && package_add_bytes(package, "toolchain.txt", text.data, text.length);
    buffer_free(&text);
    return done;
}

bool bundle_outputs(struct command *command, const struct workspace *workspace, const struct report_paths *paths,
                    struct package *package) {
    const char *programme = workspace_path(command, workspace, "inputs/programme.yaml");

    progress_stage(&command->progress, "Packing", 7);
    if (programme == NULL || !package_add_file(package, "programme/programme.yaml", programme)) {
        return false;
    }
    progress_add(&command->progress, 1, 0);
    if (!add_reports(command, paths, package)) {
        return false;
    }
    progress_add(&command->progress, 1, 0);
    if (!add_folder(command, workspace->schema_folder, "schema", package)) {
        return false;
    }
    progress_add(&command->progress, 1, 0);
    if (!package_add_file(package, "store/assessment.sqlite", paths->store)) {
        return false;
    }
    progress_add(&command->progress, 1, 0);
    if (!add_folder(command, workspace->templates, "templates", package)) {
        return false;
    }
    progress_add(&command->progress, 1, 0);
    return add_toolchain(package);
}

bool bundle_pdf(struct command *command, const struct report_paths *paths, struct package *package) {
    progress_add(&command->progress, 1, 0);
    return add_report(command, paths->pdf, package);
}
