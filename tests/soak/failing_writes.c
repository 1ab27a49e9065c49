/* Makes the nth write, sync or truncation of files in one folder fail, as a broken or full disk does.
 *
 * Preloaded (ld.so(8)) before the C library, so that SQLite meets it as it would meet the disk. Nothing fails
 * before soak_arm() was called; soak_seen() counts what could have failed since.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static long nth, seen;
static int error_number, lasts;

/* folder: of the files; nth: which call fails first, from 1, 0 for none; lasts: all from then on fail too. */
void soak_arm(const char *of, int fails, int with, int from_then_on) {
    pthread_mutex_lock(&lock);
    snprintf(folder, sizeof folder, "%s", of);
    nth = fails;
    error_number = with;
    lasts = from_then_on;
    seen = 0;
    pthread_mutex_unlock(&lock);
}

long soak_seen(void) { return seen; }

static int fails(int fd) {
    char link[64], path[PATH_MAX];
    int failing = 0;
    if (!folder[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder))) return 0;
    pthread_mutex_lock(&lock);
    seen++;
    failing = nth && (seen == nth || (lasts && seen > nth));
    pthread_mutex_unlock(&lock);
    if (failing) errno = error_number;
    return failing;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size) {
    return fails(fd) ? -1 : REAL(write)(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return fails(fd) ? -1 : REAL(pwrite)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    return fails(fd) ? -1 : REAL(pwrite64)(fd, data, size, at);
}

int fsync(int fd) { return fails(fd) ? -1 : REAL(fsync)(fd); }

int fdatasync(int fd) { return fails(fd) ? -1 : REAL(fdatasync)(fd); }

int ftruncate(int fd, off_t size) { return fails(fd) ? -1 : REAL(ftruncate)(fd, size); }

int ftruncate64(int fd, off64_t size) { return fails(fd) ? -1 : REAL(ftruncate64)(fd, size); }
