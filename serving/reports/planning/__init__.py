"""The planning workbook of a group: the figures of board and briefing, formulas where a reader checks."""
