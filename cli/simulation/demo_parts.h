/*
 * The three objects of the demo device that live on their own: a button, a lamp and a thermometer.
 *
 * Each constructor gives an object for lwm2m_client_add_object that frees what belongs to it.
 * LWM2M_NO_MEMORY.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SIMULATION_DEMO_PARTS_H
#define SIMULATION_DEMO_PARTS_H

#include <lwm2m/objects.h>
#include <lwm2m/timers.h>

#include "simulation/demo_device.h"

/* /3200: somebody presses it every five seconds; 5501 counts. */
enum lwm2m_error demo_button_new(struct lwm2m_timers *timers,
                                 struct lwm2m_object **object) LWM2M_MUST_CHECK;

/* /3201: Execute of 5850 blinks it; 5853 is how long it stays on in each blink. led may be NULL. */
enum lwm2m_error demo_lamp_new(struct lwm2m_timers *timers,
                               void (*led)(void *context, const struct demo_led *led),
                               void *context, struct lwm2m_object **object) LWM2M_MUST_CHECK;

/* /3303: wanders around 21 °C; 5601 and 5602 follow, 5605 resets them. */
enum lwm2m_error demo_thermometer_new(struct lwm2m_timers *timers,
                                      struct lwm2m_object **object) LWM2M_MUST_CHECK;

#endif
