"""The script that MLflow runs to serve a logged model: it imports the installed package and pickles nothing."""

from models.registry import serve_logged_model

serve_logged_model()
