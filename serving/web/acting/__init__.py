"""Improvement actions (PDCA), written in the browser and by `/api/v1`."""
