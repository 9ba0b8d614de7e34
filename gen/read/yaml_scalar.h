#ifndef READ_YAML_SCALAR_H
#define READ_YAML_SCALAR_H

#include "base/buffer.h"
#include "read/nest.h"

/*
 * What a plain scalar is by the core schema of YAML 1.2: null, a boolean or a decimal number; all else is a text ("no",
 * "on", 2025-10-01), and a column of text gets every one of them but null as it is written. Hexadecimal and octal
 * numbers stay texts too.
 */
enum nest_event yaml_scalar_event(const char *text, size_t length);
/* Appends an event to the JSON of what it stands in, with a comma where one is due. */
void yaml_scalar_json(struct buffer *json, enum nest_event event, const char *text, size_t length);

#endif
