/* Wire bytes from a damaged store: they open or are refused, and never read outside. */
#include "base/base.h"
#include "model/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dh_wire wire;
    struct dh_record record;
    if (dh_wire_open((struct dh_str){(const char *)data, size}, &wire, NULL) != DH_OK)
        return 0;
    volatile char last = 0;
    for (unsigned a = 0; a < DH_ATTR__N; a++)
        for (unsigned form = 0; form < 2; form++) {
            struct dh_str value = dh_wire_value(&wire, (enum dh_attribute)a, (enum dh_form)form);
            if (value.len)
                last = value.ptr[value.len - 1];
        }
    (void)last;
    dh_record_init(&record);
    (void)!dh_wire_read(&wire, &record, NULL);
    dh_record_release(&record);
    return 0;
}
