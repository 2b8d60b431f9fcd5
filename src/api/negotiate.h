/*
 * In which form to answer (spec rest-api-read 9.2), and answering in a metadata format instead of
 * JSON:API. Private to api/.
 */
#ifndef DH_API_NEGOTIATE_H
#define DH_API_NEGOTIATE_H

#include "api/call.h"
#include "format/format.h"

enum dh_answer {
    DH_ANSWER_JSON,
    DH_ANSWER_FORMAT,
    DH_ANSWER_NONE /* nothing that was asked for is offered */
};

struct dh_choice {
    enum dh_answer answer;
    const struct dh_format *format; /* with DH_ANSWER_FORMAT */
    struct dh_str parameters;       /* of the item of Accept that was chosen */
};

enum {
    DH_CHOOSE_FORMATS = 1,  /* metadata formats are offered beside JSON */
    DH_CHOOSE_EXTENSION = 2 /* the end of the path counts when Accept says nothing */
};

/*
 * By the path (call->fixed), the parameter `format`, Accept, the end of the path, in this order.
 * Sets response->vary_accept when Accept took part.
 */
struct dh_choice dh_choose(struct dh_call *call, unsigned flags);
/* The same for resources that only need to know; false after having answered (406). */
bool dh_negotiate(struct dh_call *call, unsigned flags, struct dh_choice *out);

/* The format of a media type when it is offered; or NULL. */
const struct dh_format *dh_offered_type(struct dh_str type);

/* ---- formatted.c ---------------------------------------------------------------------------- */

/*
 * How to write in the chosen format: style and locale of citations, from the query and, with
 * `accept`, from the item of Accept. Unknown ones are warned of; false after having answered (406
 * of a strict server).
 */
bool dh_format_options_read(struct dh_call *call, const struct dh_choice *choice, bool accept,
                            struct dh_format_options *out);
/* Answers with one record. */
void dh_reply_formatted(struct dh_call *call, const struct dh_choice *choice,
                        const struct dh_format_options *options, const struct dh_hit *hit);
/* Answers with several. */
void dh_reply_formatted_list(struct dh_call *call, const struct dh_choice *choice,
                             const struct dh_format_options *options, const struct dh_hit *hits,
                             size_t count);

#endif
