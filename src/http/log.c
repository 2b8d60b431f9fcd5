/*
 * The access log. Loops only append to a buffer; a thread of its own writes it, so that a slow disk
 * or a stuck pipe holds up no request. When the buffer is full, lines are lost and counted.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "http/exchange.h"

enum { PERIOD_MILLISECONDS = 100, NANOSECONDS = 1000000000, SIGNAL_AT = DH_LOG_BUFFER / 4 };

/* Text of a client stands between quotes: nothing in it may end them or start a line. */
static void put_escaped(struct dh_buf *out, struct dh_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c < 0x20 || c == 0x7F || c == '"' || c == '\\')
            dh_buf_printf(out, "\\x%02X", c);
        else
            dh_buf_char(out, (char)c);
    }
    if (!s.len)
        dh_buf_char(out, '-');
}

/* Seconds with six decimals, without the locale's idea of a decimal point. */
static void put_seconds(struct dh_buf *out, int64_t nanoseconds)
{
    int64_t micros = nanoseconds / 1000;
    dh_buf_printf(out, "%lld.%06lld", (long long)(micros / 1000000), (long long)(micros % 1000000));
}

static void put_date(struct dh_buf *out)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t now = time(NULL);
    struct tm t;
    gmtime_r(&now, &t);
    dh_buf_printf(out, "[%02d/%.3s/%d:%02d:%02d:%02d +0000]", t.tm_mday, months + t.tm_mon * 3,
                  t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

/* The combined format with the duration behind it. */
static void put_text(struct dh_buf *out, const struct dh_exchange *x, int64_t taken)
{
    dh_buf_text(out, x->client->address);
    dh_buf_text(out, " - - ");
    put_date(out);
    dh_buf_text(out, " \"");
    put_escaped(out, dh_str(x->method));
    dh_buf_char(out, ' ');
    put_escaped(out, x->request.target);
    dh_buf_char(out, ' ');
    put_escaped(out, dh_str(x->version));
    dh_buf_printf(out, "\" %d %zu \"", x->status, x->sent);
    put_escaped(out, x->referer);
    dh_buf_text(out, "\" \"");
    put_escaped(out, x->request.user_agent);
    dh_buf_text(out, "\" ");
    put_seconds(out, taken);
    dh_buf_char(out, '\n');
}

static void put_member(struct dh_buf *out, const char *name, struct dh_str value,
                       struct dh_arena *arena)
{
    dh_buf_printf(out, ",\"%s\":", name);
    dh_json_string_or_null(out, dh_utf8_clean(arena, value), DH_JSON_PLAIN);
}

static void put_json(struct dh_buf *out, struct dh_exchange *x, int64_t taken)
{
    char time_text[DH_TIME_TEXT_MAX];
    dh_time_format(dh_time_now(), true, time_text);
    dh_buf_printf(out, "{\"time\":\"%s\"", time_text);
    put_member(out, "client", dh_str(x->client->address), &x->arena);
    put_member(out, "method", dh_str(x->method), &x->arena);
    put_member(out, "target", x->request.target, &x->arena);
    dh_buf_printf(out, ",\"status\":%d,\"bytes\":%zu,\"seconds\":", x->status, x->sent);
    put_seconds(out, taken);
    put_member(out, "request_id", x->request.id, &x->arena);
    put_member(out, "referer", x->referer, &x->arena);
    put_member(out, "user_agent", x->request.user_agent, &x->arena);
    dh_buf_text(out, "}\n");
}

void dh_log_exchange(struct dh_log *log, struct dh_exchange *x)
{
    if (!log->started)
        return;
    int64_t taken = (x->done ? x->done : dh_clock()) - x->start;
    pthread_mutex_lock(&log->lock);
    size_t before = log->pending.len;
    if (log->json)
        put_json(&log->pending, x, taken);
    else
        put_text(&log->pending, x, taken);
    if (log->pending.status) {
        log->pending.len = before;
        log->pending.status = DH_OK;
        log->dropped++;
    }
    if (log->pending.len > SIGNAL_AT && before <= SIGNAL_AT)
        pthread_cond_signal(&log->wake);
    pthread_mutex_unlock(&log->lock);
}

static void write_all(int fd, struct dh_str text)
{
    while (text.len) {
        ssize_t done = write(fd, text.ptr, text.len);
        if (done > 0) {
            text = dh_str_from(text, (size_t)done);
        } else if (done < 0 && errno == EAGAIN) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            if (poll(&wait, 1, PERIOD_MILLISECONDS * 10) <= 0)
                return;
        } else if (done >= 0 || errno != EINTR) {
            return; /* a log that cannot be written must not end the service */
        }
    }
}

static void wait_a_little(struct dh_log *log)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += PERIOD_MILLISECONDS * 1000000L;
    until.tv_sec += until.tv_nsec / NANOSECONDS;
    until.tv_nsec %= NANOSECONDS;
    pthread_cond_timedwait(&log->wake, &log->lock, &until);
}

static void *run(void *argument)
{
    struct dh_log *log = argument;
    struct dh_buf writing;
    dh_buf_init(&writing, DH_LOG_BUFFER);
    pthread_mutex_lock(&log->lock);
    for (bool last = false; !last;) {
        last = log->closed;
        if (!last && log->pending.len <= SIGNAL_AT)
            wait_a_little(log);
        uint64_t dropped = log->dropped;
        log->dropped = 0;
        struct dh_buf full = log->pending;
        log->pending = writing;
        writing = full;
        pthread_mutex_unlock(&log->lock);
        write_all(log->fd, dh_buf_view(&writing));
        dh_buf_clear(&writing);
        if (dropped) {
            dh_buf_printf(&writing, log->json ? "{\"lost\":%llu}\n" : "# %llu lines lost\n",
                          (unsigned long long)dropped);
            write_all(log->fd, dh_buf_view(&writing));
            dh_buf_clear(&writing);
        }
        pthread_mutex_lock(&log->lock);
    }
    pthread_mutex_unlock(&log->lock);
    dh_buf_release(&writing);
    return NULL;
}

enum dh_status dh_log_start(struct dh_log *log, int fd, bool json, struct dh_err *err)
{
    if (fd < 0)
        return DH_OK;
    log->fd = fd;
    log->json = json;
    dh_buf_init(&log->pending, DH_LOG_BUFFER);
    if (pthread_create(&log->id, NULL, run, log))
        return dh_fail(err, DH_IO, "cannot start a thread");
    log->started = true;
    return DH_OK;
}

void dh_log_stop(struct dh_log *log)
{
    if (!log->started)
        return;
    pthread_mutex_lock(&log->lock);
    log->closed = true;
    pthread_cond_signal(&log->wake);
    pthread_mutex_unlock(&log->lock);
    pthread_join(log->id, NULL);
    dh_buf_release(&log->pending);
    log->started = false;
}
