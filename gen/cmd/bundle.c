#include "cmd/bundle.h"

#include "base/file.h"
#include "base/path.h"

#include <archive.h>
#include <hb.h>
#include <hpdf.h>
#include <libdeflate.h>
#include <libxml/xmlversion.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uversion.h>
#include <yaml.h>
#include <zlib.h>

struct bundle {
    struct diagnostics *diagnostics;
    struct arena *arena; /* of the thread */
    struct package *package;
    const char *programme;
    const char *schema;
    const char *templates;
    pthread_t thread;
    bool on_thread;
    bool done;
};

static bool out_of_memory(struct diagnostics *diagnostics) {
    diagnostics_report(diagnostics, DIAGNOSTIC_MEMORY, NULL, "no memory for the package's names");
    return false;
}

/* Adds the regular files below a folder as `<name>/...`. */
static bool add_folder(struct bundle *bundle, const char *folder, const char *name) {
    struct file_list list;

    if (!file_list(bundle->arena, folder, false, &list, bundle->diagnostics)) {
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        char *entry = arena_format(bundle->arena, "%s/%s", name, list.entries[i].path);
        char *path = path_join(bundle->arena, folder, list.entries[i].path);
        if (entry == NULL || path == NULL) {
            return out_of_memory(bundle->diagnostics);
        }
        if (!package_add_file(bundle->package, entry, path)) {
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

static void *add_sources(void *context) {
    struct bundle *bundle = context;

    bundle->done = package_add_file(bundle->package, "programme/programme.yaml", bundle->programme) &&
                   add_folder(bundle, bundle->schema, "schema") && add_folder(bundle, bundle->templates, "templates") &&
                   add_toolchain(bundle->package);
    return NULL;
}

struct bundle *bundle_begin(struct command *command, const struct workspace *workspace, struct package *package) {
    struct bundle *bundle = calloc(1, sizeof *bundle);

    if (bundle == NULL) {
        out_of_memory(command->diagnostics);
        return NULL;
    }
    *bundle = (struct bundle){.diagnostics = command->diagnostics,
                              .arena = arena_new(),
                              .package = package,
                              .programme = workspace_path(command, workspace, "inputs/programme.yaml"),
                              .schema = workspace->schema_folder,
                              .templates = workspace->templates};
    if (bundle->arena == NULL || bundle->programme == NULL) {
        out_of_memory(command->diagnostics);
        (void)bundle_end(bundle); /* the failure is reported already */
        return NULL;
    }
    bundle->on_thread = pthread_create(&bundle->thread, NULL, add_sources, bundle) == 0;
    if (!bundle->on_thread) {
        add_sources(bundle);
    }
    return bundle;
}

bool bundle_end(struct bundle *bundle) {
    if (bundle == NULL) {
        return false;
    }
    if (bundle->on_thread) {
        pthread_join(bundle->thread, NULL);
    }
    bool done = bundle->done;
    arena_free(bundle->arena);
    free(bundle);
    return done;
}

static bool add_report(struct command *command, const char *path, struct package *package) {
    char *entry = arena_format(command->arena, "reports/%s", path_name(path));

    if (entry == NULL) {
        return out_of_memory(command->diagnostics);
    }
    return package_add_file(package, entry, path);
}

bool bundle_outputs(struct command *command, const struct report_paths *paths, struct package *package) {
    const char *const reports[] = {paths->html, paths->xml, paths->summary};
    size_t count = sizeof reports / sizeof reports[0];

    progress_stage(&command->progress, "Packing", count + 2);
    for (size_t i = 0; i < count; i++) {
        if (!add_report(command, reports[i], package)) {
            return false;
        }
        progress_add(&command->progress, 1, 0);
    }
    if (!package_add_file(package, "store/assessment.sqlite", paths->store)) {
        return false;
    }
    progress_add(&command->progress, 1, 0);
    return true;
}

bool bundle_pdf(struct command *command, const struct report_paths *paths, struct package *package) {
    progress_add(&command->progress, 1, 0);
    return add_report(command, paths->pdf, package);
}
