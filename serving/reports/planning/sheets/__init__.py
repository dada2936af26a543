"""The pages of the planning workbook."""
