# What the library is made of. The only place where a feature is switched on: a file that is not
# listed is not built, and nothing else asks whether it is there.
# SPDX-License-Identifier: Apache-2.0

# The portable core: floors 0 to 3 without the server engine, and the standard objects. Freestanding C11.
PORTABLE := \
	base/version.c \
	base/error.c \
	base/bytes.c \
	base/number.c \
	base/natural.c \
	base/float_print.c \
	base/float_parse.c \
	base/base64.c \
	base/utf8.c \
	base/hash.c \
	base/hash_table.c \
	base/id_array.c \
	base/timers.c \
	base/log.c \
	model/path.c \
	model/value.c \
	model/value_convert.c \
	model/value_range.c \
	model/record.c \
	model/version.c \
	model/definition.c \
	model/definition_rows.c \
	model/path_names.c \
	model/definition_table.c \
	model/attributes.c \
	codec/codec.c \
	codec/decode.c \
	codec/type_source.c \
	codec/text.c \
	codec/opaque.c \
	codec/tlv.c \
	codec/date_time.c \
	codec/cbor.c \
	codec/cbor_value.c \
	codec/plain_cbor.c \
	codec/lwm2m_cbor.c \
	codec/json_reader.c \
	codec/json_writer.c \
	codec/json.c \
	codec/senml.c \
	codec/senml_cbor.c \
	codec/senml_json.c \
	codec/corelink.c \
	coap/status.c \
	coap/message.c \
	coap/options.c \
	coap/uri.c \
	coap/transport.c \
	coap/endpoint.c \
	coap/peers.c \
	coap/answers.c \
	coap/sendings.c \
	coap/exchanges.c \
	coap/notifications.c \
	coap/incoming.c \
	coap/pings.c \
	coap/reception.c \
	coap/observe.c \
	coap/block_option.c \
	coap/body_store.c \
	coap/observed_keys.c \
	coap/block_answer.c \
	coap/block_fetch.c \
	coap/block_receive.c \
	coap/block_request.c \
	coap/block_upload.c \
	coap/blockwise.c \
	client/client.c \
	client/object.c \
	client/accounts.c \
	client/registration.c \
	client/registration_message.c \
	client/retry.c \
	client/object_tree.c \
	client/object_reading.c \
	client/body.c \
	client/content.c \
	client/dispatch.c \
	client/queue_mode.c \
	client/send.c \
	client/read.c \
	client/read_composite.c \
	client/write.c \
	client/write_composite.c \
	client/records.c \
	client/execute.c \
	client/create.c \
	client/delete.c \
	client/discover.c \
	client/link_writer.c \
	client/request_attributes.c \
	client/write_attributes.c \
	client/attribute_store.c \
	client/observations.c \
	client/observation.c \
	client/notification.c \
	client/history.c \
	client/path_index.c \
	client/path_set.c \
	client/notify_rules.c \
	objects/table.c \
	objects/table_object.c \
	objects/defined_object.c \
	objects/security_object.c \
	objects/server_object.c \
	objects/device_object.c \
	objects/connectivity_monitoring_object.c \
	objects/firmware_update_object.c \
	objects/location_object.c \
	objects/connectivity_statistics_object.c

# Hosts only: the server engine does no I/O, but need not compile freestanding.
SERVER := \
	server/server.c \
	server/device.c \
	server/registry.c \
	server/rate_limit.c \
	server/registrations.c \
	server/registration_query.c \
	server/register_handler.c \
	server/saves.c \
	server/requests.c \
	server/request_shape.c \
	server/request_format.c \
	server/request_payload.c \
	server/request_encoding.c \
	server/presence.c \
	server/request_queue.c \
	server/object_types.c \
	server/outcome.c \
	server/send_receiver.c \
	server/observe_table.c \
	server/subscriptions.c \
	server/observe_exchange.c \
	server/observations.c

# POSIX and the libraries beside it.
HOST := \
	host/host_port.c \
	host/address.c \
	host/blocks.c \
	host/loop.c \
	host/udp_socket.c \
	host/udp_link.c \
	host/chaos_line.c \
	host/chaos_link.c \
	host/resolve.c \
	host/definition_set.c \
	host/definition_xml.c \
	host/definition_files.c \
	host/host.c \
	host/store_memory.c
