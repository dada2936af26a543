"""Reports that leave the house: the self-declaration for Word, for print and as a page, and the workbook."""
