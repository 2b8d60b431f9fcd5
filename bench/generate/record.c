#include "record.h"

#include "facts.h"
#include "people.h"
#include "text.h"

enum { KIND_ACCOUNT = 30 };

static void put_nullable(struct maker *m, const char *name, const char *text)
{
    if (text) {
        put_member(&m->line, name, text);
        return;
    }
    put(&m->line, ",\"");
    put(&m->line, name);
    put(&m->line, "\":null");
}

static void put_publisher(struct maker *m, unsigned client)
{
    struct line *line = &m->line;
    put(line, ",\"publisher\":{\"name\":\"");
    put_organisation(line, &m->words, client);
    put(line, "\"");
    if (client % 5 == 0) {
        put(line, ",\"schemeUri\":\"https://ror.org/\",\"publisherIdentifier\":\"");
        put_ror(line, client);
        put(line, "\",\"publisherIdentifierScheme\":\"ROR\"");
    }
    put(line, "}");
}

static void put_container(struct maker *m)
{
    struct line *line = &m->line;
    if (!chance(&m->dice, 18)) {
        put(line, ",\"container\":{}");
        return;
    }
    unsigned journal = popular(&m->dice, 900);
    put(line, ",\"container\":{\"type\":\"Series\",\"title\":\"Journal of ");
    put_name(line, &m->words, journal * 17);
    put(line, "\",\"volume\":\"");
    put_number(line, 1 + below(&m->dice, 60), 1);
    put(line, "\",\"firstPage\":\"");
    put_number(line, 1 + below(&m->dice, 900), 1);
    put(line, "\"}");
}

static void put_service(struct maker *m, unsigned client)
{
    static const struct choice kernels[] = {{80, "http://datacite.org/schema/kernel-4"},
                                            {12, "http://datacite.org/schema/kernel-3"},
                                            {3, "http://datacite.org/schema/kernel-2.2"}};
    static const struct choice sources[] = {
        {55, "\"mds\""}, {30, "\"api\""}, {8, "null"}, {7, "\"fabrica\""}};
    struct line *line = &m->line;
    put(line, ",\"url\":\"https://");
    put_word(line, &m->words, m->words.english + client * 5);
    put(line, ".example.org/records/");
    put_number(line, m->record, 1);
    put(line, "\",\"contentUrl\":null,\"metadataVersion\":");
    put_number(line, around(&m->dice, 0, 1.3, 90), 1);
    put_member(line, "schemaVersion", choose(&m->dice, kernels, COUNT(kernels)));
    put(line, ",\"source\":");
    put(line, choose(&m->dice, sources, COUNT(sources)));
    put(line, ",\"isActive\":true,\"state\":\"findable\",\"reason\":null");
}

static void put_attributes(struct maker *m, unsigned client)
{
    unsigned tongue = choose_tongue(m);
    put(&m->line, "{\"doi\":\"");
    put_doi(m, m->record);
    put(&m->line, "\"");
    put_identifiers(m);
    put_people(m);
    put_titles(m, tongue);
    put_publisher(m, client);
    put_container(m);
    put_nullable(m, "language", tongue_code(m, tongue));
    put_subjects(m);
    put_types(m);
    put_related(m);
    put_files(m);
    put_rights(m);
    put_descriptions(m, tongue);
    put_places(m);
    put_funding(m);
    put_service(m, client);
    put_counts(m);
    put_dates(m);
    put(&m->line, "}");
}

/* "name":{"data":{"id":"  and the rest around an id. */
static void open_link(struct line *line, const char *name)
{
    put_comma(line);
    put(line, "\"");
    put(line, name);
    put(line, "\":{\"data\":{\"id\":\"");
}

static void close_link(struct line *line, const char *type)
{
    put(line, "\",\"type\":\"");
    put(line, type);
    put(line, "\"}}");
}

static void link_provider(struct maker *m, unsigned provider)
{
    open_link(&m->line, "provider");
    put_provider(&m->line, provider);
    close_link(&m->line, "providers");
}

void put_record(struct maker *m, uint64_t record)
{
    unsigned client = client_of(m, record), provider = provider_of(m, client);
    m->record = record;
    m->dice = dice_of(m->seed * 16 + 2, record);
    m->line.len = 0;
    put(&m->line, "{\"id\":\"");
    put_doi(m, record);
    put(&m->line, "\",\"type\":\"dois\",\"attributes\":");
    put_attributes(m, client);
    put(&m->line, ",\"relationships\":{");
    open_link(&m->line, "client");
    put_client(m, client);
    close_link(&m->line, "clients");
    link_provider(m, provider);
    put(&m->line, "}}\n");
    tally_count(&m->tally, TALLY_CLIENT, client, record);
    tally_count(&m->tally, TALLY_PROVIDER, provider, record);
}

/* ---- accounts ------------------------------------------------------------------------------- */

static void put_since(struct maker *m)
{
    time_t created = (time_t)41 * 31556952 + (time_t)below(&m->dice, 14 * 365) * 86400;
    put(&m->line, ",\"isActive\":true");
    put_time(&m->line, "created", created);
    put_time(&m->line, "updated", created + (time_t)below(&m->dice, 300) * 86400);
}

void put_provider_account(struct maker *m, unsigned provider)
{
    static const struct choice countries[] = {{30, "US"}, {25, "DE"}, {20, "GB"}, {10, "FR"},
                                              {8, "AU"},  {8, "CA"},  {6, "NL"},  {4, "JP"},
                                              {4, "BR"},  {3, "CH"},  {3, "ZA"}};
    static const struct choice members[] = {
        {55, "consortium_organization"}, {35, "direct_member"}, {10, "consortium"}};
    m->dice = dice_of(KIND_ACCOUNT, provider);
    m->line.len = 0;
    put(&m->line, "{\"id\":\"");
    put_provider(&m->line, provider);
    put(&m->line, "\",\"type\":\"providers\",\"attributes\":{\"name\":\"");
    put_organisation(&m->line, &m->words, 3000 + provider);
    put(&m->line, "\"");
    put_member(&m->line, "country", choose(&m->dice, countries, COUNT(countries)));
    put_member(&m->line, "memberType", choose(&m->dice, members, COUNT(members)));
    put_since(m);
    put(&m->line, "}}\n");
}

void put_client_account(struct maker *m, unsigned client)
{
    static const struct choice kinds[] = {
        {90, "repository"}, {8, "periodical"}, {1, "igsnCatalog"}, {1, "raidRegistry"}};
    m->dice = dice_of(KIND_ACCOUNT + 1, client);
    m->line.len = 0;
    put(&m->line, "{\"id\":\"");
    put_client(m, client);
    put(&m->line, "\",\"type\":\"clients\",\"attributes\":{\"name\":\"");
    put_organisation(&m->line, &m->words, client);
    put(&m->line, "\"");
    put_member(&m->line, "clientType", choose(&m->dice, kinds, COUNT(kinds)));
    if (chance(&m->dice, 6))
        put(&m->line, ",\"certificate\":[\"CoreTrustSeal\"]");
    put_since(m);
    put(&m->line, "},\"relationships\":{");
    link_provider(m, provider_of(m, client));
    put(&m->line, ",\"prefixes\":{\"data\":[{\"id\":\"");
    put_prefix(&m->line, client);
    put(&m->line, "\",\"type\":\"prefixes\"}]}}}\n");
}
