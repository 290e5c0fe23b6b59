/*
 * The store that keeps nothing: what the registry holds in memory is all there is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/store.h>

static void save(void *context, const struct lwm2m_registration *registration,
                 lwm2m_store_done *done, void *done_context)
{
    (void)context;
    (void)registration;
    done(done_context, LWM2M_OK);
}

static void forget(void *context, const char *registration_id, lwm2m_store_done *done,
                   void *done_context)
{
    (void)context;
    (void)registration_id;
    done(done_context, LWM2M_OK);
}

const struct lwm2m_store lwm2m_store_memory = {.save = save, .remove = forget};
