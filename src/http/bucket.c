#include "http/bucket.h"

#include <time.h>

double dh_bucket_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void dh_bucket_init(struct dh_bucket_of_tokens *bucket, unsigned budget, unsigned seconds,
                    double now)
{
    double most = budget < 20 ? 1 : budget / 10.0;
    *bucket = (struct dh_bucket_of_tokens){.tokens = most, .most = most, .at = now};
    if (budget) /* a full store and what comes in the window add up to the budget */
        bucket->rate = (budget > most ? budget - most : 0.5) / seconds;
}

static double tokens_at(const struct dh_bucket_of_tokens *bucket, double now)
{
    double since = bucket->at > bucket->closed_until ? bucket->at : bucket->closed_until;
    double tokens = bucket->tokens + (now > since ? (now - since) * bucket->rate : 0);
    return tokens > bucket->most ? bucket->most : tokens;
}

bool dh_bucket_take(struct dh_bucket_of_tokens *bucket, double now)
{
    if (now < bucket->closed_until)
        return false;
    if (bucket->rate == 0)
        return true;
    double tokens = tokens_at(bucket, now);
    if (tokens < 1)
        return false;
    bucket->tokens = tokens - 1;
    bucket->at = now;
    return true;
}

double dh_bucket_wait(const struct dh_bucket_of_tokens *bucket, double now)
{
    double closed = bucket->closed_until > now ? bucket->closed_until - now : 0;
    if (bucket->rate == 0)
        return closed;
    double tokens = tokens_at(bucket, now + closed);
    return closed + (tokens < 1 ? (1 - tokens) / bucket->rate : 0);
}

void dh_bucket_close(struct dh_bucket_of_tokens *bucket, double seconds, double now)
{
    double tokens = tokens_at(bucket, now);
    bucket->tokens = tokens < 1 ? tokens : 1;
    bucket->at = now;
    if (now + seconds > bucket->closed_until)
        bucket->closed_until = now + seconds;
}
