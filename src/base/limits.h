/* Every ceiling of doihound by name. Nothing else in the tree invents one. */
#ifndef DH_BASE_LIMITS_H
#define DH_BASE_LIMITS_H

enum {
    /* JSON */
    DH_JSON_DEPTH_MAX = 64,
    /* documents of other formats */
    DH_XML_DEPTH_MAX = 64,
    DH_XML_NODES_MAX = 4 * 1024 * 1024, /* elements, runs of text and attributes */
    DH_XML_ATTRS_MAX = 256,             /* of one tag */
    DH_XML_NAMESPACES_MAX = 256,        /* in scope at one place */
    DH_DOCUMENT_MAX = 64 * 1024 * 1024, /* bytes of one text that is converted or checked */
    DH_HTML_MAX = 4 * 1024 * 1024,      /* bytes of one title or description read as HTML */
    DH_HTML_DEPTH_MAX = 256,            /* open tags; deeper ones are text */
    DH_TEXT_RECORDS_MAX = 100000,       /* records read of one text */
    DH_TEXT_ITEMS_MAX = 1000000,        /* people, keywords, references of all of them */
    DH_BIBTEX_FIELDS_MAX = 10000,       /* of one entry */
    DH_BIBTEX_MACROS_MAX = 100000,      /* of @string */
    DH_FINDINGS_MAX = 10000,            /* of one check; the others are only counted */
    /* HTTP, bytes unless said */
    DH_URL_MAX = 40 * 1024,
    DH_HEADERS_MAX = 16 * 1024,
    DH_BODY_MAX = 10 * 1024 * 1024,
    DH_PARAMS_MAX = 1000,           /* parameters in one query string */
    DH_CONNECTIONS_MAX = 1000,      /* per server */
    DH_CONNECTION_POOL = 64 * 1024, /* holds URL, headers and the answer's; cleared per request */
    DH_IDLE_SECONDS = 30,           /* an idle or slow connection is closed */
    DH_TRANSFER_SECONDS = 300,      /* for a request's body or an answer to pass */
    DH_TRANSFER_RATE = 16 * 1024,   /* bytes a second: large answers get more time */
    DH_DISCARD_MAX = 64 * 1024 * 1024, /* of a body too large, read so that the 413 is seen */
    DH_REQUEST_ID_MAX = 200,           /* of a request id taken over from the client */
    DH_BUFFER_KEEP = 128 * 1024,       /* a larger buffer is not kept for the next request */
    DH_SHELF_MAX = 32 * 1024 * 1024,   /* answers kept by one event loop */
    DH_KEPT_MAX = 512 * 1024,          /* a larger answer is not kept */
    DH_LOG_BUFFER = 1024 * 1024,       /* access log waiting to be written; then lines are lost */
    DH_QUEUE_MAX = 512,                /* requests waiting for a worker; fewer than connections */
    DH_ASIDE_MAX = 256,                /* requests whose answer waits for something to happen */
    DH_THREADS_MAX = 64,
    DH_FETCH_PARALLEL = 4,            /* requests of the client under way at once */
    DH_FETCH_ATTEMPTS = 8,            /* for one request before it has failed */
    DH_FETCH_MAX = 256 * 1024 * 1024, /* bytes of one answer, decompressed */
    DH_FETCH_SLOW = 100,              /* bytes a second below which an answer has stopped */
    DH_FETCH_PAUSE_MAX = 60,          /* seconds between two attempts */
    DH_RETRY_AFTER_MAX = 3600,        /* seconds of a Retry-After that is waited for */
    DH_REDIRECTS_MAX = 5,
    DH_LANDING_MAX = 4,               /* fetched pages that wait for their import */
    DH_SLICE_MIN = 50000,             /* records from which a copy is made in slices */
    DH_NAMES_MAX = 100,               /* accounts or records asked for by name in one request */
    DH_NAMES_BYTES = 5 * 1024,        /* of these names, encoded: servers often take 8 KB of URL */
    DH_EVENT_DOIS_MAX = 50,           /* records whose events are asked for in one request */
    DH_NAMES_QUEUED = 8,              /* such requests that wait at once */
    DH_PAGE_LEAST = 10,               /* records asked for at once of a server with trouble */
    DH_HISTORY_PAGE = 250,            /* activities asked for in one request */
    DH_HISTORY_MAX = 10000,           /* activities that the pages of one question reach */
    DH_CURSOR_MAX = 4096,             /* bytes of a cursor: a time and a DOI */
    DH_GROWTH_MAX = 100000,           /* records that may come during a walk, or as many as
                                         there were */
    DH_SYNC_OVERLAP_MINUTES = 6 * 60, /* asked for again, before what is known */
    DH_SYNC_HIDDEN_MIN = 100,         /* so many records may vanish from a copy at once, */
    DH_SYNC_HIDDEN_PERCENT = 10,      /* or this part of it */
    DH_SYNC_INTERVAL_MIN = 60,        /* seconds between two syncs of a server */
    DH_SYNC_INTERVAL_MAX = 366 * 86400,
    DH_SYNC_RETRY_MAX = 600, /* seconds until one that failed is tried again */
    /* API */
    DH_PAGE_DEFAULT = 25,
    DH_PAGE_MAX = 1000,
    DH_LIST_ITEMS_MAX = 1000, /* values in one comma list */
    DH_RELATED_MAX = 25,      /* DOIs inlined per relationship */
    DH_SAMPLE_GROUPS_MAX = 10000,
    DH_CHANGES_DEFAULT = 1000, /* changes in one answer of the feed */
    DH_CHANGES_MAX = 10000,
    DH_CHANGES_WAIT_MAX = 60,  /* seconds that an answer of the feed may be waited for */
    DH_STALE_SECONDS = 86400,  /* a copy that nothing keeps fresh may be so old */
    DH_STATEMENT_SECONDS = 20, /* one SQLite statement of a request */
    /* queries */
    DH_QUERY_MAX = 32 * 1024,                      /* bytes of one query */
    DH_TARGET_MAX = DH_URL_MAX + 6 * DH_QUERY_MAX, /* of the API in process: encoded, given twice */
    DH_QUERY_SECONDS = 5,        /* for a search with one, facets and order included */
    DH_QUERY_DEPTH_MAX = 200,    /* groups within groups */
    DH_QUERY_CLAUSES_MAX = 4096, /* leaves of the tree, all fields counted */
    DH_QUERY_WARNINGS_MAX = 20,  /* unknown names of one query that are told */
    DH_REGEX_STATES_MAX = 10000,
    DH_REGEX_MOVES_MAX = 256 * DH_REGEX_STATES_MAX, /* states times kinds of characters */
    DH_REGEX_WORK_MAX = 16 * 1024 * 1024,    /* steps of making it an automaton: under a second */
    DH_VALUE_MAX = 8191,                     /* bytes of a whole value that is indexed */
    DH_INDEX_PENDING_MAX = 40 * 1024 * 1024, /* memory of terms not yet written */
    DH_SEGMENT_MAX = 131072, /* records, or pairs of KB, that merging puts into one segment */
    /* records and files */
    DH_DOI_MAX = 2048,
    DH_RECORD_MAX = 64 * 1024 * 1024, /* one record's JSON text */
    DH_RECORD_DEPTH_MAX = 32,         /* nesting of one attribute's value */
    DH_EVENT_KINDS_MAX = 4096,        /* sorts of events that came from servers */
    DH_COUNTED_MAX = 2147483647,      /* of a count that a record brings: sums must not overflow */
    DH_SERIES_YEAR_MIN = 1900,        /* of counts over time: other years are slips */
    DH_SERIES_YEAR_MAX = 2199,
    DH_PEOPLE_SEARCH_MAX = 1000, /* stored people looked at for one of the same name */
    DH_RESPONSE_MAX = 1024 * 1024 * 1024,
    DH_ARENA_MAX = 1024 * 1024 * 1024,
    DH_FACET_BUCKETS_MAX = 10000,
    DH_MEMBER_NAME_MAX = 1023, /* bytes of a name in an archive; longer ones are no data's */
    /* command line */
    DH_COMPLAINTS_MAX = 100 /* bad values of an import that are told one by one */
};

#endif
