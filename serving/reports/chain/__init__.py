"""A supply chain on paper: its lists in words, 质量提升建议书 as document, 质量效益测算表 as workbook."""
