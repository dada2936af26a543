"""How a grade came about, line by line: the rooms behind `qm_rules.trace`."""
