"""The briefing and the workbook of a group, as downloads."""
