"""The pages of the workbook, one module each."""
