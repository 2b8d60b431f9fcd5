/*
 * Replay: a main for a fuzz target that feeds it each file of the folders and files given, so that
 * the corpora run as ordinary tests under any compiler.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The file's bytes, to be freed; NULL when it cannot be read. */
static uint8_t *read_whole(FILE *file, size_t *size)
{
    struct stat info;
    if (fstat(fileno(file), &info) != 0)
        return NULL;
    *size = (size_t)info.st_size;
    uint8_t *bytes = malloc(*size ? *size : 1);
    if (bytes && fread(bytes, 1, *size, file) != *size) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

static int replay_file(const char *path)
{
    size_t size;
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = file ? read_whole(file, &size) : NULL;
    if (file)
        fclose(file);
    if (!bytes) {
        perror(path);
        return 1;
    }
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    return 0;
}

static int replay_folder(const char *path, int *count)
{
    struct dirent **entries;
    int found = scandir(path, &entries, NULL, alphasort), failed = found < 0;
    if (failed)
        perror(path);
    for (int i = 0; i < found; i++) {
        char name[4096];
        int len = snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && len > 0 && (size_t)len < sizeof(name)) {
            failed |= replay_file(name);
            ++*count;
        }
        free(entries[i]);
    }
    if (found >= 0)
        free(entries);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0, count = 0;
    for (int i = 1; i < argc; i++) {
        struct stat info;
        if (stat(argv[i], &info) == 0 && S_ISDIR(info.st_mode)) {
            failed |= replay_folder(argv[i], &count);
        } else {
            failed |= replay_file(argv[i]);
            count++;
        }
    }
    printf("%d inputs\n", count);
    return failed || count == 0;
}
