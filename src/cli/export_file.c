#include "cli/export_file.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/packed_file.h"

/* Pipes and devices (/dev/null) cannot be replaced by a file. */
static bool is_device(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 && !S_ISREG(file.st_mode);
}

const char *dh_export_path(const struct dh_cli *cli)
{
    const char *path = dh_args_text(&cli->args, "output", NULL);
    return path && strcmp(path, "-") == 0 ? NULL : path;
}

bool dh_export_file_open(struct dh_export_file *file, const char *path, struct dh_arena *arena)
{
    *file = (struct dh_export_file){.out = stdout};
    if (!path)
        return true;
    if (is_device(path)) {
        file->out = dh_packed_file_open(path, path);
        return file->out != NULL;
    }
    file->path = path;
    file->part = dh_arena_format(arena, "%s.part", path).ptr;
    errno = ENOMEM;
    file->out = file->part ? dh_packed_file_open(file->part, path) : NULL;
    return file->out != NULL;
}

bool dh_export_file_close(struct dh_export_file *file, bool complete)
{
    if (file->out == stdout)
        return true;
    bool well = fclose(file->out) == 0; /* tells of earlier failures, too */
    if (!file->path)
        return well;
    if (well && complete)
        return rename(file->part, file->path) == 0;
    int error = errno;
    unlink(file->part);
    errno = error;
    return well;
}
