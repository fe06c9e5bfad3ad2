/* A layer between a program and its disk, put in front of the C library (LD_PRELOAD).

   For files under $VALISE_DISK_ROOT it writes down every change and every sync, in order, to $VALISE_DISK_LOG, and can
   make the nth of them fail or kill the process there. What it does not see: memory-mapped writes (the -shm file of
   SQLite, which no recovery relies on) and anything below the system call. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define MOST 4096
#define REAL(name) ((__typeof__(&name))real(#name))

enum kind { WRITE = 1, TRUNCATE, SYNC, RENAME, UNLINK, CREATE, MARK };

static char *names[MOST]; /* of open files and folders, relative to the root */
static char top[PATH_MAX];
static size_t top_length;
static int log_fd = -1;
static int on;                 /* writing down */
static long long seen;         /* changes and syncs of the counted folder so far */
static long long strike;       /* the number at which it fails, 0 = never */
static int strike_errno;       /* 0 = SIGKILL */
static int sticky;             /* every later change fails too */
static char only[PATH_MAX];    /* the folder whose changes are counted */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void start(void)
{
    const char *root = getenv("VALISE_DISK_ROOT");
    const char *log = getenv("VALISE_DISK_LOG");
    if (!root || !realpath(root, top))
        return;
    top_length = strlen(top);
    if (log)
        log_fd = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* The path relative to the root, in `out`; 0 when it lies elsewhere. */
static int inside(int at, const char *path, char *out)
{
    char whole[PATH_MAX * 4], folder[PATH_MAX * 2];
    if (!top_length || !path)
        return 0;
    if (path[0] == '/') {
        snprintf(whole, sizeof whole, "%s", path);
    } else {
        if (at != AT_FDCWD) {
            if (at < 0 || at >= MOST || !names[at])
                return 0;
            snprintf(folder, sizeof folder, "%s%s%s", top, *names[at] ? "/" : "", names[at]);
        } else if (!getcwd(folder, sizeof folder)) {
            return 0;
        }
        snprintf(whole, sizeof whole, "%s/%s", folder, path);
    }
    if (strncmp(whole, top, top_length) || (whole[top_length] != '/' && whole[top_length]))
        return 0;
    snprintf(out, PATH_MAX, "%s", whole + top_length + (whole[top_length] == '/'));
    return 1;
}

static void put(enum kind kind, const char *path, uint64_t at, const void *data, uint32_t size)
{
    uint8_t head[17];
    uint32_t length = path ? strlen(path) : 0;
    if (!on || log_fd < 0)
        return;
    head[0] = kind;
    memcpy(head + 1, &length, 4);
    memcpy(head + 5, &at, 8);
    memcpy(head + 13, &size, 4);
    ssize_t (*out)(int, const void *, size_t) = REAL(write);
    if (out(log_fd, head, sizeof head) != sizeof head || (length && out(log_fd, path, length) != (ssize_t)length))
        abort();
    while (size) {
        ssize_t done = out(log_fd, data, size);
        if (done <= 0)
            abort();
        data = (const char *)data + done;
        size -= done;
    }
}

/* Counts a change that is about to happen; nonzero = it must fail with errno set. */
static int struck(const char *path)
{
    size_t length = strlen(only);
    if (strncmp(path, only, length) || (path[length] && path[length] != '/'))
        return 0;
    seen++;
    if (!strike || (seen != strike && !(sticky && seen > strike)))
        return 0;
    if (!strike_errno) {
        kill(getpid(), SIGKILL);
        for (;;)
            pause();
    }
    errno = strike_errno;
    return 1;
}

/* What the tests call. */
void valise_disk_on(int yes) { on = yes; }
void valise_disk_mark(unsigned long long number)
{
    pthread_mutex_lock(&lock);
    put(MARK, "", number, NULL, 0);
    pthread_mutex_unlock(&lock);
}
long long valise_disk_seen(void) { return seen; }
void valise_disk_strike(const char *folder, long long number, int error, int stay)
{
    snprintf(only, sizeof only, "%s", folder);
    seen = 0;
    strike = number;
    strike_errno = error;
    sticky = stay;
}

static int opened(int handle, const char *relative, int fresh)
{
    if (handle >= 0 && handle < MOST) {
        free(names[handle]);
        names[handle] = strdup(relative);
        if (fresh)
            put(CREATE, relative, 0, NULL, 0);
    }
    return handle;
}

static int open_any(int at, const char *path, int flags, mode_t mode, int wide)
{
    char relative[PATH_MAX];
    int (*call)(int, const char *, int, ...) = wide ? REAL(openat64) : REAL(openat);
    if (!inside(at, path, relative)) {
        int handle = call(at, path, flags, mode);
        if (handle >= 0 && handle < MOST && names[handle]) {
            free(names[handle]);
            names[handle] = NULL;
        }
        return handle;
    }
    pthread_mutex_lock(&lock);
    struct stat there;
    int fresh = (flags & O_CREAT) && fstatat(at, path, &there, 0);
    int handle = -1;
    if (!(fresh && struck(relative))) {
        handle = call(at, path, flags, mode);
        opened(handle, relative, fresh);
        if (handle >= 0 && !fresh && (flags & O_TRUNC))
            put(TRUNCATE, relative, 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return handle;
}

#define MODE                                        \
    mode_t mode = 0;                                \
    if (flags & (O_CREAT | O_TMPFILE)) {            \
        va_list rest;                               \
        va_start(rest, flags);                      \
        mode = va_arg(rest, mode_t);                \
        va_end(rest);                               \
    }

int open(const char *path, int flags, ...) { MODE return open_any(AT_FDCWD, path, flags, mode, 0); }
int open64(const char *path, int flags, ...) { MODE return open_any(AT_FDCWD, path, flags, mode, 1); }
int openat(int at, const char *path, int flags, ...) { MODE return open_any(at, path, flags, mode, 0); }
int openat64(int at, const char *path, int flags, ...) { MODE return open_any(at, path, flags, mode, 1); }

int close(int handle)
{
    if (handle >= 0 && handle < MOST && names[handle]) {
        free(names[handle]);
        names[handle] = NULL;
    }
    return REAL(close)(handle);
}

static const char *watched(int handle) { return handle >= 0 && handle < MOST ? names[handle] : NULL; }

ssize_t pwrite64(int handle, const void *data, size_t size, off64_t at)
{
    const char *path = watched(handle);
    if (!path)
        return REAL(pwrite64)(handle, data, size, at);
    pthread_mutex_lock(&lock);
    ssize_t done = -1;
    if (!struck(path)) {
        done = REAL(pwrite64)(handle, data, size, at);
        if (done > 0)
            put(WRITE, path, at, data, done);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite(int handle, const void *data, size_t size, off_t at) { return pwrite64(handle, data, size, at); }

ssize_t write(int handle, const void *data, size_t size)
{
    const char *path = watched(handle);
    if (!path)
        return REAL(write)(handle, data, size);
    pthread_mutex_lock(&lock);
    ssize_t done = -1;
    if (!struck(path)) {
        int flags = fcntl(handle, F_GETFL);
        off64_t at = flags & O_APPEND ? lseek64(handle, 0, SEEK_END) : lseek64(handle, 0, SEEK_CUR);
        done = REAL(write)(handle, data, size);
        if (done > 0)
            put(WRITE, path, at, data, done);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate64(int handle, off64_t size)
{
    const char *path = watched(handle);
    if (!path)
        return REAL(ftruncate64)(handle, size);
    pthread_mutex_lock(&lock);
    int done = -1;
    if (!struck(path)) {
        done = REAL(ftruncate64)(handle, size);
        if (!done)
            put(TRUNCATE, path, size, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate(int handle, off_t size) { return ftruncate64(handle, size); }

static int sync_any(int handle, int (*call)(int))
{
    const char *path = watched(handle);
    if (!path)
        return call(handle);
    pthread_mutex_lock(&lock);
    int done = -1;
    if (!struck(path)) {
        done = call(handle);
        if (!done)
            put(SYNC, path, 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int fsync(int handle) { return sync_any(handle, REAL(fsync)); }
int fdatasync(int handle) { return sync_any(handle, REAL(fdatasync)); }

int renameat(int a, const char *from, int b, const char *to)
{
    char one[PATH_MAX], two[PATH_MAX];
    if (!inside(a, from, one) || !inside(b, to, two))
        return REAL(renameat)(a, from, b, to);
    pthread_mutex_lock(&lock);
    int done = -1;
    if (!struck(one)) {
        done = REAL(renameat)(a, from, b, to);
        if (!done) {
            put(RENAME, one, 0, two, strlen(two));
            for (int n = 0; n < MOST; n++)
                if (names[n] && !strcmp(names[n], one)) {
                    free(names[n]);
                    names[n] = strdup(two);
                }
        }
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

int unlinkat(int at, const char *path, int flags)
{
    char relative[PATH_MAX];
    if (flags || !inside(at, path, relative))
        return REAL(unlinkat)(at, path, flags);
    pthread_mutex_lock(&lock);
    int done = -1;
    if (!struck(relative)) {
        done = REAL(unlinkat)(at, path, 0);
        if (!done)
            put(UNLINK, relative, 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
