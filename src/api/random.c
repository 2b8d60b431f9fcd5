/* /providers/random and /repositories/random: a symbol that is not taken yet. */
#include <sys/random.h>

#include "api/accounts.h"

enum { LETTERS_MAX = 6, TRIES = 100 };

static bool draw(char *text, size_t letters)
{
    unsigned char bytes[LETTERS_MAX];
    if (getrandom(bytes, letters, 0) != (ssize_t)letters)
        return false;
    for (size_t i = 0; i < letters; i++)
        text[i] = (char)('A' + bytes[i] % 26);
    return true;
}

static void answer(struct dh_call *call, enum dh_account_kind kind, size_t letters)
{
    struct dh_accounts accounts;
    char text[LETTERS_MAX];
    struct dh_str symbol = {text, letters};
    bool free = false;
    call->passing = true;
    if (!dh_accounts_open(call, false, &accounts))
        return;
    for (int i = 0; i < TRIES && !free; i++)
        free = draw(text, letters) && !dh_accounts_find(&accounts, kind, symbol);
    dh_accounts_close(&accounts);
    if (!free) {
        dh_reply_error(call, 500, "No symbol is free.");
        return;
    }
    dh_buf_char(call->out, '{');
    dh_put_str(call->out, "symbol", symbol);
    dh_buf_char(call->out, '}');
}

void dh_providers_random(struct dh_call *call)
{
    answer(call, DH_PROVIDER, 4);
}

void dh_repositories_random(struct dh_call *call)
{
    answer(call, DH_CLIENT, LETTERS_MAX);
}
