/*
 * Bucket: how many requests may go out. Tokens come at an even rate up to a small store of them; in
 * any window of `seconds` no more than `budget` are given. Times are dh_bucket_clock's.
 */
#ifndef DH_HTTP_BUCKET_H
#define DH_HTTP_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct dh_bucket_of_tokens {
    double tokens, most, rate; /* rate: per second; 0: no limit */
    double at;                 /* when `tokens` was right */
    double closed_until;       /* none is given before */
};

/* Seconds of a clock that only goes forward. */
double dh_bucket_clock(void);
/* `budget` 0: no limit. A tenth of the budget may go out at once, the rest evenly. */
void dh_bucket_init(struct dh_bucket_of_tokens *bucket, unsigned budget, unsigned seconds,
                    double now);
/* Takes a token; false when there is none yet. */
bool dh_bucket_take(struct dh_bucket_of_tokens *bucket, double now);
/* Seconds until there is one; 0: now. */
double dh_bucket_wait(const struct dh_bucket_of_tokens *bucket, double now);
/* Gives none for so many seconds, and no store of them afterwards: the server said no. */
void dh_bucket_close(struct dh_bucket_of_tokens *bucket, double seconds, double now);

#endif
