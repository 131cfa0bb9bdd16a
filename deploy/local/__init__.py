"""The whole account on one machine: Kafka, MongoDB, a mail sink and the services."""
