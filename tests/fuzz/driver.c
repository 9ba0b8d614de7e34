/* Runs a fuzz target over the files named as arguments, where there is no libFuzzer: link it with one target. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int main(int count, char **arguments) {
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(arguments[i], "rb");
        if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
            perror(arguments[i]);
            return EXIT_FAILURE;
        }
        long length = ftell(file);
        uint8_t *bytes = malloc(length > 0 ? (size_t)length : 1);
        if (length < 0 || bytes == NULL || fseek(file, 0, SEEK_SET) != 0 ||
            fread(bytes, 1, (size_t)length, file) != (size_t)length || fclose(file) != 0) {
            perror(arguments[i]);
            return EXIT_FAILURE;
        }
        LLVMFuzzerTestOneInput(bytes, (size_t)length);
        free(bytes);
    }
    printf("%d inputs ran\n", count - 1);
    return EXIT_SUCCESS;
}
