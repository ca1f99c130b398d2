"""Sensors that speak in named values (JSON over MQTT, nodes of an OPC UA server): one way to judge them all."""
