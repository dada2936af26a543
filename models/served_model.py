"""The script with which MLflow serves a logged model: it imports the package and pickles nothing."""

from models.registry import serve_logged_model

serve_logged_model()
