/*
 * Object 4, Connectivity Monitoring: by which network the device is reached, and how well.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <lwm2m/objects.h>

enum {
    OBJECT_ID = 4,
    NETWORK_BEARER = 0,
    AVAILABLE_NETWORK_BEARER = 1,
    RADIO_SIGNAL_STRENGTH = 2,
    IP_ADDRESSES = 4,
    ROUTER_IP_ADDRESSES = 5,
};

enum lwm2m_error lwm2m_connectivity_monitoring_object_new(
    const struct lwm2m_port *port, const struct lwm2m_definitions *definitions,
    const struct lwm2m_connectivity_config *config, struct lwm2m_object **object)
{
    const struct lwm2m_initial_value values[] = {
        {lwm2m_path_resource(OBJECT_ID, 0, NETWORK_BEARER),
         lwm2m_value_integer(config->network_bearer)},
        {lwm2m_path_resource_instance(OBJECT_ID, 0, AVAILABLE_NETWORK_BEARER, 0),
         lwm2m_value_integer(config->network_bearer)},
        {lwm2m_path_resource(OBJECT_ID, 0, RADIO_SIGNAL_STRENGTH),
         lwm2m_value_integer(config->signal_strength)},
        {lwm2m_path_resource_instance(OBJECT_ID, 0, IP_ADDRESSES, 0),
         lwm2m_value_text(config->ip_address)},
        {lwm2m_path_resource_instance(OBJECT_ID, 0, ROUTER_IP_ADDRESSES, 0),
         lwm2m_value_text(config->router_ip_address)},
    };
    const struct lwm2m_defined_object defined = {
        .table = {.port = port, .fixed_instances = true},
        .id = OBJECT_ID,
        .values = values,
        .value_count = sizeof(values) / sizeof(values[0]),
    };

    return lwm2m_defined_object_new(&defined, definitions, object);
}
