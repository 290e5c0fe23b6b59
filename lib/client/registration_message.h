/*
 * What Register and Update say: queries, and the list of objects.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CLIENT_REGISTRATION_MESSAGE_H
#define CLIENT_REGISTRATION_MESSAGE_H

#include "client/engine.h"

/* Room for the options of any Register, Update or Deregister. */
#define LWM2M_REGISTRATION_OPTIONS_MAX 1024

/* What the server is to know now. *links is the object list, in client->body. LWM2M_TOO_LARGE, … */
enum lwm2m_error lwm2m_announcement_read(struct lwm2m_account *account,
                                         struct lwm2m_announcement *announcement,
                                         struct lwm2m_bytes *links) LWM2M_MUST_CHECK;
bool lwm2m_announcement_equal(const struct lwm2m_announcement *a,
                              const struct lwm2m_announcement *b);

/* The options of a Register, in the words of account->version (LwM2M Core 1.0.2 §5.3.1, 1.1.1
 * §6.2.1). */
void lwm2m_register_options(const struct lwm2m_account *account,
                            const struct lwm2m_announcement *announcement,
                            struct lwm2m_options *options);
/* The options of an Update: the location, and those of the queries whose content changed. */
void lwm2m_update_options(const struct lwm2m_account *account,
                          const struct lwm2m_announcement *announcement,
                          struct lwm2m_options *options);
/* The location alone, as a path. */
void lwm2m_location_options(const struct lwm2m_account *account, struct lwm2m_options *options);

/*
 * Takes the location out of the answer to a Register, as "/rd/x7Qp". LWM2M_MALFORMED if there is
 * none, if it is too long, or if a segment is empty or contains a '/' or a NUL.
 */
enum lwm2m_error lwm2m_location_read(const struct lwm2m_message *answer,
                                     char location[LWM2M_LOCATION_TEXT_MAX]) LWM2M_MUST_CHECK;

#endif
