#include "read/nest.h"

const struct nest_format *nest_format(enum kind_format format) {
    static const struct nest_format *const formats[FORMAT_COUNT] = {
        [FORMAT_JSON] = &json_nest_format,
        [FORMAT_NDJSON] = &json_nest_format,
        [FORMAT_YAML] = &yaml_nest_format,
        [FORMAT_XML] = &xml_nest_format,
    };
    return formats[format];
}

void nest_note_flaw(struct nest *nest, enum nest_flaw flaw) {
    nest->flaws++;
    nest->flaw = flaw;
    nest->flaw_line = nest->line;
}
