"""Reads what people bring: finds, opens and checks record files; says what is wrong with them."""
