"""The ways out: webhook, mail, MQTT. Each sends one message or raises `UndeliveredError`."""
